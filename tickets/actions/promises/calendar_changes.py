"""A calendar's new version, applied to what runs by who may; else clocks keep theirs (R4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from entitlements.models import CalendarVersion
from entitlements.policies import may_edit_catalogue
from entitlements.reads.current import current_calendar, working_calendar
from notices.outbox import notify
from tickets.actions import audience
from tickets.actions.promises.targets import move_target
from tickets.errors import CalendarChanged
from tickets.models import Incident, ResponseTarget
from tickets.querysets import ResponseTargetQuerySet
from tickets.rules.promises.calendar_changes import EARLIER, outcome

BATCH = 200  # answers that one call moves, in one transaction


@dataclass(frozen=True)
class Effect:
    """What the new version does to one open target; `outcome` as in `rules.calendar_changes`."""

    target: ResponseTarget
    new_due_at: datetime
    outcome: str

    @property
    def moves(self) -> bool:
        return self.outcome == EARLIER


def running_on_older(version: CalendarVersion) -> ResponseTargetQuerySet:
    """The open targets that count on an older version of the same calendar."""
    older = ResponseTarget.objects.open().filter(
        calendar__calendar=version.calendar, calendar__version__lt=version.version
    )
    return older.select_related("level", "calendar", "incident__organisation").order_by(
        "due_at", "pk"
    )


def effect_on(target: ResponseTarget, version: CalendarVersion, *, at: datetime) -> Effect:
    since = target.counted_from_at or target.opened_at
    new_due_at = working_calendar(version).due(since, target.target)
    noted = target.breach_noted_at is not None
    return Effect(target, new_due_at, outcome(target.due_at, new_due_at, noted=noted, at=at))


@transaction.atomic
def apply_to_running(version: CalendarVersion, *, by: Person, at: datetime) -> int:
    """Move up to `BATCH` answers to the earlier moments of the newest version; how many moved.

    Each is counted from where it counts already; one that would get later, or be overdue at once,
    keeps its moment and its version (rule 5, R4), a broken one its breach (C7). Journaled under
    R4; the reporter is notified. Safe to repeat and to run twice at once: what another holds right
    now is left to a later call.
    Refuses with `NotAllowed`, and with `CalendarChanged` where `version` is not the newest.
    """
    if not may_edit_catalogue(by):
        raise NotAllowed()
    if current_calendar(version.calendar).pk != version.pk:
        raise CalendarChanged(name=version.name)
    running = running_on_older(version)
    wanted = [one.incident_id for one in running if effect_on(one, version, at=at).moves][:BATCH]
    # In one order and without waiting, so that no two of us and no sweep block each other.
    free = Incident.objects.select_for_update(skip_locked=True).filter(pk__in=wanted)
    held = [one.pk for one in free.order_by("pk")]
    claimed = running.select_for_update(skip_locked=True, of=("self",)).filter(incident__in=held)
    return sum(_move(effect_on(one, version, at=at), version, by, at) for one in claimed)


def _move(effect: Effect, version: CalendarVersion, by: Person, at: datetime) -> bool:
    target = effect.target
    if not effect.moves or not move_target(
        target,
        level=target.level,
        counted_from_at=target.counted_from_at or target.opened_at,
        due_at=effect.new_due_at,
        at=at,
        calendar=version,
        by=by,
        rule="R4",
    ):
        return False
    notify(
        [target.incident.reporter],
        "incident_due_earlier",
        key=f"calendar:{version.pk}:{target.pk}",
        at=at,
        about=target.incident,
        due_at=effect.new_due_at.isoformat(),
        **audience.customer_facts(target.incident),
    )
    return True
