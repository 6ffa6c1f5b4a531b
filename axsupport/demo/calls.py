"""The demo's telephone: calls that were logged, call-backs that were made, and what is owed now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Person
from axsupport.demo.cast import PHONES
from axsupport.demo.setting import Customer
from telephone.actions.call_backs import ask, withdraw
from telephone.actions.calling import claim, not_reached, reached
from telephone.actions.calls import log_call, log_report
from telephone.actions.records import CallFacts
from telephone.enums import CallOutcome
from telephone.models import CallBack
from tickets.enums import State
from tickets.models import Incident

Plan = Callable[[datetime, Callable[[datetime], None]], None]
Engineers = list[Person]


def plan_calls(plan: Plan, ends: datetime, customers: list[Customer], by: Engineers) -> None:
    """Put on the time line what `customers` report by telephone, and their call-backs."""
    theirs = {one.company.slug: one for one in customers}

    def at(days: float) -> datetime:
        return ends - timedelta(days=days)

    if northwind := theirs.get("northwind"):
        plan(at(100), lambda at: _report(northwind, 0, by[0], at, minutes=14))
        plan(at(47), lambda at: _report(northwind, 2, by[1], at, minutes=6))
        plan(at(33), lambda at: _called_back(northwind, by[0], at))
        plan(at(12), lambda at: _not_reached(northwind, by[1], at))
        plan(at(5.2), lambda at: _changed_mind(northwind, at))
    if adatum := theirs.get("adatum"):
        plan(at(20), lambda at: _called_back(adatum, by[0], at))


def owe_calls(northwind: Customer, by: Engineers, ends: datetime) -> None:
    """What is owed right now: one soon, one to be tried again, one tomorrow; and a call today."""
    nora, adrian, stefan = northwind.people[:3]
    waits = Incident.objects.filter(reporter=nora, closed_at=None).latest("received_at")
    facts = CallFacts(number=_number(nora), minutes=3)
    today = ends - timedelta(minutes=50)
    log_call(waits, facts, contact=nora, by=by[0], at=today, said="It is on the relay in Cluj.")
    _ask(nora, ends - timedelta(minutes=6), topic="The certificate of the relay", incident=waits)
    tried = _ask(adrian, ends - timedelta(minutes=16), topic="Two questions about the last order")
    claim(tried, by=by[1], at=ends - timedelta(minutes=9))
    not_reached(
        tried, outcome=CallOutcome.BUSY, by=by[1], at=ends - timedelta(minutes=8), minutes=1
    )
    tomorrow = (ends + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    _ask(stefan, ends - timedelta(hours=2), slot_at=tomorrow, topic="Plan of the update")


def _number(person: Person) -> str:
    return PHONES[person.email].replace(" ", "")


def _ask(contact: Person, at: datetime, **fields: Any) -> CallBack:
    return ask(contact, number=_number(contact), by=contact, at=at, **fields)


def _report(customer: Customer, person: int, by: Person, at: datetime, *, minutes: int) -> None:
    contact = customer.people[person]
    log_report(
        CallFacts(number=_number(contact), minutes=minutes),
        contact=contact,
        by=by,
        at=at,
        service="troubleshooting",
        subject="Outlook asks for the password again and again",
        said="Since this morning Outlook asks three of us for the password, phones do not.",
        told="The cached token is stale: remove the account's entry in Windows' credentials.",
        then=State.SOLVED,
        licence=customer.licences[0],
        use_gold=False,
    )


def _called_back(customer: Customer, by: Person, at: datetime) -> None:
    """Called after four minutes; it becomes an incident: a Gold one, or the project's."""
    call_back = _ask(customer.people[0], at, topic="Mail to one domain stays in the queue")
    claim(call_back, by=by, at=at + timedelta(minutes=4))
    reached(
        call_back,
        by=by,
        at=at + timedelta(minutes=21),
        minutes=17,
        said="Everything to one domain stays in the queue since noon, about 400 mails.",
        told="Their DNS answers wrongly; we routed the domain by its address until they mend it.",
        then=State.SOLVED,
        service="troubleshooting",
        subject="",
        licence=customer.licences[0],
        project=customer.project,
        use_gold=customer.project is None,
    )


def _not_reached(customer: Customer, by: Person, at: datetime) -> None:
    call_back = _ask(customer.people[2], at, topic="The backup of last night")
    for minutes in (5, 17, 30):
        tried_at = at + timedelta(minutes=minutes)
        claim(call_back, by=by, at=tried_at)
        not_reached(call_back, outcome=CallOutcome.NO_ANSWER, by=by, at=tried_at, minutes=1)


def _changed_mind(customer: Customer, at: datetime) -> None:
    call_back = _ask(customer.people[1], at, slot_at=at + timedelta(hours=20))
    withdraw(call_back, by=customer.people[1], at=at + timedelta(hours=1))
