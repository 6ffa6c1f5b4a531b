"""A contract that was a mistake: what is owed is counted again from where it began (R6)."""

from __future__ import annotations

from datetime import datetime

from entitlements.levels import RANK
from entitlements.models import CoverageDecision, LevelVersion, Subscription
from entitlements.reads.current import working_calendar
from entitlements.rules.terms import Term
from entitlements.rules.upgrades import Step, decisive
from tickets.actions.promises.redeciding import (
    Effect,
    begins_at,
    decided_again,
    level_of,
    notify_reporter,
    replace_decision,
)
from tickets.actions.promises.targets import move_target
from tickets.models import Incident, ResponseTarget


def count_again(incident: Incident, effect: Effect) -> None:
    """Promise what the contracts as they are now would have promised all along.

    That is by the report's own moment, and then by each better level from the moment at which it
    was sold and had begun. Only what rested on the mistake may get worse by it; what nothing
    covers without the mistake keeps its promise. What was overdue before the mistake was found
    stays overdue. The caller has locked the incident, which a level serves.
    """
    before = level_of(incident.decision)
    served = served_by(incident, effect.at)
    if not served or not (_rested(incident.decision, effect) or _is_better(served[-1], before)):
        return
    target = incident.targets.open().first()
    for one in served:
        one.level = _version(level_of(one), before, target)
    move = move_of(target, served, entered_at=effect.entered_at) if target else None
    if move is None and level_of(served[-1]).level == before.level:
        return
    replace_decision(incident, served[-1], effect, kind="incident.corrected", rule="R6")
    if target is None or move is None:
        return
    level, step = move
    since_at, due_at = step.since_at, step.due_at
    if move_target(target, level=level, counted_from_at=since_at, due_at=due_at, at=effect.at):
        notify_reporter(incident, "incident_corrected", effect, due_at=due_at)


def served_by(incident: Incident, at: datetime) -> list[CoverageDecision]:
    """What served it until `at`, oldest first, each better than the one before; unsaved."""
    theirs = Subscription.objects.standing().filter(licence=incident.licence_id)
    counted_from = {
        max(one.bought_at, begins_at(one)) for one in theirs.select_related("organisation")
    }
    since = incident.received_at
    found: list[CoverageDecision] = []
    for moment in [since, *sorted(one for one in counted_from if since < one <= at)]:
        decided = decided_again(incident, moment, sold_by=moment)
        if decided.level and (not found or _is_better(decided, level_of(found[-1]))):
            found.append(decided)
    return found


def _rested(decision: CoverageDecision, effect: Effect) -> bool:
    """Whether it was the mistake that served the report, or a mistake that was put right before."""
    wrong = effect.subscription.corrects
    while wrong is not None:
        term = Term(wrong.starts_on, wrong.ends_on, wrong.organisation.timezone)
        if level_of(decision).level == wrong.level and term.contains(decision.at):
            return True
        wrong = wrong.corrects
    return False


def _is_better(decided: CoverageDecision, level: LevelVersion) -> bool:
    return RANK[level_of(decided).level] < RANK[level.level]


def _version(
    level: LevelVersion, before: LevelVersion, target: ResponseTarget | None
) -> LevelVersion:
    """The version under which the level was promised already, else the newest (R4)."""
    promised = [before, *([target.level] if target else [])]
    return next((one for one in promised if one.level == level.level), level)


def move_of(
    target: ResponseTarget, served: list[CoverageDecision], *, entered_at: datetime
) -> tuple[LevelVersion, Step] | None:
    """By which level and from when the answer is owed; None when that is so already.

    What was overdue when the mistake was put right, at `entered_at`, stays so.
    """
    if target.due_at < entered_at:
        return None
    levels = [level_of(one) for one in served]
    steps = [
        Step(
            max(one.at, target.opened_at),
            level.response_time,
            working_calendar(level.calendar),
        )
        for one, level in zip(served, levels, strict=True)
    ]
    place = decisive(steps)
    if (levels[place].level, steps[place].due_at) == (target.level.level, target.due_at):
        return None
    return levels[place], steps[place]
