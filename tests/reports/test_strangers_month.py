"""A full month of a stranger leaves no trace in the report of somebody else."""

import pytest

from accounts.models import Organisation
from reports.reads.content import content_of
from reports.rules import figures as counting
from reports.rules.months import Month
from tests.reports.february import FEBRUARY, LATER, content

pytestmark = pytest.mark.django_db


def test_the_strangers_month_is_full(stranger):
    found = content(stranger)

    assert found.counts.reported == 4
    assert (found.counts.solved, found.counts.closed_unanswered) == (2, 0)
    assert (found.counts.targets_met, found.counts.targets_breached) == (0, 4)
    assert found.counts.open_at_end == 3 + 5
    assert found.counts.escalated[0].count == 3
    assert {one.level for one in found.levels} == {"Premium", "GoLive", "Basic"}
    assert {one.name for one in found.people} == {
        "A stranger's engineer",
        "A stranger's contact",
        "A stranger's tester",
    }
    assert found.gold[0].spent_on
    assert found.gold[0].refunded_on
    assert found.satisfaction.comments
    assert all(one.reported and one.solved for one in found.trend)
    assert all(one.median_first_answer_seconds for one in found.trend)


@pytest.mark.parametrize("month", (FEBRUARY, Month(2026, 1), Month(2025, 12)))
def test_an_empty_month_beside_it_is_empty(customer, month):
    found = content_of(customer, month, at=LATER)

    assert found.incidents == ()
    assert found.people == ()
    assert found.levels == ()
    assert found.gold == ()
    assert found.satisfaction.given == ()
    assert counting.figures(found) == ()
    assert found.first_answer.measured == found.solving.measured == 0
    for one in found.trend:
        assert (one.reported, one.solved, one.median_first_answer_seconds) == (0, 0, None)
    assert "stranger" not in str(found.as_json()).lower()


def test_neither_is_the_customer_in_the_strangers(customer, stranger):
    assert Organisation.objects.count() == 2
    assert "Northwind" not in str(content(stranger).as_json())
