"""Closing, closing by itself, reopening within and after 14 days (R7)."""

import pytest

from core.errors import NotAllowed
from entitlements.enums import EntryKind, Level
from entitlements.models import LedgerEntry
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
)
from tests.tickets.desk import covered, filed, journal, moment, target_of
from tickets.actions.conversation import answer, write
from tickets.actions.lifecycle import close, close_solved, reopen
from tickets.enums import State
from tickets.errors import AlreadyFinished, AnswerOwed, NotFinished, NotReopenable

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer():
    return make_engineer()


@pytest.fixture
def solved(engineer):
    """Premium, filed at nine, solved an hour later."""
    incident = filed()
    answer(incident, author=engineer, body="Fixed.", at=NINE + hours(1), then="solved")
    incident.refresh_from_db()
    return incident


@pytest.fixture
def closed(solved):
    """The same, closed by the customer a day after the report."""
    return close(solved, by=solved.reporter, at=NINE + days(1))


def test_the_customer_closes_and_the_moment_of_solving_stays(closed):
    assert (closed.state, closed.closed_at) == (State.CLOSED, NINE + days(1))
    assert closed.solved_at == NINE + hours(1)


def test_the_customer_who_closes_before_an_answer_is_owed_none_any_more():
    incident = filed()

    close(incident, by=incident.reporter, at=NINE + hours(1))

    target = target_of(incident)
    assert (target.met_at, target.abandoned_at) == (None, NINE + hours(1))
    assert set(target.warnings.values_list("skipped_at", flat=True)) == {NINE + hours(1)}
    assert "response_target.abandoned" in journal(incident)


def test_the_staff_does_not_rid_itself_of_an_answer_by_closing(engineer):
    incident = filed()

    with pytest.raises(AnswerOwed, match=incident.number):
        close(incident, by=engineer, at=NINE + hours(1))

    incident.refresh_from_db()
    assert (incident.state, target_of(incident).abandoned_at) == (State.NEW, None)


def test_the_staff_closes_what_owes_nothing(solved, engineer):
    closed = close(solved, by=engineer, at=NINE + days(2))

    assert closed.state == State.CLOSED


def test_what_is_closed_is_not_closed_twice(closed):
    with pytest.raises(AlreadyFinished):
        close(closed, by=closed.reporter, at=NINE + days(2))


def test_strangers_neither_close_nor_reopen(closed):
    stranger = make_contact()

    with pytest.raises(NotAllowed):
        close(closed, by=stranger, at=NINE + days(2))
    with pytest.raises(NotAllowed):
        reopen(closed, by=stranger, at=NINE + days(2))


@pytest.mark.parametrize(
    ("after", "closes"), ((days(7) - hours(0.001), False), (days(7), True), (days(70), True))
)
def test_what_was_solved_closes_itself_after_a_week(solved, after, closes):
    at = NINE + hours(1) + after

    assert close_solved(solved, at=at) is closes

    solved.refresh_from_db()
    assert solved.closed_at == (at if closes else None)
    assert solved.state == (State.CLOSED if closes else State.SOLVED)


def test_what_the_customer_wrote_on_meanwhile_does_not_close_itself(solved):
    write(solved, author=solved.reporter, body="It is back.", at=NINE + days(3))

    assert close_solved(solved, at=NINE + days(9)) is False


def test_reopening_is_the_same_incident_with_the_same_level_and_a_new_target(closed):
    reopened = reopen(closed, by=closed.reporter, at=NINE + days(5))

    target = target_of(reopened)
    assert reopened.pk == closed.pk
    assert (reopened.state, reopened.solved_at, reopened.closed_at) == (State.OPEN, None, None)
    assert (target.cycle, target.due_at) == (2, NINE + days(5) + hours(6))
    assert target.level == closed.decision.level


def test_reopening_with_words_adds_them_and_opens_one_target(closed):
    reopened = reopen(closed, by=closed.reporter, at=NINE + days(5), body="It is back.")

    assert [one.body for one in reopened.messages.all()][-1] == "It is back."
    assert reopened.targets.count() == 2


def test_the_staff_reopens_without_owing_an_answer(closed, engineer):
    reopened = reopen(closed, by=engineer, at=NINE + days(5))

    assert (reopened.state, reopened.targets.open().exists()) == (State.OPEN, False)


def test_what_is_being_worked_on_is_not_reopened():
    incident = make_incident()

    with pytest.raises(NotFinished):
        reopen(incident, by=incident.reporter, at=NINE + hours(1))


@pytest.mark.parametrize(("late", "refused"), ((hours(0), False), (hours(0.001), True)))
def test_the_last_instant_of_the_fourteenth_day_still_reopens(closed, late, refused):
    at = NINE + days(15) + late

    if refused:
        with pytest.raises(NotReopenable, match="over 14 days ago"):
            reopen(closed, by=closed.reporter, at=at)
    else:
        assert reopen(closed, by=closed.reporter, at=at).state == State.OPEN


def basic_case_of_s36(engineer):
    licence = make_licence(registered_on=moment("2026-01-10T00:00+01:00").date())
    incident = filed(licence, at=moment("2026-07-06T09:00+02:00"))
    answer(incident, author=engineer, body="Try it.", at=moment("2026-07-06T14:00+02:00"))
    return close(incident, by=incident.reporter, at=moment("2026-07-06T15:00+02:00"))


def test_s36a_a_reply_within_14_days_opens_cycle_two_and_leaves_the_first_verdict(engineer):
    incident = basic_case_of_s36(engineer)
    at = moment("2026-07-08T18:10+02:00")

    message = write(incident, author=incident.reporter, body="It is back.", at=at)

    first, second = incident.targets.all()
    assert message.incident == incident
    assert (second.cycle, second.due_at) == (2, moment("2026-07-13T14:00+02:00"))
    assert second.level.level == Level.BASIC
    assert first.met_at == moment("2026-07-06T14:00+02:00")


def test_s36b_a_reply_after_14_days_is_a_linked_incident_whose_coverage_is_asked_again(engineer):
    incident = basic_case_of_s36(engineer)
    at = moment("2026-07-21T09:00+02:00")

    message = write(incident, author=incident.reporter, body="It is back.", at=at)

    fresh = message.incident
    incident.refresh_from_db()
    assert (fresh.follows, fresh.subject, fresh.received_at) == (incident, incident.subject, at)
    assert fresh.decision != incident.decision
    assert target_of(fresh).due_at == moment("2026-07-23T15:00+02:00")
    assert (incident.state, incident.targets.count()) == (State.CLOSED, 1)


def test_gold_is_charged_once_within_14_days_and_asked_again_later(engineer):
    licence = covered(gold=3)
    incident = filed(licence, use_gold=True)
    answer(incident, author=engineer, body="Fixed.", at=NINE + hours(1), then="solved")
    incident = close(incident, by=incident.reporter, at=NINE + days(1))

    write(incident, author=incident.reporter, body="Again.", at=NINE + days(2))

    assert LedgerEntry.objects.filter(kind=EntryKind.CONSUME).count() == 1
    assert target_of(incident).level.level == Level.GOLD
    assert licence.incident_packs.get().available == 2


def test_an_uncovered_incident_is_reopened_without_a_clock():
    incident = filed(make_licence())
    incident = close(incident, by=incident.reporter, at=NINE + hours(1))

    reopened = reopen(incident, by=incident.reporter, at=NINE + hours(2))

    assert (reopened.state, reopened.targets.count()) == (State.OPEN, 0)
