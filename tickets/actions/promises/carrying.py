"""Response targets of incidents that are merged, and taken apart again (G1)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from accounts.models import Person
from core.journal import record
from entitlements.reads.current import working_calendar
from tickets.actions.promises.alarm_policies import in_force
from tickets.actions.promises.redeciding import decided_again
from tickets.actions.promises.targets import (
    abandon_target,
    move_target,
    open_target,
    response_deadline,
)
from tickets.models import Incident, ResponseTarget, TargetWarning
from tickets.rules.promises import alarm_steps as alarms
from tickets.rules.promises.limits import warning_moments
from tickets.rules.promises.merged import Owed, owed_after


def end_merged(source: Incident, *, into: str, at: datetime) -> ResponseTarget | None:
    """The duplicate owes no answer of its own any more; what it owed, which is no verdict.

    Unless its due moment has passed: then it is late, and stays so (T1).
    """
    target = source.targets.open().select_related("level__calendar", "calendar").first()
    if target is None:
        return None
    ResponseTarget.objects.filter(pk=target.pk).update(is_merged=True)
    abandon_target(source, at=at, merged_into=into)
    target.refresh_from_db(fields=["is_merged", "abandoned_at"])
    return target


def carry_over(
    ended: ResponseTarget | None, target: Incident, *, by: Person, at: datetime
) -> ResponseTarget | None:
    """Let the remaining incident owe what the duplicate did; its target where it owed none.

    The caller has locked the incident, which a level serves where one serves the duplicate.
    """
    if ended is None:
        return None
    ours = target.targets.open().select_related("level", "calendar", "incident").first()
    owed = owed_after(ours.due_at if ours else None, ended.due_at, at)
    if owed == Owed.ANEW:
        return open_target(target, at=at)
    if owed == Owed.CARRIED:
        return carry_target(target, ended, at=at)
    if owed == Owed.EARLIER and ours is not None:
        ours.incident = target
        move_target(
            ours,
            level=ended.level,
            calendar=ended.calendar,
            counted_from_at=_counted_from(ended),
            due_at=ended.due_at,
            at=at,
            by=by,
            rule="G1",
        )
    return None


def owe_again(
    source: Incident, ended: ResponseTarget | None, *, without_gold: bool, at: datetime
) -> ResponseTarget | None:
    """What was merged owes its answer at its old due moment, also where that has passed.

    Without its Gold incident by the next best level, counted from where the old one began.
    """
    if without_gold:
        _decide_without_gold(source, at=at)
    if ended is None:
        return None
    level = source.decision.level
    if not without_gold or level is None:
        return carry_target(source, ended, at=at) if level is not None else None
    began = _counted_from(ended)
    ended.level, ended.calendar, ended.target = level, level.calendar, level.response_time
    ended.counted_from_at = began
    ended.due_at = working_calendar(level.calendar).due(began, level.response_time)
    return carry_target(source, ended, at=at)


def owe_from(incident: Incident, *, since: datetime, at: datetime) -> ResponseTarget | None:
    """Owe an answer from now on that is counted from `since`, also where it is late by that.

    None where nothing covers the incident, or it owes one already. Opened now, so that no report
    of a past month knows of it (F1).
    """
    level = incident.decision.level
    if level is None or incident.targets.open().exists():
        return None
    owed = ResponseTarget(
        level=level,
        calendar=level.calendar,
        target=level.response_time,
        opened_at=since,
        due_at=response_deadline(level, since),
    )
    return carry_target(incident, owed, at=at)


def carry_target(incident: Incident, owed: ResponseTarget, *, at: datetime) -> ResponseTarget:
    """A new target on the clock of `owed`, due when that was; nothing is warned of once more.

    `owed` is of another incident, or ended on this one. The caller has looked that none is open.
    """
    began = _counted_from(owed)
    last = incident.targets.aggregate(last=Max("cycle"))["last"]
    target = ResponseTarget.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        cycle=(last or 0) + 1,
        level=owed.level,
        calendar=owed.calendar,
        target=owed.target,
        opened_at=at,
        due_at=owed.due_at,
        counted_from_at=began,
        first_due_at=owed.due_at,
    )
    incident.due_at = target.due_at
    percents = alarms.warn_at(in_force()[owed.level.level].steps)
    moments = warning_moments(working_calendar(owed.calendar), began, owed.target, percents)
    TargetWarning.objects.bulk_create(
        TargetWarning(
            organisation_id=incident.organisation_id, target=target, percent=percent, due_at=due_at
        )
        for percent, due_at in moments
        if due_at > at
    )
    facts = {"due_at": target.due_at, "counted_from": began}
    record("response_target.opened", incident, at=at, by=None, rule="G1", **facts)
    return target


def _counted_from(target: ResponseTarget) -> datetime:
    return target.counted_from_at or target.opened_at


def _decide_without_gold(incident: Incident, *, at: datetime) -> None:
    """As of the report, with the packs left out; the former decision stays in the journal."""
    decided = decided_again(incident, incident.received_at)
    decided.gold_depleted = True
    before = incident.decision_id
    decided.save()
    incident.decision = decided
    incident.save(update_fields=["decision"])
    level = decided.level.level if decided.level else None
    facts = {"before": before, "after": decided.pk, "level": level}
    record("incident.gold_gone", incident, at=at, by=None, rule="G1", **facts)
