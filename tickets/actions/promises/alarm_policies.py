"""The policies of warnings and breaches: which one counts, and a new version of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.kept import Kept
from entitlements.enums import Level
from tickets import policies
from tickets.errors import PolicyUnusable
from tickets.models import AlarmPolicy
from tickets.rules.promises.alarm_steps import AS_SHIPPED, Step, problems

DEFAULT = ""
_LOCK = "tickets.alarm_policies"


@dataclass(frozen=True)
class InForce:
    """What counts for a level now. `name` says which version, "" for what the desk came with."""

    steps: tuple[Step, ...] = AS_SHIPPED
    name: str = ""


def in_force() -> dict[str, InForce]:
    """What counts for each level and for the default (""), in one query at most (`core.kept`)."""
    return dict(_in_force())


def _read() -> dict[str, InForce]:
    newest = AlarmPolicy.objects.order_by("level", "-version").distinct("level")
    own = {
        one.level: InForce(one.read, f"{one.level or 'default'} {one.version}")
        for one in newest
        if not one.follows_default
    }
    default = own.get(DEFAULT, InForce())
    return {level: own.get(level, default) for level in (DEFAULT, *Level.values)}


_in_force = Kept(AlarmPolicy, read=_read)


@transaction.atomic
def change_policy(level: str, steps: Sequence[Step], *, by: Person, at: datetime) -> AlarmPolicy:
    """A new version of a level's policy, or of the default ("").

    Targets that run keep the moments of their warnings; what is done at them is this from now on.
    Errors: `NotAllowed`, `PolicyUnusable`.
    """
    found = problems(steps)
    if found:
        raise PolicyUnusable(why=" ".join(found))
    ordered = sorted(steps, key=lambda one: one.percent)
    return _new_version(level, [one.facts() for one in ordered], by=by, at=at)


@transaction.atomic
def follow_default(level: str, *, by: Person, at: datetime) -> AlarmPolicy:
    """The level has no policy of its own any more. Error: `NotAllowed`."""
    return _new_version(level, [], by=by, at=at)


def _new_version(
    level: str, steps: list[dict[str, object]], *, by: Person, at: datetime
) -> AlarmPolicy:
    if not policies.may_set_alarms(by):
        raise NotAllowed()
    with connection.cursor() as cursor:  # two managers at once: the second one's comes after
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    newest = AlarmPolicy.objects.filter(level=level).order_by("-version").first()
    if newest is not None and newest.steps == steps:
        return newest
    policy = AlarmPolicy.objects.create(
        level=level,
        version=newest.version + 1 if newest else 1,
        steps=steps,
        follows_default=not steps,
        made_at=at,
        made_by=by,
    )
    before = newest.steps if newest else None
    record("alarm_policy.changed", policy, at=at, by=by, rule="X3", before=before, after=steps)
    return policy
