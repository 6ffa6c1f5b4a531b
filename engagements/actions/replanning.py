"""Another day of the go-live or visit: what counts from it moves, what began stays (N2)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.journal import record
from core.text import clean
from engagements.actions.common import managed, tell_customer
from engagements.actions.promises import keep, owe_by_day
from engagements.errors import PlanWrong, ReasonMissing
from engagements.models import Engagement
from engagements.reads.holidays import working_days
from engagements.reads.templates import template_of
from engagements.rules.plan import GOLIVE, PlanFault, lay_out


def plan_around(engagement: Engagement, day: date, *, at: datetime) -> int:
    """Lay out again what counts from the day, but for what has begun; how many phases moved.

    The baseline stays. Errors: `PlanWrong`. The engagement is locked by the caller.
    """
    if engagement.starts_on is not None and day < engagement.starts_on:
        engagement.starts_on = day
    engagement.golive_on = day
    engagement.save(update_fields=["golive_on", "starts_on"])
    templates = template_of(engagement)
    counted = [(place, one) for place, one in enumerate(templates) if one.anchor == GOLIVE]
    try:
        spans = lay_out(
            [one for _, one in counted],
            start=engagement.starts_on or day,
            golive=day,
            is_open=working_days(),
        )
    except PlanFault as fault:
        raise PlanWrong(why=str(fault)) from fault
    places = {place: span for (place, _), span in zip(counted, spans, strict=True)}
    moved = 0
    for phase in engagement.phases.filter(place__in=places, began_on=None):
        span = places[phase.place]
        if (phase.starts_on, phase.ends_on) == (span.starts_on, span.ends_on):
            continue
        phase.starts_on, phase.ends_on = span.starts_on, span.ends_on
        phase.save(update_fields=["starts_on", "ends_on"])
        owe_by_day(engagement, phase.ends_on, at=at, phase=phase)
        moved += 1
    return moved


@transaction.atomic
def change_golive(
    engagement: Engagement, *, golive_on: date, reason: str, by: Person, at: datetime
) -> Engagement:
    """Another day, with the reason; the customer is told.

    Errors: `NotAllowed`, `ReasonMissing`, `PlanWrong`.
    """
    engagement = managed(engagement, by)
    reason = clean(reason)
    if not reason:
        raise ReasonMissing()
    before = engagement.golive_on
    if engagement.starts_on is not None and golive_on < engagement.starts_on:
        raise PlanWrong(why="the day lies before the start.")
    moved = plan_around(engagement, golive_on, at=at)
    facts = {"before": before, "golive_on": golive_on, "moved": moved, "reason": reason}
    record("engagement.golive_moved", engagement, at=at, by=by, rule="N2", **facts)
    tell_customer(
        engagement,
        "engagement_golive_moved",
        key=f"golive:{engagement.pk}:{golive_on}:{at}",
        at=at,
        day=f"{golive_on:%d %B %Y}",
        reason=reason,
    )
    return engagement


def finish_all(
    engagement: Engagement, *, first: date, last: date, by: Person, at: datetime
) -> None:
    """What the plan still has was done with this: begun by `first`, finished on `last`."""
    for phase in engagement.phases.select_for_update().filter(finished_on=None):
        phase.began_on = phase.began_on or min(phase.starts_on, first)
        phase.finished_on = max(last, phase.began_on)
        phase.save(update_fields=["began_on", "finished_on"])
        keep(engagement, at=at, phase=phase)
        facts: dict[str, Any] = {"phase": phase.name, "on": phase.finished_on, "moved": 0}
        record("engagement.phase_finished", engagement, at=at, by=by, **facts)
