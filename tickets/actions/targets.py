"""Response targets: opened, met, abandoned, warned of, breached. Nothing else writes them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max

from accounts.models import Person
from core.journal import record
from entitlements.current import working_calendar
from entitlements.models import LevelVersion
from notices.actions import tell
from tickets.actions import audience
from tickets.models import Incident, ResponseTarget, TargetWarning
from tickets.querysets import OPEN_TARGET
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


@transaction.atomic
def note_breach(target_id: int, *, at: datetime) -> bool:
    """Note that a target was breached, and owe owner, lead and TAM the news; True if we did.

    Safe to repeat and to run twice at once: the UPDATE claims the target, so one worker writes
    and the others see it noted. A failure further down undoes the claim, so the next sweep tries
    again. The journal carries the moment of the breach (`due_at`), not of the sweep (T1).
    """
    unnoted = ResponseTarget.objects.breached_unnoted(at).filter(pk=target_id)
    if not unnoted.update(breach_noted_at=at):
        return False
    target = ResponseTarget.objects.with_incident().get(pk=target_id)
    incident = target.incident
    TargetWarning.objects.filter(target=target, told_at=None).update(skipped_at=at)  # T3
    record("response_target.breached", incident, at=target.due_at, by=None, rule="T1", noted_at=at)
    tell(
        audience.watchers(incident),
        "response_target_breached",
        key=f"breach:{target_id}",
        at=at,
        about=incident,
        due_at=target.due_at.isoformat(),
        level=target.level.get_level_display(),
        **audience.facts(incident),
    )
    return True


@transaction.atomic
def tell_warning(warning_id: int, *, at: datetime) -> bool:
    """Tell owner, lead and TAM that a target nears its end; True if we did.

    A warning that an outage delayed past the breach is skipped: one breach is told instead (T3).
    Safe to repeat and to run twice at once.
    """
    pending = TargetWarning.objects.due(at).filter(pk=warning_id)
    if pending.filter(target__due_at__lt=at).update(skipped_at=at):
        return False
    if not pending.update(told_at=at):
        return False
    warning = TargetWarning.objects.get(pk=warning_id)
    target = ResponseTarget.objects.with_incident().get(pk=warning.target_id)
    incident = target.incident
    record("response_target.warned", incident, at=at, by=None, rule="X3", percent=warning.percent)
    tell(
        audience.watchers(incident),
        "response_target_warning",
        key=f"warning:{warning_id}",
        at=at,
        about=incident,
        percent=warning.percent,
        due_at=target.due_at.isoformat(),
        **audience.facts(incident),
    )
    return True


def _skip_warnings(target: ResponseTarget, at: datetime) -> None:
    target.warnings.filter(told_at=None, skipped_at=None).update(skipped_at=at)
