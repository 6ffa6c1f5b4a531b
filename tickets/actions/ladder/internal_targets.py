"""The tiers' own targets: opened, paused, resumed, ended (X2). The caller holds the incident.

Nothing here touches what the customer was promised: see `targets`.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Greatest

from core.kept import Kept
from entitlements.models import CalendarVersion
from entitlements.reads.current import current_calendar, working_calendar
from tickets.enums import State
from tickets.models import Incident, InternalTarget, TierTargetVersion
from tickets.rules.ladder.tiers import WARN_AT


def open_internal(incident: Incident, *, at: datetime) -> None:
    """Start the clock of the tier that has the incident now, paused while the customer must act.

    Changes nothing where a clock of the tier runs already, or where nobody gave the tier one.
    """
    rule = _rules().get(incident.tier)
    if rule is None:
        return
    calendar = current_calendar(rule.calendar)
    target = InternalTarget(
        organisation_id=incident.organisation_id,
        incident=incident,
        tier=incident.tier,
        rule=rule,
        calendar=calendar,
        target=rule.target,
        opened_at=at,
        paused_at=at if incident.state == State.WAITING else None,
    )
    _lay_out(target, calendar)
    InternalTarget.objects.bulk_create([target], ignore_conflicts=True)  # one open an incident


def _read_rules() -> dict[int, TierTargetVersion]:
    newest = TierTargetVersion.objects.order_by("tier", "-version").distinct("tier")
    return {one.tier: one for one in newest}


_rules = Kept(TierTargetVersion, read=_read_rules)


def pause_internal(incident: Incident, *, at: datetime) -> None:
    """The customer must act from `at` on."""
    incident.internal_targets.open().filter(paused_at=None).update(paused_at=at)


def resume_internal(incident: Incident, *, at: datetime) -> None:
    """The customer wrote, or nothing is asked of them any more: the rest runs from `at` on."""
    target = incident.internal_targets.open().select_related("calendar").first()
    if target is not None and target.paused_at is not None:
        _end_pause(target, at)
        target.save(update_fields=["pauses", "paused_at", "due_at", "warn_at"])


def end_internal(incident: Incident, *, at: datetime) -> None:
    """It left the tier, or is finished. A pause that still runs ends with it and does not count."""
    running = incident.internal_targets.open()
    # A mail may be handled after what followed it.
    ends_at = Greatest(F("opened_at"), Value(at))
    if running.filter(paused_at=None).update(ended_at=ends_at):
        return
    target = running.select_related("calendar").first()
    if target is None:
        return
    _end_pause(target, at)
    target.ended_at = max(at, target.opened_at)
    target.save(update_fields=["pauses", "paused_at", "due_at", "warn_at", "ended_at"])


def _end_pause(target: InternalTarget, at: datetime) -> None:
    assert target.paused_at is not None, "the caller has looked"
    if at > target.paused_at:
        target.pauses = [*target.pauses, [target.paused_at.isoformat(), at.isoformat()]]
    target.paused_at = None
    _lay_out(target, target.calendar)


def _lay_out(target: InternalTarget, version: CalendarVersion) -> None:
    """When it is due and when its tier is warned, with the pauses so far.

    A pause after the due moment leaves that moment alone, so nothing is un-breached by one.
    """
    calendar = working_calendar(version)
    pauses = target.spans()
    target.due_at = calendar.due(target.opened_at, target.target, pauses)
    target.warn_at = calendar.due(target.opened_at, target.target * WARN_AT / 100, pauses)
