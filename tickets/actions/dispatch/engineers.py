"""What dispatch knows of an engineer: room, level, services, languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.enums import Role
from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from entitlements.models import Service
from tickets.errors import NotDispatched
from tickets.models import EngineerProfile

DISPATCHED = (Role.TS1, Role.PARTNER)


@transaction.atomic
def set_profile(
    person: Person,
    *,
    capacity: int | None,
    is_level_2: bool,
    services: Iterable[Service],
    languages: Iterable[str],
    by: Person,
    at: datetime,
) -> EngineerProfile:
    """Counts from the next incident that is given out; without `capacity` as the rules say.

    Errors: `NotAllowed`, `NotDispatched`.
    """
    if not by.is_manager:
        raise NotAllowed()
    if person.role not in DISPATCHED:
        raise NotDispatched(person=person)
    services = list(services)
    said = {"capacity": capacity, "is_level_2": is_level_2, "languages": sorted(set(languages))}
    profile, _ = EngineerProfile.objects.update_or_create(person=person, defaults=said)
    profile.services.set(services)
    keys = sorted(one.key for one in services)
    record("engineer.profile", person, at=at, by=by, rule="rule 6", **said, services=keys)
    return profile
