"""Response targets: opened, moved, met, abandoned. Warnings and breaches are `alarms`'."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max

from accounts.models import Person
from core.journal import record
from entitlements.models import CalendarVersion, LevelVersion
from entitlements.reads.current import working_calendar
from tickets.actions.promises.alarm_policies import in_force
from tickets.models import Incident, ResponseTarget, TargetWarning
from tickets.querysets import OPEN_TARGET, PENDING
from tickets.rules.promises import alarm_steps as alarms
from tickets.rules.promises.limits import warning_moments


def open_target(
    incident: Incident, *, at: datetime, is_first: bool = False
) -> ResponseTarget | None:
    """Owe a human answer from `at` on, unless one is owed already or nothing covers it (C6, R3).

    Counts by the level and calendar versions that the incident was promised under (R4). Call it
    inside the transaction of the customer's message. `is_first` says that the incident is made in
    this very transaction: no other cycle is looked for.
    """
    level: LevelVersion | None = incident.decision.level
    if level is None:
        return None
    cycle = 1 if is_first else _next_cycle(incident)
    if cycle is None:
        return None
    calendar = working_calendar(level.calendar)
    warn_at = alarms.warn_at(in_force()[level.level].steps)
    target = ResponseTarget.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        cycle=cycle,
        level=level,
        calendar=level.calendar,
        target=level.response_time,
        opened_at=at,
        due_at=response_deadline(level, at),
    )
    incident.due_at = target.due_at  # as the database has just written it, here and below
    TargetWarning.objects.bulk_create(
        TargetWarning(
            organisation_id=incident.organisation_id, target=target, percent=percent, due_at=due_at
        )
        for percent, due_at in warning_moments(calendar, at, level.response_time, warn_at)
    )
    record("response_target.opened", incident, at=at, by=None, rule="C6", due_at=target.due_at)
    return target


def response_deadline(level: LevelVersion, opened_at: datetime) -> datetime:
    """By when a human must have answered, in UTC: the due moment of a target (C2).

    The earliest instant at which the working time since `opened_at`, laid out on the level's own
    calendar (`entitlements.rules.calendars.WorkingCalendar.due`), equals its response time.
    """
    return working_calendar(level.calendar).due(opened_at, level.response_time)


def _next_cycle(incident: Incident) -> int | None:
    """The number of the next target; None while one is open."""
    before = incident.targets.aggregate(last=Max("cycle"), open=Count("pk", filter=OPEN_TARGET))
    return None if before["open"] else (before["last"] or 0) + 1


def move_target(
    target: ResponseTarget,
    *,
    level: LevelVersion,
    counted_from_at: datetime,
    due_at: datetime,
    at: datetime,
    calendar: CalendarVersion | None = None,
    by: Person | None = None,
    rule: str = "R6",
) -> bool:
    """Let an open target run by `level`, counted from `counted_from_at`, due at `due_at` (R6).

    `calendar` is a newer version of the level's own, where somebody applies one (R4).

    Warnings that were not notified move along, as they lie on the new clock; the caller has locked
    the incident. False for a target whose breach was noted: that is a fact, and nothing moves.
    """
    if target.breach_noted_at is not None:
        return False
    was = {"level_before": target.level_id, "calendar_before": target.calendar_id}
    before, target.first_due_at = target.due_at, target.first_due_at or target.due_at
    version = calendar or level.calendar
    target.level, target.calendar, target.target = level, version, level.response_time
    target.counted_from_at, target.due_at = counted_from_at, due_at
    target.save()
    target.incident.due_at = due_at
    counted = working_calendar(version)
    pending = list(target.warnings.filter(PENDING).values_list("percent", flat=True))
    for percent, moment in warning_moments(counted, counted_from_at, level.response_time, pending):
        target.warnings.filter(PENDING, percent=percent).update(due_at=moment)
    facts = {"before": before, "after": due_at, "level": level.pk, "calendar": version.pk, **was}
    record("response_target.moved", target.incident, at=at, by=by, rule=rule, **facts)
    return True


def meet_target(incident: Incident, *, by: Person, at: datetime) -> ResponseTarget | None:
    """The first public human answer meets what is owed, late or not (C3, C6, C8).

    What is one: what a person of the staff says to the customer through `conversation.answer`, the
    only caller; no note, change of state or automatic mail. One that reaches nobody is taken back
    (`taking_back`).
    """
    target = incident.targets.open().filter(opened_at__lte=at).first()
    if target is None:
        return None
    target.met_at, target.met_by = at, by
    target.save(update_fields=["met_at", "met_by"])
    incident.due_at = None
    _skip_warnings(target, at)
    in_time = at <= target.due_at
    record("response_target.met", incident, at=at, by=by, rule="C3", in_time=in_time)
    return target


def abandon_target(incident: Incident, *, at: datetime, **why: object) -> None:
    """The customer closed the incident before an answer: nothing is owed any more.

    Or it was merged into another, which owes the answer (G1); the journal keeps `why`.
    """
    target = incident.targets.open().first()
    if target is None:
        return
    target.abandoned_at = at
    target.save(update_fields=["abandoned_at"])
    incident.due_at = None
    _skip_warnings(target, at)
    record("response_target.abandoned", incident, at=at, by=None, rule="C6", **why)


def _skip_warnings(target: ResponseTarget, at: datetime) -> None:
    target.warnings.filter(told_at=None, skipped_at=None).update(skipped_at=at)
