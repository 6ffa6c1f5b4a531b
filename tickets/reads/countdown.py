"""The remaining working time of what is owed, for the queue, the incident's page and the portal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from entitlements.reads.current import calendars_of, working_calendar
from tickets.models import ResponseTarget
from tickets.rules.promises.countdown import Countdown, count_down


class HasMoment(Protocol):
    """An incident, or a row of one."""

    @property
    def pk(self) -> Any: ...
    @property
    def due_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Owed:
    """An open target that is not due yet: the working time left, of `target` in all."""

    count: Countdown
    target: timedelta


def countdown_of(target: ResponseTarget, *, at: datetime) -> Countdown | None:
    """None once it is due. Reads its calendar, if that was not read with it."""
    if target.due_at <= at:
        return None
    return count_down(working_calendar(target.calendar), due_at=target.due_at, at=at)


def countdowns(incidents: Iterable[HasMoment], *, at: datetime) -> dict[int, Countdown]:
    """By incident, of the rows of a list; one query, none where nothing runs."""
    return {pk: one.count for pk, one in owed_on(incidents, at=at).items()}


def owed_on(incidents: Iterable[HasMoment], *, at: datetime) -> dict[int, Owed]:
    """By incident, those whose answer is owed and not due yet; one query, or none."""
    running = [one.pk for one in incidents if one.due_at is not None and one.due_at > at]
    if not running:
        return {}
    targets = ResponseTarget.objects.open().filter(incident__in=running)
    found = list(targets.values_list("incident_id", "due_at", "target", "calendar_id"))
    calendars = calendars_of({calendar for *_, calendar in found})
    return {
        pk: Owed(count_down(calendars[calendar], due_at=due_at, at=at), target)
        for pk, due_at, target, calendar in found
        if due_at > at
    }
