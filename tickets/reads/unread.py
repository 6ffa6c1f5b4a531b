"""What customers wrote that somebody has not read, for lists and the search language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Person
from tickets.enums import UNFINISHED
from tickets.models import Incident, Seen

# Older words are unread for nobody: who comes back from a month away, or is new at the desk, finds
# what is fresh, and not everything that was ever said. It also bounds what a count reads.
FRESH_FOR = timedelta(days=14)


def unread_by(person: Person, at: datetime) -> Q:
    """Unfinished incidents where the customer wrote of late what `person` has not read."""
    read = Seen.objects.of(person).filter(
        incident=OuterRef("pk"), upto__gte=OuterRef("last_customer_message_id")
    )
    fresh = Q(state__in=UNFINISHED, customer_wrote_at__gt=at - FRESH_FOR)
    return fresh & ~Q(Exists(read))


def read_upto(person: Person) -> QuerySet[Seen, Any]:
    """The key of the last message that `person` read, as a sub-query of one of incidents."""
    return Seen.objects.of(person).filter(incident=OuterRef("pk")).values("upto")[:1]


def seen_upto(incident: Incident, person: Person) -> int:
    """The key of the last message of the incident that `person` read; 0 for none."""
    found = Seen.objects.of(person).filter(incident=incident).values_list("upto", flat=True)
    return found.first() or 0
