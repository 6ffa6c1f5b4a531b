"""Warnings and breaches of response targets: noted and told, once (X3, T1 to T3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.journal import entry, record_all
from core.models import JournalEntry
from notices.actions import notices_to, owe
from notices.models import Notice
from tickets.actions import audience
from tickets.models import ResponseTarget, TargetWarning
from tickets.querysets import PENDING


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
