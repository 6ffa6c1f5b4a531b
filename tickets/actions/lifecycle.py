"""Solving, closing and reopening without an answer of its own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from tickets import policies
from tickets.actions.conversation import write
from tickets.actions.locking import locked
from tickets.actions.promises.targets import abandon_target, open_target
from tickets.actions.solutions import register
from tickets.actions.states import finish, set_state, unfinish
from tickets.enums import UNFINISHED, State
from tickets.errors import (
    AlreadyFinished,
    AnswerOwed,
    AnswerOwedFirst,
    MergedAlready,
    NotFinished,
    NotReopenable,
)
from tickets.models import Cause, Incident
from tickets.rules.promises.limits import CLOSES_ITSELF_AFTER, REOPEN_WITHIN, may_reopen


@transaction.atomic
def close(
    incident: Incident, *, by: Person, at: datetime, solution: str = "", cause: Cause | None = None
) -> Incident:
    """The customer says that it is done, or the staff ends what needs no answer any more.

    An answer that is still owed is owed no more when the customer closes; the staff can not rid
    themselves of one by closing: they answer first. `solution` and `cause` are what the staff says
    of it, as when an answer solves it. Errors: `NotAllowed`, `AlreadyFinished`, `AnswerOwed`,
    `SolutionMissing`.
    """
    incident = locked(incident)
    if not (policies.may_write(by, incident) or policies.may_answer(by, incident)):
        raise NotAllowed()
    if incident.state == State.CLOSED:
        raise AlreadyFinished(number=incident.number, state="closed")
    if by.is_staff and incident.targets.open().exists():
        raise AnswerOwed(number=incident.number)
    abandon_target(incident, at=at)
    finish(incident, State.CLOSED, by=by, at=at)
    if by.is_staff:
        register(incident, solution, cause, by=by, at=at)
    return incident


@transaction.atomic
def wait_for_customer(incident: Incident, *, by: Person, at: datetime) -> Incident:
    """The customer must act next, as was said to them before. It is no answer (C8).

    Not while they wait for one. Errors: `NotAllowed`, `AlreadyFinished`, `AnswerOwedFirst`.
    """
    incident = locked(incident)
    if not policies.may_answer(by, incident):
        raise NotAllowed()
    if incident.state not in UNFINISHED:
        raise AlreadyFinished(number=incident.number, state=incident.get_state_display().lower())
    if incident.targets.open().exists():
        raise AnswerOwedFirst(number=incident.number)
    set_state(incident, State.WAITING, by=by, at=at)
    return incident


@transaction.atomic
def go_on(incident: Incident, *, by: Person, at: datetime) -> Incident:
    """It is our turn after all, without a word of the customer's.

    Errors: `NotAllowed`, `AlreadyFinished`.
    """
    incident = locked(incident)
    if not policies.may_answer(by, incident):
        raise NotAllowed()
    if incident.state not in UNFINISHED:
        raise AlreadyFinished(number=incident.number, state=incident.get_state_display().lower())
    set_state(incident, State.OPEN, by=by, at=at)
    return incident


@transaction.atomic
def close_solved(incident: Incident, *, at: datetime) -> bool:
    """Close what was solved a week ago and not written on since; True if we did."""
    incident = locked(incident)
    if incident.state != State.SOLVED or incident.solved_at is None:
        return False
    if incident.solved_at + CLOSES_ITSELF_AFTER > at:
        return False
    finish(incident, State.CLOSED, by=None, at=at)
    return True


@transaction.atomic
def reopen(incident: Incident, *, by: Person, at: datetime, body: str = "") -> Incident:
    """Work goes on within 14 days of closing: same level, a new target, nothing charged (R7).

    Errors: `NotAllowed`, `NotFinished`, `MergedAlready`, `NotReopenable` (file a new one then).
    """
    incident = locked(incident)
    if not (policies.may_write(by, incident) or policies.may_answer(by, incident)):
        raise NotAllowed()
    if incident.state in UNFINISHED:
        raise NotFinished(number=incident.number)
    if incident.merged_into_id is not None:
        other = Incident.objects.filter(pk=incident.merged_into_id).first()
        if other is not None and policies.may_see(by, other):
            raise MergedAlready(number=incident.number, into=other.number)
        raise NotReopenable(number=incident.number, days=REOPEN_WITHIN.days)
    if incident.closed_at is not None and not may_reopen(incident.closed_at, at):
        raise NotReopenable(number=incident.number, days=REOPEN_WITHIN.days)
    if by.is_customer and body.strip():
        return write(incident, author=by, body=body, at=at).incident
    unfinish(incident, by=by, at=at)
    if by.is_customer:
        open_target(incident, at=at)
    return incident
