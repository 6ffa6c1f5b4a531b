"""The demo's GoLive project, far along: planning accepted, a no-go, a new date."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from accounts.models import Person
from engagements.actions import cutover, documents, gonogo, run_books, sizing
from engagements.actions.deployment_papers import hand_over_as_it_stands
from engagements.actions.sizing import Assumed
from engagements.enums import Book, Criterium, Decision, Paper, StepResult
from engagements.models import Engagement, Step
from engagements.rules.assumptions import as_delivered

DONE = 7  # steps of the run book


def deploy(one: Engagement, contact: Person, tam: Person, ends: datetime) -> None:
    """In the weeks before `ends`."""
    _plan_capacity(one, contact, tam, ends - timedelta(days=20))
    _run_book(one, contact, tam, ends - timedelta(days=15))
    _no_go(one, contact, tam, ends - timedelta(days=10))
    _new_date(one, contact, tam, ends - timedelta(days=2))


def _plan_capacity(one: Engagement, contact: Person, tam: Person, at: datetime) -> None:
    values = as_delivered() | {"node_price": 11800, "storage_price": 290, "growth": 8}
    given = Assumed(
        values=values,
        currency="EUR",
        reason="With the offer for nodes and storage",
        advice="Begin with one data centre, and add the second when its storage is there.",
    )
    sizing.compute(one, given, by=tam, at=at)
    version = sizing.hand_over_planning(one, by=tam, at=at + timedelta(hours=1))
    documents.accept(version, name=contact.name, by=contact, at=at + timedelta(days=2))


def _run_book(one: Engagement, contact: Person, tam: Person, at: datetime) -> None:
    run_books.lay_out_run_book(one, by=tam, at=at)
    steps = list(Step.objects.filter(engagement=one, book=Book.RUN_BOOK))
    for number, step in enumerate(steps[:DONE]):
        when = at + timedelta(days=1, hours=number)
        run_books.tick(step, StepResult.DONE, by=tam, at=when)
    failed = "GTUBE came through: the filter was off on pilot-2"
    when = at + timedelta(days=2)
    run_books.tick(steps[DONE], StepResult.FAILED, remark=failed, by=tam, at=when)
    theirs = next(step for step in steps[DONE:] if step.for_customer)
    run_books.tick(theirs, StepResult.DONE, by=contact, at=when + timedelta(hours=2))


def _no_go(one: Engagement, contact: Person, tam: Person, at: datetime) -> None:
    """Meant for a week later; the storage of the second data centre was not there."""
    _plan(one, contact, tam, at + timedelta(days=7), at)
    made = gonogo.call(one, _roles(contact, tam), meets_at=at + timedelta(days=4), by=tam, at=at)
    for criterion in list(made.criteria.all())[:2]:
        gonogo.check(criterion, Criterium.MET, by=tam, at=at + timedelta(days=3))
    when = at + timedelta(days=4)
    gonogo.give_vote(made, Decision.GO, name=tam.name, by=tam, at=when)
    why = "The second data centre has no storage yet."
    gonogo.give_vote(made, Decision.NO_GO, name=contact.name, reason=why, by=contact, at=when)
    gonogo.decide(made, by=tam, at=when + timedelta(minutes=20))


def _new_date(one: Engagement, contact: Person, tam: Person, at: datetime) -> None:
    day = one.golive_on
    assert day is not None, "a GoLive project has its day"
    starts_at = datetime.combine(day, time(18), UTC)
    _plan(one, contact, tam, starts_at, at)
    meets_at = starts_at - timedelta(days=2)
    gonogo.call(one, _roles(contact, tam), meets_at=meets_at, by=tam, at=at)
    hand_over_as_it_stands(one, Paper.CUT_OVER, note="The new date", by=tam, at=at)


def _roles(contact: Person, tam: Person) -> list[tuple[str, Person]]:
    return [("Head of IT", contact), ("Account manager", tam)]


def _plan(one: Engagement, contact: Person, tam: Person, starts_at: datetime, at: datetime) -> None:
    window = cutover.Window(
        starts_at=starts_at,
        until=starts_at + timedelta(hours=4),
        stop_contact=f"{contact.name}, +971 4 555 0100",
    )
    cutover.plan(one, window, by=tam, at=at)
