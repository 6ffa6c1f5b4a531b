"""What was solved in a month stays solved in it, whatever happens afterwards."""

from datetime import datetime

import pytest

from reports.reads.content import content_of
from reports.rules.months import Month
from tests.factories import days, make_engineer, make_organisation
from tests.tickets.desk import covered, filed
from tickets.actions.conversation import answer, write
from tickets.actions.lifecycle import close, reopen

pytestmark = pytest.mark.django_db

FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)
START = datetime.fromisoformat("2026-02-01T00:00+02:00")
MARCH_FIRST = datetime.fromisoformat("2026-03-01T00:00+02:00")
SUMMER = MARCH_FIRST + days(90)


@pytest.fixture
def customer():
    return make_organisation(name="Northwind", timezone="Europe/Bucharest")


def solved(customer, at):
    """Reported a day before `at`, and solved then."""
    incident = filed(covered(organisation=customer), at=at - days(1))
    answer(incident, author=make_engineer(), body="Restart it.", at=at, then="solved")
    incident.refresh_from_db()
    return incident


def counts(customer, month, *, at=SUMMER):
    found = content_of(customer, month, at=at)
    return found.counts.solved, found.counts.open_at_end


def test_reopening_in_march_takes_nothing_from_february(customer):
    incident = solved(customer, START + days(10))
    in_time = content_of(customer, FEBRUARY, at=MARCH_FIRST)

    reopen(incident, by=incident.reporter, at=MARCH_FIRST + days(1))
    late = content_of(customer, FEBRUARY, at=SUMMER)

    assert (late.counts.solved, late.counts.open_at_end) == (1, 0)
    assert late.counts == in_time.counts
    assert late.solving == in_time.solving
    assert late.weeks == in_time.weeks
    assert late.incidents[0].solving_seconds == 24 * 3600
    assert counts(customer, MARCH) == (0, 1)


def test_what_was_solved_again_in_march_is_solved_in_both_months(customer):
    incident = solved(customer, START + days(10))
    write(incident, author=incident.reporter, body="It is back.", at=MARCH_FIRST + days(1))
    answer(incident, author=make_engineer(), body="Now.", at=MARCH_FIRST + days(2), then="solved")

    assert (counts(customer, FEBRUARY), counts(customer, MARCH)) == ((1, 0), (1, 0))


def test_what_was_opened_again_before_the_month_ended_was_not_solved_in_it(customer):
    incident = solved(customer, START + days(10))

    reopen(incident, by=incident.reporter, at=START + days(12))

    assert counts(customer, FEBRUARY) == (0, 1)


def test_an_answer_that_goes_on_working_opens_it_as_well(customer):
    incident = solved(customer, START + days(10))

    answer(incident, author=make_engineer(), body="Wait.", at=START + days(11), then="waiting")

    assert counts(customer, FEBRUARY) == (0, 1)


def test_closing_in_march_what_was_solved_in_february_counts_it_once(customer):
    incident = solved(customer, START + days(10))

    close(incident, by=incident.reporter, at=MARCH_FIRST + days(1))

    assert (counts(customer, FEBRUARY), counts(customer, MARCH)) == ((1, 0), (0, 0))


def test_solved_without_a_word_and_opened_again_later_is_still_in_the_list(customer):
    incident = filed(covered(organisation=customer), at=START - days(3))
    close(incident, by=incident.reporter, at=START + days(20))
    reopen(incident, by=incident.reporter, at=MARCH_FIRST + days(1))

    found = content_of(customer, FEBRUARY, at=SUMMER)

    assert [row.number for row in found.incidents] == [incident.number]


def test_the_trend_says_of_each_month_what_its_own_report_said(customer):
    incident = solved(customer, START + days(10))
    reopen(incident, by=incident.reporter, at=MARCH_FIRST + days(1))

    trend = content_of(customer, Month(2026, 4), at=SUMMER).trend

    assert {one.month: one.solved for one in trend if one.solved} == {"2026-02": 1}
