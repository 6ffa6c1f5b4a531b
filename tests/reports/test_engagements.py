"""What a monthly report says of engagements: by the real actions, to the number, as of its cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from engagements.actions import audits, documents, planning, promises, requesting, running, visits
from engagements.actions.audits import Found, OwnCase, Seen, Terms
from engagements.actions.documents import Draft, made_file
from engagements.actions.requesting import Wish
from engagements.actions.running import NewRisk, NewTask
from engagements.actions.training.attendance import note_attendance
from engagements.enums import CaseResult, Kind, Severity
from engagements.models import Engagement, Promise
from engagements.rules.visits import Dates
from reports.reads.content import content_of
from reports.rules.engaged import Engaged, days_from, figures_of, shortened
from reports.rules.owed import owed_then
from tests.factories import (
    days,
    hours,
    make_admin_contact,
    make_engagement,
    make_engineer,
    make_manager,
    make_project,
    make_promise,
    make_registration,
    make_shift,
    make_tam,
    make_technical_contract,
    make_training,
)
from tests.reports.february import END, FEBRUARY, LATER, START, content

pytestmark = pytest.mark.django_db
MARCH = END + days(5)


@pytest.fixture
def people(customer):
    make_tam(customer, name="Tudor")
    make_project(customer, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1))
    make_technical_contract(
        customer, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), days=6, reference="TC-7"
    )
    return make_admin_contact(customer, name="Costa")


def asked(customer, contact, kind, at, title="Move"):
    wish = Wish(kind=kind, title=title)
    return requesting.request(customer, wish, contact=contact, by=contact, at=at)


def taken_up(customer, contact, kind, at, **fields: Any) -> Engagement:
    one = asked(customer, contact, kind, at, **fields)
    starts_on = (at + days(1)).date()
    days_of = {"starts_on": starts_on, "golive_on": starts_on + timedelta(days=60)}
    return planning.take_up(one, owner=customer.tam, by=customer.tam, at=at + hours(1), **days_of)


def on_duty() -> Person:
    """An engineer who works around the clock."""
    engineer = make_engineer()
    make_shift(person=engineer, starts_at=START - days(20), ends_at=END + days(60))
    return engineer


def paper(title: str, content: bytes) -> Draft:
    return Draft(title=title, file=made_file("paper.pdf", content))


def again(one: Any) -> Any:
    return type(one).objects.get(pk=one.pk)


def figures(customer, at=LATER):
    found = content(customer, at=at)
    return {
        one.key: [row.label for row in one.rows] for one in figures_of(found.engaged, found.bounds)
    }


def test_a_project_is_told_with_its_light_its_papers_and_what_was_owed(customer, people):
    tam = customer.tam
    one = taken_up(customer, people, Kind.GOLIVE, START - days(9))
    first, second = one.phases.all()[:2]
    planning.begin(first, on=date(2026, 1, 24), by=tam, at=START + days(1))
    planning.finish(again(first), on=date(2026, 2, 2), by=tam, at=START + days(1) + hours(12))
    running.add_task(
        second, NewTask(title="Ours", due_on=date(2026, 2, 20)), by=tam, at=START + days(2)
    )
    hidden = NewTask(title="Secret", is_internal=True, due_on=date(2026, 2, 20))
    running.add_task(second, hidden, by=tam, at=START + days(2))
    theirs = NewTask(title="Theirs", for_customer=True, due_on=date(2026, 2, 20))
    running.add_task(second, theirs, by=tam, at=START + days(2))
    version = documents.hand_over(one, paper("Plan", b"%PDF"), by=tam, at=START + days(3))
    documents.accept(version, name="Costa C.", by=people, at=START + days(4))
    documents.hand_over(one, paper("Design", b"%PDF 2"), by=tam, at=START + days(5))

    (row,) = content(customer).engaged.engagements

    assert (row.number, row.kind, row.state) == (one.number, "GoLive project", "In progress")
    assert (row.phase, row.light) == (second.name, "Late")
    assert "“A task of ours” is 8 days late." in row.light_reasons
    assert "Secret" not in str(row.light_reasons)
    assert [(p.title, p.verdict, p.signed_name) for p in row.papers] == [
        ("Plan", "Accepted", "Costa C."),
        ("Design", "", ""),
    ]
    assert row.missed == (f"Phase “{second.name}”", "Task “Ours”")
    found = figures(customer)
    assert found["papers-sent"] == [
        f"{one.number} (Plan, version 1)",
        f"{one.number} (Design, version 1)",
    ]
    assert found["papers-accepted"] == [f"{one.number} (Plan, version 1)"]
    assert (found["engagements-asked"], found["engagements-open"]) == ([], [one.number])


def test_days_of_a_contract_are_booked_by_what_was_agreed_and_come_back(customer, people):
    tam, engineer = customer.tam, on_duty()
    one = taken_up(customer, people, Kind.ON_SITE, START - days(9))
    dates = Dates(START + days(9) + hours(9), START + days(10) + hours(17))
    visit = visits.propose(one, dates, [engineer], by=tam, at=START + days(1))
    assert figures(customer)["days-booked"] == []
    visits.agree(visit, by=people, at=START + days(2))

    (contract,) = content(customer).engaged.contracts
    assert (contract.reference, contract.days, contract.before) == ("TC-7", 6, 0)
    assert (len(contract.booked), contract.left) == (2, 4)
    assert figures(customer)["days-booked"] == [
        f"{one.number} (10 February 2026)",
        f"{one.number} (11 February 2026)",
    ]
    visits.cancel(again(visit), words="Snow", by=tam, at=START + days(8))
    (contract,) = content(customer).engaged.contracts
    assert (len(contract.booked), len(contract.returned), contract.left) == (2, 2, 6)


def audited(customer, contact, at):
    """An audit with a case that failed, and the finding of it."""
    one = taken_up(customer, contact, Kind.AUDIT, at)
    terms = Terms(
        permitted_by="Costa",
        window_from=at,
        window_until=at + days(90),
        stop_contact="Costa, 0700",
        rollback="Restore",
    )
    tam = customer.tam
    audits.agree_on(one, terms, by=tam, at=at + hours(2))
    own = OwnCase(area="security", severity="high", title="Relay", procedure="P", expectation="E")
    case = audits.add_case(one, own, by=tam, at=at + hours(2))
    failed = Seen(result=CaseResult.FAILED, was_reached=True, observed="250")
    audits.note_run(case, failed, by=tam, at=at + hours(3))
    found = Found(
        title="Relay is open",
        severity=Severity.HIGH,
        recommendation="Close it",
        owner="Costa",
        due_on=(at + days(10)).date(),
    )
    return case, audits.add_finding(case, found, by=tam, at=at + hours(4))


def test_findings_that_are_open_and_who_was_trained(customer, people):
    case, finding = audited(customer, people, START + days(3))
    session = make_training(starts_at=START + days(7), trainer=make_manager())
    seat, other = (make_registration(customer, session=session, name=n) for n in ("Ana", "Bo"))
    part = session.parts.all()[0]
    note_attendance(part, [seat.pk], by=session.trainer, at=START + days(8))

    found = content(customer).engaged

    (row,) = found.findings
    assert (row.title, row.standing, row.owner) == ("Relay is open", "Late", "Costa")
    (training,) = found.trainings
    assert [(one.name, one.parts) for one in training.people] == [("Ana", 1)]
    assert training.parts == session.parts.count() == 2  # the other was missed by everybody
    assert figures(customer)["trained"] == [f"{session.course.name} (Ana)"]
    passed = Seen(result=CaseResult.OK, was_reached=True, observed="554")
    audits.note_run(case, passed, by=customer.tam, at=START + days(20))
    assert content(customer).engaged.findings == ()
    assert other.name not in str(content(customer).engaged)


@dataclass
class Story:
    """A February in which everything happened, by the real actions."""

    customer: Any
    contact: Any

    def __post_init__(self) -> None:
        self.tam: Any = self.customer.tam
        self.engineer = on_duty()

    def february(self) -> None:
        tam, contact, customer = self.tam, self.contact, self.customer
        self.project = taken_up(customer, contact, Kind.GOLIVE, START - days(9))
        self.visited = taken_up(customer, contact, Kind.ON_SITE, START + days(1), title="Visit")
        dates = Dates(END + days(9) + hours(9), END + days(9) + hours(17))
        visit = visits.propose(self.visited, dates, [self.engineer], by=tam, at=START + days(2))
        self.visit = visits.agree(visit, by=contact, at=START + days(3))
        self.case, self.finding = audited(customer, contact, START + days(3))
        self.feature = make_engagement(
            customer, kind=Kind.FEATURE, requested_at=START, owner=tam, title="Feature"
        )
        due_at = START + days(9)
        promises.promise_answer(self.feature, due_at=due_at, by=tam, at=START + days(3))
        self.version = documents.hand_over(
            self.project, paper("Plan", b"%PDF"), by=tam, at=START + days(3)
        )
        high = NewRisk(what="Late", likelihood=4, impact=4)
        self.risk = running.note_risk(self.project, high, by=tam, at=START + days(4))
        running.set_light(self.project, light="amber", reason="Hosts", by=tam, at=START + days(5))
        self.session = make_training(starts_at=START + days(7), trainer=make_manager())
        seat = make_registration(customer, session=self.session, name="Ana")
        self.noted([seat.pk], at=START + days(8))

    def noted(self, there: list[int], *, at: datetime) -> None:
        note_attendance(self.session.parts.all()[0], there, by=self.session.trainer, at=at)

    def march(self, at: datetime) -> None:
        tam, contact, project = self.tam, self.contact, self.project
        first, last = project.phases.all()[0], project.phases.reverse()[0]
        planning.begin(first, on=date(2026, 2, 1), by=tam, at=at)
        planning.finish(again(first), on=date(2026, 3, 5), by=tam, at=at)
        planning.move(
            last,
            starts_on=date(2026, 6, 1),
            ends_on=date(2026, 6, 9),
            with_followers=True,
            reason="Hosts",
            by=tam,
            at=at,
        )
        running.decide(self.visited, decision="We wait", by=tam, at=at)
        visits.cancel(again(self.visit), words="Snow", by=tam, at=at)
        promises.promise_answer(self.feature, due_at=at + days(9), reason="M", by=tam, at=at)
        documents.send_back(self.version, name="C", remarks="More", by=contact, at=at)
        running.close_risk(self.risk, by=tam, at=at)
        running.set_light(again(project), light="", reason="", by=tam, at=at)
        self.noted([], at=at)
        until = (at + days(30)).date()
        audits.accept_risk(
            self.finding, until=until, name="Costa", reason="Known", by=contact, at=at
        )
        passed = Seen(result=CaseResult.OK, was_reached=True, observed="554")
        audits.note_run(self.case, passed, by=tam, at=at)
        for one in (project, self.visited, self.feature):
            requesting.cancel(again(one), reason="No more", by=tam, at=at + hours(1))


def test_nothing_that_happens_later_changes_what_the_report_said(customer, people):
    """F1: made again as of its own moment it is the same to the letter."""
    story = Story(customer, people)
    story.february()
    made = content_of(customer, FEBRUARY, at=LATER)
    assert made.engaged.trainings
    assert made.engaged.findings

    story.march(MARCH)

    assert content_of(customer, FEBRUARY, at=LATER).as_json() == made.as_json()
    row = next(r for r in made.engaged.engagements if r.number == story.feature.number)
    assert row.missed == ("Answer of the assessment",)
    assert figures(customer, at=MARCH + days(9)) != figures(customer)  # attendance was corrected


def test_what_was_missed_and_then_moved_stays_missed(customer, people):
    one = make_engagement(customer, kind=Kind.FEATURE, requested_at=START, owner=customer.tam)
    tam = customer.tam
    promises.promise_answer(one, due_at=START + days(3), by=tam, at=START + hours(1))
    promises.promise_answer(one, due_at=START + days(9), reason="M", by=tam, at=START + days(4))
    promises.keep(one, at=START + days(8), what="answer")

    (row,) = content(customer).engaged.engagements

    assert (row.missed, row.kept) == (("Answer of the assessment",),) * 2


def test_a_promise_of_the_midnight_after_the_month_is_the_months():
    """A day's work is due when the day is over: that of the last day belongs to the month."""
    bounds = (START, END)
    then = owed_then(
        noted_at=START - days(9),
        due_at=END,
        moves=(),
        kept_at=None,
        withdrawn_at=None,
        bounds=bounds,
    )
    before = owed_then(
        noted_at=START - days(9),
        due_at=START,
        moves=(),
        kept_at=None,
        withdrawn_at=None,
        bounds=bounds,
    )
    late = owed_then(
        noted_at=START + days(9),
        due_at=START + days(2),
        moves=(),
        kept_at=None,
        withdrawn_at=None,
        bounds=bounds,
    )

    assert then is not None
    assert before is not None
    assert late is not None
    assert (then.missed, before.missed, late.missed) == (1, 0, 0)


def test_a_month_without_any_says_nothing(customer):
    assert content(customer).engaged == Engaged()
    assert days_from(date(2026, 2, 28), 2) == [date(2026, 2, 28), date(2026, 3, 1)]
    assert shortened("abcde") == ["a", "b", "c", "and 2 more"]


@pytest.mark.parametrize("rows", (1, 3))
def test_engagements_cost_the_same_for_any_number(customer, people, rows):
    for _ in range(rows):
        one = make_engagement(customer, requested_at=START)
        make_promise(one, made_at=START, due_at=START + days(3))
        audited(customer, people, START + days(3))

    with CaptureQueriesContext(connection) as captured:
        found = content(customer)

    assert len(found.engaged.findings) == rows
    assert len(captured) == 34


def test_promises_of_before_are_read_by_when_they_were_made(customer):
    one = make_engagement(customer, requested_at=START)
    make_promise(one, made_at=START, due_at=START + days(3))
    assert Promise.objects.get(engagement=one).noted_at is None

    (row,) = content(customer).engaged.engagements

    assert row.missed == ("Answer of the assessment",)
