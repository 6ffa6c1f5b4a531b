"""Accepting what nothing covers (R3)."""

import pytest

from accounts.enums import Role
from core.errors import NotAllowed
from core.journal import entries_of
from entitlements.enums import Level
from notices.models import Notice
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_level,
    make_licence,
    make_manager,
    make_tam,
)
from tests.tickets.desk import filed, target_of, told
from tickets import tasks
from tickets.actions.conversation import write
from tickets.actions.goodwill import accept, decline
from tickets.actions.lifecycle import close
from tickets.enums import MessageKind, State
from tickets.errors import AlreadyCovered, AlreadyFinished, EmptyText

pytestmark = pytest.mark.django_db


@pytest.fixture
def uncovered():
    return filed(make_licence())


def accepted(incident, by, *, reason="A loyal customer.", at=NINE + hours(2)):
    return accept(incident, level=make_level(Level.PREMIUM), by=by, at=at, reason=reason)


def test_an_accepted_incident_is_served_from_that_moment_and_gets_an_engineer(uncovered):
    engineer = make_engineer()

    incident = accepted(uncovered, make_manager())
    tasks.dispatch_waiting()

    target = target_of(incident)
    incident.refresh_from_db()
    assert (incident.decision.goodwill, incident.decision.level.level) == (True, Level.PREMIUM)
    assert (target.opened_at, target.due_at) == (NINE + hours(2), NINE + hours(8))
    assert incident.owner == engineer


def test_the_first_decision_with_its_reasons_is_kept(uncovered):
    before = uncovered.decision

    incident = accepted(uncovered, make_manager())

    entry = entries_of(incident).get(kind="incident.goodwill")
    assert entry.facts["before"] == before.pk
    assert entry.facts["reason"] == "A loyal customer."
    assert (entry.facts["level"], entry.by.role) == (Level.PREMIUM, Role.MANAGER)
    assert incident.decision.considered == before.considered


def test_the_tam_of_the_organisation_may(uncovered):
    incident = accepted(uncovered, make_tam(uncovered.organisation))

    assert incident.decision.goodwill


@pytest.mark.parametrize(
    "make", (make_engineer, make_tam, make_contact, lambda: make_engineer(role=Role.TS2))
)
def test_nobody_else_gives_support_away(uncovered, make):
    with pytest.raises(NotAllowed):
        accepted(uncovered, make())


def test_a_reason_is_needed(uncovered):
    with pytest.raises(EmptyText):
        accepted(uncovered, make_manager(), reason=" \n")

    uncovered.refresh_from_db()
    assert uncovered.decision.level is None


def test_what_is_covered_needs_no_goodwill():
    with pytest.raises(AlreadyCovered, match="Premium"):
        accepted(filed(), make_manager())


def test_what_is_closed_is_not_accepted(uncovered):
    close(uncovered, by=uncovered.reporter, at=NINE + hours(1))

    with pytest.raises(AlreadyFinished):
        accepted(uncovered, make_manager())


def test_the_customer_is_told_what_is_promised_now_and_not_why(uncovered):
    accepted(uncovered, make_manager())

    notice = Notice.objects.get(template="incident_goodwill")
    assert told(uncovered, "incident_goodwill") == {uncovered.reporter.email}
    assert notice.context["level"] == "Premium"
    assert notice.context["due_at"] == (NINE + hours(8)).isoformat()
    assert "A loyal customer." not in str(notice.context)


def test_a_declined_incident_is_closed_with_an_answer_that_says_what_would_help(uncovered):
    manager = make_manager(name="Diana")

    message = decline(uncovered, by=manager, at=NINE + hours(2), reason="Please renew first.")

    uncovered.refresh_from_db()
    notice = Notice.objects.get(template="incident_declined")
    assert (uncovered.state, uncovered.closed_at) == (State.CLOSED, NINE + hours(2))
    assert (message.kind, message.author, message.body) == (
        MessageKind.ANSWER,
        manager,
        "Please renew first.",
    )
    assert notice.to == uncovered.reporter
    assert (notice.context["body"], notice.context["author"]) == ("Please renew first.", "Diana")
    assert notice.context["remedies"] == uncovered.decision.remedies
    assert notice.headers["Message-ID"] == message.message_id
    assert "incident.goodwill_declined" in [one.kind for one in entries_of(uncovered)]


def test_writing_on_a_declined_incident_opens_it_again_without_a_clock(uncovered):
    decline(uncovered, by=make_manager(), at=NINE + hours(2), reason="Please renew first.")

    write(uncovered, author=uncovered.reporter, body="We renewed.", at=NINE + hours(9))

    uncovered.refresh_from_db()
    assert (uncovered.state, uncovered.targets.exists()) == (State.OPEN, False)


@pytest.mark.parametrize("make", (make_engineer, make_tam, make_contact))
def test_nobody_else_declines(uncovered, make):
    with pytest.raises(NotAllowed):
        decline(uncovered, by=make(), at=NINE, reason="No.")


def test_what_is_covered_closed_or_without_an_answer_is_not_declined(uncovered):
    with pytest.raises(AlreadyCovered):
        decline(filed(), by=make_manager(), at=NINE, reason="No.")
    with pytest.raises(EmptyText):
        decline(uncovered, by=make_manager(), at=NINE, reason=" \n")
    decline(uncovered, by=make_manager(), at=NINE + hours(1), reason="No.")
    with pytest.raises(AlreadyFinished):
        decline(uncovered, by=make_manager(), at=NINE + hours(2), reason="No.")
