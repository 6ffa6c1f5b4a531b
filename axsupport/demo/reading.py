"""What the desk's people have read, and how they mark incidents: else all of it would be new."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.enums import STAFF_ROLES
from accounts.models import Person
from notices.bell.ringing import read
from tickets.actions.seen import mark_all_seen
from tickets.actions.tags import add_tag
from tickets.models import Incident

FRESH = timedelta(hours=5)  # what came in since then nobody has looked at
# A word of the subject, and the tag that whoever owns the incident gives it.
TAGS = (
    ("ebmail", "webmail"),
    ("migration", "migration"),
    ("upgrade", "upgrade"),
    ("phones", "push-mail"),
    ("ertificate", "tls"),
    ("quota", "quota"),
    ("alendar", "calendar"),
)


def read_what_is_old(ends: datetime) -> None:
    """Everybody of the desk has read what was said until some hours ago, and their bell."""
    for person in Person.objects.filter(role__in=STAFF_ROLES, is_active=True).order_by("pk"):
        said = Incident.objects.visible_to(person).filter(last_at__lt=ends - FRESH)
        mark_all_seen(list(said.unfinished()), by=person, at=ends - FRESH)
        read(person, at=ends - FRESH)


def tag_what_is_open(ends: datetime) -> None:
    """Owners tag what they work on."""
    owned = Incident.objects.unfinished().exclude(owner=None).select_related("owner")
    for incident in owned.order_by("pk"):
        for word, tag in TAGS:
            if word in incident.subject and incident.owner is not None:
                add_tag(incident, name=tag, by=incident.owner, at=ends - FRESH)
