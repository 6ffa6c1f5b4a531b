"""Who takes part: registered by the customer or by staff, on a seat or on the waiting list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import Organisation, Person
from core import rls
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from engagements import policies
from engagements.actions.training.sessions import check_open, seat_waiting, take_seat
from engagements.actions.training.telling import tell
from engagements.enums import PlaceState
from engagements.errors import (
    NoTrainingRight,
    OthersByAdminContact,
    ParticipantUnusable,
    RegisteredAlready,
    RegisteredEnough,
    RegistrationGone,
    TooLateToWithdraw,
    WaitingListFull,
)
from engagements.models import Registration, TrainingSession
from engagements.querysets.training import TAKING_PART, WAITING
from engagements.reads.training.right import right_of

MOST_WAITING = 10  # of an organisation for one session; assumed
MOST_A_DAY = 30  # whom one person of a customer registers: each gets a mail; assumed


@dataclass(frozen=True)
class Participant:
    """As the certificate will name them."""

    name: str
    email: str


@transaction.atomic
def register(
    session: TrainingSession,
    participant: Participant,
    *,
    organisation: Organisation,
    by: Person,
    at: datetime,
    goodwill: str = "",
) -> Registration:
    """A seat while one is free, else a place on the waiting list.

    The caller found the session among those that `by` may see. Without the right (rule 13) staff
    register somebody with `goodwill`, the reason. Errors: `NotAllowed`, `OthersByAdminContact`,
    `ParticipantUnusable`, `TrainingBegun`, `TrainingCancelled`, `NoTrainingRight`,
    `RegisteredAlready`, `RegisteredEnough`, `WaitingListFull`.
    """
    if not policies.may_register_for_training(by, organisation):
        raise NotAllowed()
    if session.organisation_id not in (None, organisation.pk):
        raise NotAllowed()
    who = _checked(participant)
    if not policies.may_register_others(by) and who.email.lower() != by.email.lower():
        raise OthersByAdminContact()
    right = right_of(organisation, at=at)
    goodwill = one_line(goodwill)[:300] if not by.is_customer else ""
    if not right.is_given and not goodwill:
        raise NoTrainingRight(reason=right.reason)
    with rls.everything():  # the seats are counted on the session, which may be nobody's
        return _register(session, who, organisation, right.basis, goodwill, by=by, at=at)


def _register(
    session: TrainingSession,
    who: Participant,
    organisation: Organisation,
    basis: str,
    goodwill: str,
    *,
    by: Person,
    at: datetime,
) -> Registration:
    rows = TrainingSession.objects.select_for_update(of=("self",)).select_related("course")
    session = rows.get(pk=session.pk)
    check_open(session, at)
    _check_enough(by, at)
    known = Person.objects.filter(organisation=organisation, email__iexact=who.email).first()
    has_seat = take_seat(session)
    try:
        with transaction.atomic():
            made = Registration.objects.create(
                organisation=organisation,
                session=session,
                person=known,
                name=who.name,
                email=who.email,
                state=PlaceState.SEATED if has_seat else PlaceState.WAITING,
                seated_at=at if has_seat else None,
                basis=basis,
                goodwill="" if basis else goodwill,
                registered_by=by,
                registered_at=at,
            )
    except IntegrityError as error:
        raise RegisteredAlready(email=who.email) from error
    if not has_seat:
        _check_waiting(made)
    if has_seat:
        record("training.registered", made, at=at, by=by, rule="rule 13", basis=basis or goodwill)
        tell([made], "training_seat", key="training-seat", at=at)
    else:
        record("training.waits", made, at=at, by=by, rule="rule 13", basis=basis or goodwill)
        tell([made], "training_waits", key="training-waits", at=at, with_calendar=False)
    return made


def _check_enough(by: Person, at: datetime) -> None:
    """Of one person's requests at once each counts the others: the second waits for the first."""
    if not by.is_customer:
        return
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    since = at - timedelta(days=1)
    made = Registration.objects.filter(registered_by=by, registered_at__gt=since)
    if made.count() >= MOST_A_DAY:
        raise RegisteredEnough(most=MOST_A_DAY)


def _check_waiting(made: Registration) -> None:
    """With `made`; the session is locked, so nobody gets in between."""
    theirs = Registration.objects.filter(WAITING, session=made.session_id)
    if theirs.filter(organisation=made.organisation_id).count() > MOST_WAITING:
        raise WaitingListFull(most=MOST_WAITING)


@transaction.atomic
def withdraw(registration: Registration, *, by: Person, at: datetime) -> Registration:
    """They do not come; the seat goes to who waits longest. Before it begins alone.

    Errors: `NotAllowed`, `RegistrationGone`, `TooLateToWithdraw`.
    """
    if not policies.may_touch_registration(by, registration):
        raise NotAllowed()
    with rls.everything():
        rows = TrainingSession.objects.select_for_update(of=("self",)).select_related("course")
        session = rows.get(pk=registration.session_id)
        held = Registration.objects.filter(TAKING_PART, pk=registration.pk).first()
        if held is None:
            raise RegistrationGone()
        if session.has_begun(at):
            raise TooLateToWithdraw()
        had_seat = held.is_seated
        held.state, held.withdrawn_at = PlaceState.WITHDRAWN, at
        held.save(update_fields=["state", "withdrawn_at"])
        record("training.withdrawn", held, at=at, by=by)
        if had_seat and not session.is_cancelled:
            TrainingSession.objects.filter(pk=session.pk).update(taken=F("taken") - 1)
            seat_waiting(session, at=at)
        return held


def _checked(participant: Participant) -> Participant:
    name, email = one_line(participant.name)[:120], one_line(participant.email)[:254]
    try:
        validate_email(email)
    except ValidationError as error:
        raise ParticipantUnusable() from error
    if not name:
        raise ParticipantUnusable()
    return Participant(name, email)
