"""How long the technical levels give themselves for an incident: a manager's new version (X2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from entitlements.reads.current import current_calendar
from tickets import policies
from tickets.enums import Tier
from tickets.errors import TierTargetUnusable
from tickets.models import TierTargetVersion

LONGEST = timedelta(hours=1000)
_LOCK = "tickets.tier_targets"


def current_tier_targets() -> dict[int, TierTargetVersion]:
    """The newest version of each tier, in one query."""
    newest = TierTargetVersion.objects.order_by("tier", "-version").distinct("tier")
    return {one.tier: one for one in newest.select_related("made_by")}


@transaction.atomic
def set_tier_targets(
    wanted: Mapping[int, tuple[timedelta, str]], *, by: Person, at: datetime
) -> list[TierTargetVersion]:
    """New versions for the tiers whose target, or calendar's key, differs; those that were made.

    Clocks that run keep theirs. Errors: `NotAllowed`, `TierTargetUnusable`, `CalendarNotFound`.
    """
    if not policies.may_set_alarms(by):
        raise NotAllowed()
    for target, calendar in wanted.values():
        if not timedelta(0) < target <= LONGEST:
            raise TierTargetUnusable()
        current_calendar(calendar)
    with connection.cursor() as cursor:  # two managers at once: the second one's come after
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    now = current_tier_targets()
    made = []
    for tier, (target, calendar) in sorted(wanted.items()):
        before = now.get(tier)
        if before is not None and (before.target, before.calendar) == (target, calendar):
            continue
        version = TierTargetVersion.objects.create(
            tier=Tier(tier),
            version=before.version + 1 if before else 1,
            target=target,
            calendar=calendar,
            made_at=at,
            made_by=by,
        )
        facts = {"hours": target.total_seconds() / 3600, "calendar": calendar}
        record("tier_target.changed", version, at=at, by=by, rule="X2", **facts)
        made.append(version)
    return made
