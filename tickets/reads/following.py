"""Who follows an incident."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from accounts.models import Person
from tickets.models import Follower, Incident


def is_followed_by(person: Person) -> Exists:
    """As a column of incidents: whether the person follows each."""
    rows = Follower.objects.filter(incident=OuterRef("pk"), person=person, left_at=None)
    return Exists(rows)


def followers_of() -> ArraySubquery:
    """As a column of incidents: the names of those who follow each."""
    rows = Follower.objects.filter(incident=OuterRef("pk"), left_at=None, person__is_active=True)
    return ArraySubquery(rows.order_by("person__name").values("person__name"))


def is_follower(incident: Incident, person: Person) -> bool:
    """Whether they follow it without it being theirs; nothing is asked where it was read so."""
    known: bool | None = incident.__dict__.get("is_followed")
    if known is None:
        known = Follower.objects.filter(incident=incident, person=person, left_at=None).exists()
    return known
