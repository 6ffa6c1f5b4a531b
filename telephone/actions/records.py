"""The record of a telephone call, kept in the transaction of what came of it (E2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Organisation, Person
from core.errors import NotAllowed
from core.journal import record
from telephone.enums import CallOutcome, Direction
from telephone.models import Call, PhoneNumber
from tickets import policies
from tickets.models import Incident


@dataclass(frozen=True)
class CallFacts:
    """What an engineer says of a call. `number` is E.164, "" where none was shown.

    `call_back` is the key of the one that the call makes good.
    """

    number: str = ""
    direction: str = Direction.IN
    outcome: str = CallOutcome.TALKED
    minutes: int = 0
    answered: bool = False
    call_back: int | None = None


def keep_call(
    incident: Incident, facts: CallFacts, *, contact: Person, by: Person, at: datetime
) -> Call:
    """Keep that `by` talked to `contact` about the incident, or tried to. Who asks has checked."""
    call = Call.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        call_back_id=facts.call_back,
        contact=contact,
        number=facts.number,
        direction=facts.direction,
        outcome=facts.outcome,
        minutes=facts.minutes,
        answered=facts.answered,
        by=by,
        logged_at=at,
    )
    record(
        "incident.called",
        incident,
        at=at,
        by=by,
        rule="E2",
        call=call.pk,
        contact=contact.pk,
        direction=facts.direction,
        outcome=facts.outcome,
        minutes=facts.minutes,
        answered=facts.answered,
    )
    return call


def remember_number(
    number: str,
    organisation: Organisation,
    *,
    person: Person | None,
    by: Person,
    at: datetime,
) -> None:
    """Know `person` by this number (E.164) from now on; without one it is an exchange's.

    Safe to repeat.
    """
    known, fresh = PhoneNumber.objects.get_or_create(
        organisation=organisation,
        person=person,
        number=number,
        defaults={"added_by": by, "added_at": at},
    )
    if fresh:
        record("phone_number.added", known, at=at, by=by, number=number)


@transaction.atomic
def forget_number(known: PhoneNumber, *, by: Person, at: datetime) -> None:
    """A number that no longer leads to whom it did. Whoever may file for them may do it."""
    if not policies.may_file_for(by, known.organisation):
        raise NotAllowed()
    record("phone_number.forgotten", known, at=at, by=by, number=known.number)
    known.delete()
