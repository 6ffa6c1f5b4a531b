"""Who follows an incident."""

from __future__ import annotations

from accounts.models import Person
from tickets.models import Incident


def is_follower(incident: Incident, person: Person) -> bool:
    """Whether they follow it without owning it; asked once an incident that was read."""
    known: set[int] | None = incident.__dict__.get("_followers")
    if known is None:
        rows = incident.followers.filter(left_at=None)
        known = incident.__dict__["_followers"] = set(rows.values_list("person_id", flat=True))
    return person.pk in known
