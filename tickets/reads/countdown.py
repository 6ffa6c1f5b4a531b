"""The remaining working time of what is owed, for the queue, the incident's page and the portal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from entitlements.models import CalendarVersion
from entitlements.reads.current import working_calendar
from tickets.models import Incident, ResponseTarget
from tickets.rules.promises.countdown import Countdown, count_down


def countdown_of(target: ResponseTarget, *, at: datetime) -> Countdown | None:
    """None once it is due. Reads its calendar, if that was not read with it."""
    if target.due_at <= at:
        return None
    return count_down(working_calendar(target.calendar), due_at=target.due_at, at=at)


def countdowns(incidents: Iterable[Incident], *, at: datetime) -> dict[int, Countdown]:
    """By incident, for rows of `IncidentQuerySet.with_due`; one query, none where nothing runs."""
    rows: list[Any] = [one for one in incidents if _runs(one, at)]
    versions = CalendarVersion.objects.in_bulk({one.owed_calendar for one in rows})
    calendars = {pk: working_calendar(one) for pk, one in versions.items()}
    return {
        one.pk: count_down(calendars[one.owed_calendar], due_at=one.due_at, at=at) for one in rows
    }


def _runs(incident: Any, at: datetime) -> bool:
    return incident.due_at is not None and incident.due_at > at
