"""Sessions: planned, moved, cancelled; and people reminded of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F

from accounts.enums import VENDOR_ROLES
from accounts.models import Organisation, Person
from core import rls
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from engagements import policies
from engagements.actions.training.telling import tell
from engagements.enums import PlaceState, SessionState
from engagements.errors import (
    SeatsTaken,
    SessionUnusable,
    TrainingBegun,
    TrainingCancelled,
    TrainingReasonMissing,
)
from engagements.models import Registration, SessionPart, TrainingCourse, TrainingSession
from engagements.querysets.training import TAKING_PART, TO_REMIND
from entitlements.rules.zones import zone_of

MOST_PARTS, MOST_SEATS, LONGEST = 30, 500, timedelta(hours=12)
REMINDED_BEFORE = timedelta(days=2)

Times = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a session is to be; `times` are begin and end of each part, aware."""

    course: TrainingCourse
    organisation: Organisation | None
    times: Times
    place: str
    link: str
    timezone: str
    seats: int
    trainer: Person
    language: str = "English"


@transaction.atomic
def plan_session(plan: Plan, *, by: Person, at: datetime) -> TrainingSession:
    """A session that people can register for. Errors: `NotAllowed`, `SessionUnusable`."""
    _check_may(by, plan.organisation)
    times = _checked(plan, at)
    with rls.everything():  # an open session is no organisation's
        session = TrainingSession.objects.create(
            organisation=plan.organisation,
            course=plan.course,
            place=one_line(plan.place)[:200],
            link=plan.link.strip(),
            timezone=plan.timezone,
            language=one_line(plan.language)[:30] or "English",
            seats=plan.seats,
            trainer=plan.trainer,
            starts_at=times[0][0],
            ends_at=times[-1][1],
            remind_at=times[0][0] - REMINDED_BEFORE,
            made_by=by,
            made_at=at,
        )
        _set_parts(session, times)
        record("training.planned", session, at=at, by=by, course=plan.course.name)
    return session


@transaction.atomic
def change_session(session: TrainingSession, plan: Plan, *, by: Person, at: datetime) -> None:
    """Another time, place, trainer or number of seats; those who come are told what is new.

    Before it begins alone: what people attended is never moved. Its course and whom it is for
    stay. Errors: `NotAllowed`, `TrainingBegun`, `TrainingCancelled`, `SessionUnusable`,
    `SeatsTaken`.
    """
    _check_may(by, session.organisation)
    with rls.everything():
        held = _held_open(session, at)
        times = _checked(plan, at)
        if plan.seats < held.taken:
            raise SeatsTaken(taken=held.taken, seats=plan.seats)
        before = _where(held), [(one.starts_at, one.ends_at) for one in held.parts.all()]
        held.place, held.link = one_line(plan.place)[:200], plan.link.strip()
        held.timezone, held.seats, held.trainer = plan.timezone, plan.seats, plan.trainer
        held.language = one_line(plan.language)[:30] or "English"
        held.starts_at, held.ends_at = times[0][0], times[-1][1]
        is_moved = before != (_where(held), times)
        held.remind_at = held.starts_at - REMINDED_BEFORE
        if is_moved:
            held.sequence, held.reminded_at = held.sequence + 1, None
        held.save()
        _set_parts(held, times)
        record("training.changed", held, at=at, by=by, is_moved=is_moved)
        if is_moved:
            key = f"training-moved:{held.sequence}"
            tell(_taking_part(held), "training_moved", key=key, at=at)
        seat_waiting(held, at=at)


@transaction.atomic
def cancel_session(session: TrainingSession, *, reason: str, by: Person, at: datetime) -> None:
    """Nobody comes; all who wanted to are told why. Before it begins alone.

    Errors: `NotAllowed`, `TrainingReasonMissing`, `TrainingBegun`, `TrainingCancelled`.
    """
    _check_may(by, session.organisation)
    reason = one_line(reason)[:300]
    if not reason:
        raise TrainingReasonMissing()
    with rls.everything():
        held = _held_open(session, at)
        held.state, held.cancelled_for = SessionState.CANCELLED, reason
        held.sequence += 1
        held.save(update_fields=["state", "cancelled_for", "sequence"])
        record("training.cancelled", held, at=at, by=by, reason=reason)
        tell(
            _taking_part(held), "training_cancelled", key="training-cancelled", at=at, reason=reason
        )


