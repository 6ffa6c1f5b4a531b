"""Calling back: taking a call, what came of it, and the calls that come too late (rule 9)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import entry, record, record_all
from entitlements.enums import Channel
from notices.outbox import notices_to, notify, owe
from telephone import policies
from telephone.actions.call_backs import close, customer_facts, locked, staff_facts
from telephone.actions.calls import log_call, log_report
from telephone.actions.records import CallFacts
from telephone.enums import CallBackEnd, CallOutcome, Direction
from telephone.errors import CallBackNotYours, CallBackTaken, CallBackTooEarly
from telephone.models import Call, CallBack
from telephone.rules.call_backs import ATTEMPTS, CLAIM_LASTS, EARLY, next_due
from tickets.enums import State
from tickets.models import Cause, Incident


@transaction.atomic
def claim(call_back: CallBack, *, by: Person, at: datetime) -> CallBack:
    """Take the call: from now on nobody else calls the same customer.

    One guarded UPDATE, so that of many engineers at the same moment one gets it. What a colleague
    took an hour ago and did not finish may be taken over. Taking again what is one's own
    changes nothing. Errors: `NotAllowed`, `CallBackOver`, `CallBackTaken`, `CallBackTooEarly`.
    """
    if not policies.may_call_back(by, call_back):
        raise NotAllowed()
    free = Q(claimed_by=None) | Q(claimed_at__lt=at - CLAIM_LASTS)
    waiting = CallBack.objects.owed().filter(pk=call_back.pk, owed_at__lte=at + EARLY)
    if waiting.filter(free).update(claimed_by=by, claimed_at=at):
        record("call_back.claimed", call_back, at=at, by=by)
        return locked(call_back)
    found = locked(call_back)
    if found.claimed_by is None:
        raise CallBackTooEarly()
    if found.claimed_by_id != by.pk:
        raise CallBackTaken(person=str(found.claimed_by))
    return found


@transaction.atomic
def release(call_back: CallBack, *, by: Person, at: datetime) -> None:
    """Give it back without a call. Errors: `CallBackOver`, `CallBackNotYours`."""
    held = _held(call_back, by)
    held.claimed_by = held.claimed_at = None
    held.save(update_fields=["claimed_by", "claimed_at"])
    record("call_back.released", held, at=at, by=by)


@transaction.atomic
def not_reached(
    call_back: CallBack, *, outcome: str, by: Person, at: datetime, minutes: int = 0
) -> CallBack:
    """An attempt that reached nobody: tried again later; the third ends it and tells the customer.

    Errors: `CallBackOver`, `CallBackNotYours`.
    """
    assert outcome != CallOutcome.TALKED, "reached() is for those"
    held = _held(call_back, by)
    call = Call.objects.create(
        organisation=held.organisation,
        incident=held.incident,
        call_back=held,
        contact=held.contact,
        number=held.number,
        direction=Direction.OUT,
        outcome=outcome,
        minutes=minutes,
        by=by,
        logged_at=at,
    )
    tried = held.calls.count()
    record("call_back.attempted", held, at=at, by=by, call=call.pk, outcome=outcome, attempt=tried)
    held.called_at = held.called_at or held.claimed_at
    held.next_at = next_due(at, held.due_at)
    if tried >= ATTEMPTS:
        close(held, CallBackEnd.FAILED, by=by, at=at)
        _notify_not_reached(held, at)
        return held
    held.claimed_by = held.claimed_at = None
    held.save()
    return held


@transaction.atomic
def reached(
    call_back: CallBack,
    *,
    by: Person,
    at: datetime,
    minutes: int = 0,
    incident: Incident | None = None,
    said: str = "",
    told: str = "",
    then: str = State.OPEN,
    solution: str = "",
    cause: Cause | None = None,
    **report: Any,
) -> Incident:
    """They talked: the call becomes part of `incident`, or makes one out of `report`.

    A new one is reported by call-back; that is what may spend a Gold incident, in the same
    transaction (the call-back alone never does). Where the hotline can not serve it, because Gold
    was not chosen or the last one has just been spent, it counts as a report by telephone, which
    Premium includes (L2). Errors: `CallBackOver`, `CallBackNotYours`, those of `log_call` and
    `log_report`.
    """
    held = _held(call_back, by)
    facts = CallFacts(
        number=held.number, direction=Direction.OUT, minutes=minutes, call_back=held.pk
    )
    talk: dict[str, Any] = {"said": said, "told": told, "then": then}
    talk |= {"solution": solution, "cause": cause}
    talk |= {"contact": held.contact, "by": by, "at": at}
    if incident is not None:
        made = log_call(incident, facts, **talk)
    else:
        made = _new_incident(facts, talk | report)
    held.incident = made
    held.called_at = held.called_at or held.claimed_at
    close(held, CallBackEnd.DONE, by=by, at=at)
    return made


@transaction.atomic
def note_late(call_backs: Collection[int], *, at: datetime) -> int:
    """Note which of these calls are late, and tell leads and account manager, once; how many.

    Safe to repeat and to run anywhere at once: each is claimed by its row lock, and what another
    worker holds right now is left to it. The journal carries the moment that was promised (T1).
    """
    late = CallBack.objects.late_unnoted(at).filter(pk__in=call_backs).order_by("due_at", "pk")
    rows = late.select_related("organisation__tam", "contact")
    found = list(rows.select_for_update(of=("self",), skip_locked=True))
    if not found:
        return 0
    CallBack.objects.filter(pk__in=[one.pk for one in found]).update(late_noted_at=at)
    leads = list(Person.objects.leads())
    record_all(
        entry("call_back.late", one, at=one.due_at, by=None, rule="T1", noted_at=at)
        for one in found
    )
    owe(
        [
            notice
            for one in found
            for notice in notices_to(
                [*leads, *([one.organisation.tam] if one.organisation.tam else [])],
                "call_back_late",
                key=f"call-back-late:{one.pk}",
                at=at,
                about=one,
                **staff_facts(one),
            )
        ]
    )
    return len(found)


def _held(call_back: CallBack, by: Person) -> CallBack:
    """Locked, not over, and in the hands of `by`."""
    held = locked(call_back)
    if held.claimed_by_id != by.pk:
        raise CallBackNotYours()
    return held


class _NotByHotline(Exception):
    """Undoes the report that the hotline did not cover."""


def _new_incident(facts: CallFacts, report: dict[str, Any]) -> Incident:
    try:
        with transaction.atomic():
            made = log_report(facts, channel=Channel.CALLBACK, **report)
            if made.decision.level is None:
                raise _NotByHotline
            return made
    except _NotByHotline:
        return log_report(facts, channel=Channel.PHONE, **report)


def _notify_not_reached(call_back: CallBack, at: datetime) -> None:
    notify(
        [call_back.contact],
        "call_back_not_reached",
        key=f"call-back-failed:{call_back.pk}",
        at=at,
        about=call_back,
        attempts=ATTEMPTS,
        **customer_facts(call_back),
    )
