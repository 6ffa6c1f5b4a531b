"""Minutes and call-backs of a month, for the service report."""

import pytest

from telephone.reads.figures import CallFigures, call_figures
from tests.factories import (
    NINE,
    days,
    hours,
    make_call,
    make_call_back,
    make_contact,
    make_incident,
    make_organisation,
)

pytestmark = pytest.mark.django_db

MONTH = (NINE - days(5), NINE + days(5))


@pytest.fixture
def organisation():
    return make_organisation()


LONG_AFTER = NINE + days(9)


def figures(organisation, at=LONG_AFTER):
    return call_figures(organisation, *MONTH, at=at)


def test_a_month_without_calls_is_all_noughts(organisation):
    make_call()

    assert figures(organisation) == CallFigures(0, 0, 0, 0, 0, 0, 0, 0)


def test_minutes_of_what_was_talked_within_the_month(organisation):
    incident = make_incident(organisation=organisation)
    for minutes, logged_at in ((7, NINE), (5, MONTH[0]), (90, MONTH[1]), (60, NINE - days(6))):
        make_call(incident, minutes=minutes, logged_at=logged_at)
    make_call(incident, minutes=1, outcome="no_answer", direction="out")

    found = figures(organisation)

    assert (found.calls, found.minutes, found.attempts) == (2, 12, 1)


def test_call_backs_by_what_became_of_them(organisation, django_assert_num_queries):
    incident = make_incident(organisation=organisation)
    over = {"ended_at": NINE + hours(1), "end": "done", "incident": incident}
    for fields in (
        {"called_at": NINE + hours(0.1), **over},
        {"called_at": NINE + hours(0.3), **over},
        {"called_at": NINE, "ended_at": NINE + hours(1), "end": "failed"},
        {"ended_at": NINE + hours(0.1), "end": "withdrawn"},
        {"ended_at": NINE + hours(0.5), "end": "withdrawn"},
        {},
        {"asked_at": NINE + days(20)},
    ):
        make_call_back(make_contact(organisation), **fields)

    with django_assert_num_queries(2):
        found = figures(organisation)

    assert (found.call_backs, found.kept, found.late) == (6, 2, 3)
    assert (found.not_reached, found.withdrawn) == (1, 2)


def test_what_is_still_owed_is_late_only_after_its_moment(organisation):
    make_call_back(make_contact(organisation))

    assert figures(organisation, at=NINE + hours(0.2)).late == 0
    assert figures(organisation, at=NINE + hours(0.3)).late == 1
