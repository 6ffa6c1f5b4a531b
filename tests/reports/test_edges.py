"""What a changed sign or a lost filter would move in the figures, and no other test sees."""

from __future__ import annotations

from datetime import date

import pytest

from entitlements.enums import EntryKind, Level
from tests.factories import (
    days,
    hours,
    make_engineer,
    make_handover,
    make_ledger_entry,
    make_licence,
    make_message,
    make_organisation,
    make_pack,
    make_project,
    make_rating,
    make_service,
    make_subscription,
)
from tests.reports.february import END, START, TICK, content, reported
from tickets.enums import MessageKind, Priority, State, Tier

pytestmark = pytest.mark.django_db


def verdict_of(customer, **facts):
    """What the report says of the one target, as its row, and as met and breached."""
    found = content(customer, **facts)
    (row,) = found.incidents
    return row.targets[0].met, found.counts.targets_met, found.counts.targets_breached


@pytest.mark.parametrize(
    ("after", "verdict"),
    ((-TICK, (True, 1, 0)), (0 * TICK, (True, 1, 0)), (TICK, (False, 0, 1))),
)
def test_an_answer_at_the_very_moment_that_was_owed_is_in_time(customer, after, verdict):
    reported(customer, START, answered_after=hours(6) + after)

    assert verdict_of(customer) == verdict


@pytest.mark.parametrize(
    ("after", "verdict"),
    ((-TICK, (None, 0, 0)), (0 * TICK, (None, 0, 0)), (TICK, (False, 0, 1))),
)
def test_what_was_dropped_at_the_very_moment_was_not_late(customer, after, verdict):
    incident = reported(customer, START)
    incident.targets.update(abandoned_at=START + hours(6) + after)

    assert verdict_of(customer) == verdict


@pytest.mark.parametrize(
    ("after", "verdict"),
    ((-TICK, (None, 0, 0)), (0 * TICK, (None, 0, 0)), (TICK, (False, 0, 1))),
)
def test_what_is_owed_is_late_only_after_its_moment(customer, after, verdict):
    reported(customer, START)

    assert verdict_of(customer, at=START + hours(6) + after) == verdict


def test_the_first_moment_of_the_next_month_is_not_of_this_one(customer):
    reported(customer, END - hours(6), answered_after=hours(6))

    found = content(customer)

    assert (found.counts.targets_met, found.first_answer.median) == (0, None)


def live_through_february(customer, *, engineer="Ioana", before=hours(1)):
    """Everything that a figure counts, of one customer; `before`: how soon answers came before."""
    at = START + days(3)
    licence = make_licence(customer)
    make_subscription(licence)
    make_project(customer)
    pack = make_pack(licence, purchased_at=at)
    make_ledger_entry(pack, kind=EntryKind.CONSUME, balance=4, at=at + hours(1))
    incident = reported(
        customer,
        at,
        answered_after=hours(2),
        priority=Priority.CRITICAL,
        service=make_service("migration"),
        channel="email",
        state=State.SOLVED,
        solved_at=at + days(1),
    )
    answers = make_engineer(name=engineer)
    make_message(incident, kind=MessageKind.ANSWER, author=answers, sent_at=at + hours(2))
    make_handover(incident, by=answers, at=at + hours(3))
    make_handover(incident, by=answers, at=at + hours(4), from_tier=2, to_tier=Tier.TS3)
    make_rating(incident, score=5, given_at=at + days(2), comment="Quick.")
    reported(customer, at)  # late
    reported(customer, START - days(40), answered_after=before)


def test_another_customer_with_the_same_month_changes_no_figure(customer):
    live_through_february(customer)
    alone = content(customer)

    for _ in range(2):
        live_through_february(make_organisation(), engineer="Stranger's", before=hours(3))

    assert content(customer) == alone
    assert alone.counts.targets_breached == alone.counts.targets_met == 1
    assert [one.count for one in alone.counts.escalated] == [1]
    assert (len(alone.levels), len(alone.gold)) == (2, 1)
    assert "Ioana" in [one.name for one in alone.people]
    assert alone.satisfaction.ratings == (0, 0, 0, 0, 1)
    assert any(one.median_first_answer_seconds for one in alone.trend)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_held"),
    (
        (date(2025, 2, 1), date(2026, 2, 1), False),
        (date(2025, 2, 2), date(2026, 2, 2), True),
        (date(2026, 2, 28), date(2027, 2, 28), True),
        (date(2026, 3, 1), date(2027, 3, 1), False),
    ),
)
def test_a_level_is_of_the_month_if_it_served_a_day_of_it(customer, starts_on, ends_on, is_held):
    make_subscription(make_licence(customer), starts_on=starts_on, ends_on=ends_on)
    make_project(customer, starts_on=starts_on, ends_on=ends_on)

    held = [one.level for one in content(customer).levels]

    assert held == ([Level.PREMIUM.label, Level.GOLIVE.label] if is_held else [])
