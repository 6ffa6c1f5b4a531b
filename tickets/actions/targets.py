"""Response targets: opened, met, abandoned, warned of, breached. Nothing else writes them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max

from accounts.models import Person
from core.journal import entry, record, record_all
from core.models import JournalEntry
from entitlements.current import working_calendar
from entitlements.models import LevelVersion
from notices.actions import notices_to, owe
from notices.models import Notice
from tickets.actions import audience
from tickets.models import Incident, ResponseTarget, TargetWarning
from tickets.querysets import OPEN_TARGET, PENDING
from tickets.rules.promises import warning_moments


def open_target(incident: Incident, *, at: datetime) -> ResponseTarget | None:
    """Owe a human answer from `at` on, unless one is owed already or nothing covers it (C6, R3).

    Counts by the level and calendar versions that the incident was promised under (R4). Call it
    inside the transaction of the customer's message.
    """
    level: LevelVersion | None = incident.decision.level
    if level is None:
        return None
    before = incident.targets.aggregate(last=Max("cycle"), open=Count("pk", filter=OPEN_TARGET))
    if before["open"]:
        return None
    cycle = (before["last"] or 0) + 1
    calendar = working_calendar(level.calendar)
    target = ResponseTarget.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        cycle=cycle,
        level=level,
        calendar=level.calendar,
        target=level.response_time,
        opened_at=at,
        due_at=calendar.due(at, level.response_time),
    )
    TargetWarning.objects.bulk_create(
        TargetWarning(
            organisation_id=incident.organisation_id, target=target, percent=percent, due_at=due_at
        )
        for percent, due_at in warning_moments(calendar, at, level.response_time)
    )
    record("response_target.opened", incident, at=at, by=None, rule="C6", due_at=target.due_at)
    return target


def move_target(
    target: ResponseTarget,
    *,
    level: LevelVersion,
    counted_from_at: datetime,
    due_at: datetime,
    at: datetime,
) -> bool:
    """Let an open target run by `level`, counted from `counted_from_at`, due at `due_at` (R6).

    Warnings that were not told move along, as they lie on the new clock; the caller has locked the
    incident. False for a target whose breach was noted: that is a fact, and nothing moves.
    """
    if target.breach_noted_at is not None:
        return False
    before, target.first_due_at = target.due_at, target.first_due_at or target.due_at
    target.level, target.calendar, target.target = level, level.calendar, level.response_time
    target.counted_from_at, target.due_at = counted_from_at, due_at
    target.save()
    calendar = working_calendar(level.calendar)
    for percent, moment in warning_moments(calendar, counted_from_at, level.response_time):
        target.warnings.filter(PENDING, percent=percent).update(due_at=moment)
    facts = {"before": before, "after": due_at, "level": level.pk}
    record("response_target.moved", target.incident, at=at, by=None, rule="R6", **facts)
    return True


def meet_target(incident: Incident, *, by: Person, at: datetime) -> ResponseTarget | None:
    """The first public human answer meets what is owed, late or not (C3, C6, C8)."""
    target = incident.targets.open().filter(opened_at__lte=at).first()
    if target is None:
        return None
    target.met_at, target.met_by = at, by
    target.save(update_fields=["met_at", "met_by"])
    _skip_warnings(target, at)
    in_time = at <= target.due_at
    record("response_target.met", incident, at=at, by=by, rule="C3", in_time=in_time)
    return target


def abandon_target(incident: Incident, *, at: datetime) -> None:
    """The customer closed the incident before an answer: nothing is owed any more."""
    target = incident.targets.open().first()
    if target is None:
        return
    target.abandoned_at = at
    target.save(update_fields=["abandoned_at"])
    _skip_warnings(target, at)
    record("response_target.abandoned", incident, at=at, by=None, rule="C6")


def note_breach(target_id: int, *, at: datetime) -> bool:
    """`note_breaches` for one; True if we did."""
    return note_breaches([target_id], at=at) == 1


@transaction.atomic
def note_breaches(target_ids: Collection[int], *, at: datetime) -> int:
    """Note which of these targets were breached, and owe owner, leads and TAM the news; how many.

    Safe to repeat and to run anywhere at once: each target is claimed by its row lock, and what
    another worker holds right now is left to it. All or nothing: a failure further down undoes
    every claim, so the next sweep tries again. The journal carries the moment of the breach
    (`due_at`), not of the sweep (T1). The same number of queries for one as for a hundred.
    """
    due = ResponseTarget.objects.breached_unnoted(at).filter(pk__in=target_ids)
    claim = due.with_incident().order_by("due_at", "pk")
    targets = list(claim.select_for_update(of=("self",), skip_locked=True))
    if not targets:
        return 0
    claimed = [target.pk for target in targets]
    ResponseTarget.objects.filter(pk__in=claimed).update(breach_noted_at=at)
    TargetWarning.objects.filter(PENDING, target__in=claimed).update(skipped_at=at)  # T3
    leads = list(Person.objects.leads())
    record_all(_breach_entry(target, at) for target in targets)
    owe([notice for target in targets for notice in _breach_notices(target, leads, at)])
    return len(targets)


def _breach_entry(target: ResponseTarget, at: datetime) -> JournalEntry:
    kind = "response_target.breached"
    return entry(kind, target.incident, at=target.due_at, by=None, rule="T1", noted_at=at)


def _breach_notices(target: ResponseTarget, leads: list[Person], at: datetime) -> list[Notice]:
    incident = target.incident
    return notices_to(
        audience.watchers(incident, leads),
        "response_target_breached",
        key=f"breach:{target.pk}",
        at=at,
        about=incident,
        due_at=target.due_at.isoformat(),
        level=target.level.get_level_display(),
        **audience.facts(incident),
    )


def tell_warning(warning_id: int, *, at: datetime) -> bool:
    """`tell_warnings` for one; True if we did."""
    return tell_warnings([warning_id], at=at) == 1


@transaction.atomic
def tell_warnings(warning_ids: Collection[int], *, at: datetime) -> int:
    """Tell owner, leads and TAM which of these targets near their end; the number told.

    A warning that an outage delayed past the breach is skipped: one breach is told instead (T3).
    Safe to repeat and to run anywhere at once, all or nothing, like `note_breaches`.
    """
    due = TargetWarning.objects.due(at).filter(pk__in=warning_ids)
    claim = due.with_incident().order_by("due_at", "pk")
    warnings = list(claim.select_for_update(of=("self",), skip_locked=True))
    stale = [one.pk for one in warnings if one.target.due_at < at]
    fresh = [one for one in warnings if one.target.due_at >= at]
    if stale:
        TargetWarning.objects.filter(pk__in=stale).update(skipped_at=at)
    if not fresh:
        return 0
    TargetWarning.objects.filter(pk__in=[one.pk for one in fresh]).update(told_at=at)
    leads = list(Person.objects.leads())
    record_all(_warning_entry(one, at) for one in fresh)
    owe([notice for one in fresh for notice in _warning_notices(one, leads, at)])
    return len(fresh)


def _warning_entry(warning: TargetWarning, at: datetime) -> JournalEntry:
    kind, incident = "response_target.warned", warning.target.incident
    return entry(kind, incident, at=at, by=None, rule="X3", percent=warning.percent)


def _warning_notices(warning: TargetWarning, leads: list[Person], at: datetime) -> list[Notice]:
    incident = warning.target.incident
    return notices_to(
        audience.watchers(incident, leads),
        "response_target_warning",
        key=f"warning:{warning.pk}",
        at=at,
        about=incident,
        percent=warning.percent,
        due_at=warning.target.due_at.isoformat(),
        **audience.facts(incident),
    )


def _skip_warnings(target: ResponseTarget, at: datetime) -> None:
    target.warnings.filter(told_at=None, skipped_at=None).update(skipped_at=at)