@transaction.atomic
def remind(session: int, *, at: datetime) -> int:
    """The sweep's: tell who has a seat that it is soon; 1 where it was owed. Safe to repeat."""
    due = TrainingSession.objects.filter(TO_REMIND, pk=session, remind_at__lte=at)
    if not due.update(reminded_at=at):
        return 0
    found = TrainingSession.objects.select_related("course").get(pk=session)
    if found.starts_at > at:  # after an outage nobody is reminded of what is over
        seated = [one for one in _taking_part(found) if one.is_seated]
        tell(seated, "training_reminder", key=f"training-reminder:{found.sequence}", at=at)
    return 1


def seat_waiting(session: TrainingSession, *, at: datetime) -> int:
    """Give free seats to who waits, the first first, and tell them; how many got one."""
    seated = 0
    for one in _taking_part(session):
        if one.is_seated or not take_seat(session):
            continue
        one.state, one.seated_at = PlaceState.SEATED, at
        one.save(update_fields=["state", "seated_at"])
        record("training.seated", one, at=at, by=None)
        tell([one], "training_seat", key="training-seat", at=at, why="A seat became free.")
        seated += 1
    return seated


def take_seat(session: TrainingSession) -> bool:
    """One guarded UPDATE: of two who want the last seat, one gets it (TR2)."""
    free = TrainingSession.objects.filter(
        pk=session.pk, state=SessionState.PLANNED, taken__lt=F("seats")
    )
    return bool(free.update(taken=F("taken") + 1))


def _check_may(by: Person, organisation: Organisation | None) -> None:
    if not policies.may_keep_sessions(by):
        raise NotAllowed()
    if organisation is not None and not policies.may_register_for_training(by, organisation):
        raise NotAllowed()


def _checked(plan: Plan, at: datetime) -> list[tuple[datetime, datetime]]:
    """The parts in the order of time. Raises `SessionUnusable` with what is wrong first."""
    times = sorted(plan.times)
    problem = _problem_of_times(times, at) or _problem_of_place(plan)
    if problem:
        raise SessionUnusable(problem=problem)
    return times


def _problem_of_times(times: list[tuple[datetime, datetime]], at: datetime) -> str:
    if not times:
        return "Say when it is: one line for each part, such as 2026-12-01 09:00-17:00."
    if len(times) > MOST_PARTS:
        return f"A session has {MOST_PARTS} parts at most."
    if any(ends <= starts for starts, ends in times):
        return "A part ends after it begins."
    if any(ends - starts > LONGEST for starts, ends in times):
        return "A part has twelve hours at most: write each day as a part of its own."
    if any(after[0] < before[1] for before, after in zip(times, times[1:], strict=False)):
        return "Two parts overlap."
    if times[0][0] <= at:
        return "The first part is in the past."
    return ""


def _problem_of_place(plan: Plan) -> str:
    if not (one_line(plan.place) or plan.link.strip()):
        return "Say where it is: a place, or the link of the online room."
    link = plan.link.strip()
    if link and urlsplit(link).scheme not in ("http", "https"):
        return "The link begins with https://."
    if not 1 <= plan.seats <= MOST_SEATS:
        return f"A session has 1 to {MOST_SEATS} seats."
    if plan.trainer.role not in VENDOR_ROLES or not plan.trainer.is_active:
        return "The trainer is one of the vendor's own people."
    try:
        zone_of(plan.timezone)
    except ValueError as error:
        return str(error)
    return ""


def _held_open(session: TrainingSession, at: datetime) -> TrainingSession:
    """The session, locked, while it can be changed."""
    rows = TrainingSession.objects.select_for_update(of=("self",)).select_related("course")
    held = rows.get(pk=session.pk)
    check_open(held, at)
    return held


def check_open(session: TrainingSession, at: datetime) -> None:
    """Raises `TrainingCancelled` or `TrainingBegun`."""
    if session.is_cancelled:
        raise TrainingCancelled(reason=session.cancelled_for)
    if session.has_begun(at):
        day = session.starts_at.astimezone(zone_of(session.timezone))
        raise TrainingBegun(day=f"{day.day} {day:%B %Y}")


def _where(session: TrainingSession) -> tuple[str, str]:
    return session.place, session.link


def _set_parts(session: TrainingSession, times: list[tuple[datetime, datetime]]) -> None:
    session.parts.all().delete()
    SessionPart.objects.bulk_create(
        SessionPart(
            organisation=session.organisation,
            session=session,
            number=number,
            starts_at=starts,
            ends_at=ends,
        )
        for number, (starts, ends) in enumerate(times, start=1)
    )


def _taking_part(session: TrainingSession) -> list[Registration]:
    """Who has a seat or waits, the first first."""
    rows = session.registrations.filter(TAKING_PART).select_related(
        "person", "organisation", "session__course"
    )
    return list(rows.order_by("registered_at", "pk"))
