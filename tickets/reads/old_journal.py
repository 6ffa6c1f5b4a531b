"""Which journal entries are old enough to go, where the journal is not kept for ever (F2)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from core.models import JournalEntry
from tickets.models import Incident


def old_entries(before: datetime) -> QuerySet[JournalEntry]:
    """Entries of before that moment, but those of incidents that were not closed by then.

    The nightly audit and the proof of an incident read its journal as long as it goes on. That a
    demo was loaded is known by its entry alone.
    """
    named = Concat(Value("tickets.incident:"), Cast("pk", CharField()))
    going_on = Incident.objects.annotate(named=named).filter(
        Q(closed_at=None) | Q(closed_at__gte=before), named=OuterRef("subject")
    )
    old = JournalEntry.objects.filter(at__lt=before).exclude(kind__startswith="demo.")
    return old.filter(~Exists(going_on))
