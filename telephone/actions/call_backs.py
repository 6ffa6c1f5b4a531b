"""Asking for a call-back, and withdrawing it (rule 9, L7). Calling is `calling`'s."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Organisation, Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from entitlements.reads.availability import ways_of
from notices.outbox import notify
from telephone import policies
from telephone.enums import AskedThrough, CallBackEnd
from telephone.errors import (
    AskedAlready,
    BadNumber,
    CallBackOver,
    HotlineOff,
    NotTheirPerson,
    SlotPassed,
    SlotTooFar,
    TooManyCallBacks,
)
from telephone.models import CallBack
from telephone.rules.call_backs import OPEN_EACH, owed_from
from telephone.rules.phone import Fault, Number, callable_number, shown
from tickets.enums import State
from tickets.errors import IncidentClosed
from tickets.models import Incident


@transaction.atomic
def ask(
    contact: Person,
    *,
    number: str,
    by: Person,
    at: datetime,
    through: str = AskedThrough.PORTAL,
    slot_at: datetime | None = None,
    topic: str = "",
    incident: Incident | None = None,
) -> CallBack:
    """Owe `contact` a call to `number`, at once or from `slot_at` (aware) on.

    The hotline is looked at now, and for a slot at its beginning too (L7). Nothing is spent: a
    Gold incident is only spent by the incident that a call may become. Confirmed to the contact;
    the incident's owner, the account manager and the leads are notified.

    Errors: `NotAllowed`, `NotTheirPerson`, `IncidentClosed`, `HotlineOff`, `BadNumber`,
    `SlotPassed`, `SlotTooFar`, `AskedAlready`, `TooManyCallBacks`. Not safe to repeat; callers
    that may be repeated keep a key.
    """
    organisation = contact.organisation
    if organisation is None or not policies.may_ask_call_back(by, organisation):
        raise NotAllowed()
    _check_incident(incident, organisation)
    found = _number(number, organisation)
    slot_at = slot_at and slot_at.astimezone(UTC)  # spans of one zone would be those of its wall
    _check_slot(slot_at, at)
    _check_hotline(organisation, at, slot_at)
    _check_waiting(contact, slot_at)
    owed_at = owed_from(at, slot_at)
    due_at = owed_at + timedelta(minutes=settings.CALL_BACK_WITHIN_MINUTES)
    call_back = CallBack.objects.create(
        organisation=organisation,
        contact=contact,
        asked_by=by,
        through=through,
        number=found.e164,
        extension=found.extension,
        topic=" ".join(clean(topic).split())[:500],
        incident=incident,
        asked_at=at,
        slot_at=slot_at,
        owed_at=owed_at,
        due_at=due_at,
        next_at=due_at,
    )
    record("call_back.asked", call_back, at=at, by=by, rule="L7", through=through, due_at=due_at)
    if incident is not None:
        facts = {"call_back": call_back.pk, "due_at": due_at}
        record("incident.call_back_asked", incident, at=at, by=by, rule="L7", **facts)
    _notify(call_back, at)
    return call_back


@transaction.atomic
def withdraw(call_back: CallBack, *, by: Person, at: datetime) -> CallBack:
    """The customer needs no call any more. Errors: `NotAllowed`, `CallBackOver`."""
    if not policies.may_see_call_back(by, call_back):
        raise NotAllowed()
    call_back = locked(call_back)
    close(call_back, CallBackEnd.WITHDRAWN, by=by, at=at)
    return call_back


def locked(call_back: CallBack) -> CallBack:
    """The row as it is now, held until the end of the transaction; it is not over yet."""
    rows = CallBack.objects.select_related("organisation", "contact", "incident")
    fresh = rows.select_for_update(of=("self",)).get(pk=call_back.pk)
    if fresh.ended_at is not None:
        raise CallBackOver(state=fresh.get_end_display().lower())
    return fresh


def close(call_back: CallBack, end: CallBackEnd, *, by: Person, at: datetime) -> None:
    """End a call-back that is locked, whoever held it."""
    call_back.ended_at, call_back.end = at, end
    call_back.claimed_by = call_back.claimed_at = None
    call_back.save()
    record(f"call_back.{end}", call_back, at=at, by=by)


def staff_facts(call_back: CallBack) -> dict[str, Any]:
    """What every notice to staff about it says."""
    return {
        "contact": str(call_back.contact),
        "organisation": call_back.organisation.name,
        "number": call_back.shown_number,
        "topic": call_back.topic,
        "due_at": call_back.due_at.isoformat(),
        "url": f"{settings.SITE_URL}/admin/call-backs/{call_back.pk}/",
    }


def customer_facts(call_back: CallBack) -> dict[str, Any]:
    return {
        "number": call_back.shown_number,
        "topic": call_back.topic,
        "url": f"{settings.SITE_URL}/call-backs/",
    }


def _check_incident(incident: Incident | None, organisation: Organisation) -> None:
    if incident is None:
        return
    if incident.organisation_id != organisation.pk:
        raise NotTheirPerson()
    if incident.state == State.CLOSED:
        raise IncidentClosed(number=incident.number)


def _number(typed: str, organisation: Organisation) -> Number:
    found = callable_number(clean(typed), organisation.country)
    if isinstance(found, Fault):
        raise BadNumber(why=str(found), reason=found.code)
    return found


def _check_slot(slot_at: datetime | None, at: datetime) -> None:
    if slot_at is None:
        return
    if slot_at < at:
        raise SlotPassed()
    if slot_at > at + timedelta(days=settings.CALL_BACK_DAYS_AHEAD):
        raise SlotTooFar(days=settings.CALL_BACK_DAYS_AHEAD)


def _check_hotline(organisation: Organisation, at: datetime, slot_at: datetime | None) -> None:
    for moment in {at, slot_at or at}:
        hotline = ways_of(organisation, at=moment).callback
        if not hotline.is_on:
            raise HotlineOff(why=hotline.reason)


def _check_waiting(contact: Person, slot_at: datetime | None) -> None:
    """One call at once, and a few slots: two requests of one contact wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"call-backs:{contact.pk}"])
    waiting = list(CallBack.objects.owed().filter(contact=contact))
    if slot_at is None:
        for one in waiting:
            if one.slot_at is None:
                raise AskedAlready(number=shown(one.number))
    if len(waiting) >= OPEN_EACH:
        raise TooManyCallBacks(count=len(waiting))


def _notify(call_back: CallBack, at: datetime) -> None:
    notify(
        [call_back.contact],
        "call_back_confirmed",
        key=f"call-back:{call_back.pk}",
        at=at,
        about=call_back,
        slot=call_back.slot_at is not None,
        owed_at=call_back.owed_at.isoformat(),
        minutes=settings.CALL_BACK_WITHIN_MINUTES,
        **customer_facts(call_back),
    )
    incident = call_back.incident
    owner = incident.owner if incident else None
    told = [owner, call_back.organisation.tam, *Person.objects.leads()]
    notify(
        [one for one in told if one is not None],
        "call_back_asked",
        key=f"call-back:{call_back.pk}",
        at=at,
        about=call_back,
        incident=incident.number if incident else "",
        **staff_facts(call_back),
    )
