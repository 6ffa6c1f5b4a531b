"""Choosing Gold for an incident that was filed without it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from entitlements.actions import packs
from entitlements.actions.coverage import decide
from entitlements.enums import EntryKind, Level
from entitlements.levels import at_least
from entitlements.models import LedgerEntry, LevelVersion
from entitlements.reads.current import current_levels, working_calendar
from entitlements.rules.upgrades import due_after_upgrade
from tickets import policies
from tickets.actions.locking import locked
from tickets.actions.promises.targets import move_target
from tickets.errors import GoldNotPossible
from tickets.models import Incident, ResponseTarget

_FASTER = at_least(Level.GOLD)


@transaction.atomic
def elect_gold(incident: Incident, *, by: Person, at: datetime) -> Incident:
    """Spend a Gold incident on one that waits for an answer; it is due by Gold from `at` on (R6).

    Never later than promised before. Whoever loses a race for the last one is refused, and what
    was promised stands (L2). One incident spends once, also when it was given back (L3).
    Errors: `NotAllowed`, `GoldNotPossible`. A repetition is refused.
    """
    incident = locked(incident)
    if not policies.may_write(by, incident):
        raise NotAllowed()
    target = _movable(incident)
    decision = decide(
        organisation=incident.organisation,
        licence=incident.licence,
        project=incident.project,
        service=incident.service.key,
        channel=incident.channel,
        use_gold=True,
        call_logged=True,
        at=at,
        save=False,
    )
    level, pack = decision.level, decision.pack
    if level is None or pack is None:
        reasons = [one["sentence"] for one in decision.considered if one["level"] == Level.GOLD]
        raise GoldNotPossible(why=reasons[0] if reasons else "This licence never had a pack.")
    due_at = due_by(level, target, at)
    if due_at is None:
        raise GoldNotPossible(why="The answer is due sooner than Gold would promise it.")
    if not packs.spend(pack, at=at):
        raise GoldNotPossible(why="The last Gold incident has just been spent.")
    before = incident.decision_id
    decision.save()
    incident.decision = decision
    incident.save(update_fields=["decision"])
    packs.record_consume(pack, incident=incident, at=at, by=by)
    record(
        "incident.gold_elected",
        incident,
        at=at,
        by=by,
        rule="R6",
        before=before,
        after=decision.pk,
    )
    move_target(target, level=level, counted_from_at=at, due_at=due_at, at=at)
    return incident


def due_if_elected(incident: Incident, *, at: datetime) -> datetime | None:
    """When an answer would be due with Gold from `at` on; None where that is no gain.

    Says nothing of what is left in the packs. Two queries at most.
    """
    gold = current_levels().get(Level.GOLD)
    try:
        return due_by(gold, _movable(incident), at) if gold else None
    except GoldNotPossible:
        return None


def due_by(level: LevelVersion, target: ResponseTarget, at: datetime) -> datetime | None:
    calendar = working_calendar(level.calendar)
    due_at = due_after_upgrade(target.due_at, at, level.response_time, calendar)
    return due_at if due_at < target.due_at else None


def _movable(incident: Incident) -> ResponseTarget:
    """The target that Gold would bring forward, or `GoldNotPossible`."""
    level = incident.decision.level
    if level is not None and level.level in _FASTER:
        raise GoldNotPossible(why=f"{Level(level.level).label} serves this incident already.")
    target = incident.targets.open().first()
    if target is None:
        raise GoldNotPossible(why="No answer is owed on it now.")
    if LedgerEntry.objects.filter(incident=incident, kind=EntryKind.CONSUME).exists():
        raise GoldNotPossible(why="A Gold incident was spent on it once, and was given back.")
    return target
