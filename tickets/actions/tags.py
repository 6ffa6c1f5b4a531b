"""Tags: free words on an incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from tickets import policies
from tickets.actions.locking import locked
from tickets.errors import TagUnusable, TooManyTags
from tickets.models import Incident, Tag
from tickets.rules.tags import MOST, tag_of


@transaction.atomic
def add_tag(incident: Incident, *, name: str, by: Person, at: datetime) -> bool:
    """Whether it was not there before. Errors: `NotAllowed`, `TagUnusable`, `TooManyTags`."""
    incident, tag = _ready(incident, name, by)
    present = set(incident.tags.values_list("name", flat=True))
    if tag in present:
        return False
    if len(present) >= MOST:
        raise TooManyTags(number=incident.number, most=MOST)
    Tag.objects.create(
        organisation_id=incident.organisation_id, incident=incident, name=tag, by=by, at=at
    )
    record("incident.tagged", incident, at=at, by=by, tag=tag)
    return True


@transaction.atomic
def remove_tag(incident: Incident, *, name: str, by: Person, at: datetime) -> bool:
    """Whether it was there. Errors: `NotAllowed`, `TagUnusable`."""
    incident, tag = _ready(incident, name, by)
    removed, _ = incident.tags.filter(name=tag).delete()
    if removed:
        record("incident.untagged", incident, at=at, by=by, tag=tag)
    return bool(removed)


@transaction.atomic
def set_tags(incident: Incident, *, names: Sequence[str], by: Person, at: datetime) -> list[str]:
    """Add and remove until it has these; all of them, or none where one is refused.

    Errors: as `add_tag`.
    """
    wanted = list(dict.fromkeys(tag_of(one) for one in names))
    present = list(incident.tags.values_list("name", flat=True))
    for name in present:
        if name not in wanted:
            remove_tag(incident, name=name, by=by, at=at)
    for name in wanted:
        add_tag(incident, name=name, by=by, at=at)
    return wanted


def _ready(incident: Incident, name: str, by: Person) -> tuple[Incident, str]:
    incident = locked(incident)
    if not policies.may_answer(by, incident):
        raise NotAllowed()
    tag = tag_of(name)
    if not tag:
        raise TagUnusable(tag=clean(name)[:40])
    return incident, tag
