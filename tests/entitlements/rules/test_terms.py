"""From which day to which day an entitlement lasts (E1, L6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from entitlements.rules.terms import (
    Term,
    basic_term,
    evaluation_term,
    gapless,
    midnight,
    paid_term,
)
from entitlements.rules.wall_clock import local_moment

BERLIN = "Europe/Berlin"


def test_basic_includes_the_day_of_the_next_year():
    term = basic_term(date(2025, 3, 15), BERLIN)

    assert (term.starts_on, term.last_on) == (date(2025, 3, 15), date(2026, 3, 15))


@pytest.mark.parametrize(
    ("starts_on", "last_on"),
    (
        (date(2025, 3, 15), date(2026, 3, 14)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2028, 2, 27)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ),
)
def test_a_paid_year_ends_the_day_before_its_anniversary(starts_on, last_on):
    assert paid_term(starts_on, BERLIN).last_on == last_on


def test_an_evaluation_counts_the_day_of_registration():
    term = evaluation_term(date(2026, 6, 1), 30, BERLIN)

    assert term.last_on == date(2026, 6, 30)


def test_a_term_begins_and_ends_at_local_midnight_in_summer_and_winter():
    term = Term(date(2026, 7, 1), date(2026, 12, 1), BERLIN)

    assert term.starts_at == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert term.ends_at == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert term.contains(term.starts_at)
    assert term.contains(term.ends_at - timedelta(microseconds=1))
    assert not term.contains(term.ends_at)


@pytest.mark.parametrize(
    ("day", "timezone", "first"),
    (
        # The clock skipped midnight: the day began at 01:00.
        (date(2018, 11, 4), "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
        # The day itself was skipped: it is no longer than nothing.
        (date(2011, 12, 30), "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
        (date(2011, 12, 31), "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
        # Midnight came twice: the first one counts.
        (date(2010, 11, 7), "America/St_Johns", datetime(2010, 11, 7, 2, 30, tzinfo=UTC)),
    ),
)
def test_a_day_begins_at_its_first_moment(day, timezone, first):
    assert midnight(day, timezone) == first


def test_a_term_that_ends_before_it_starts_is_none():
    with pytest.raises(ValueError, match="ends after it starts"):
        Term(date(2026, 2, 1), date(2026, 2, 1), BERLIN)


def test_premium_without_a_gap_covers_whatever_the_order_of_entry():
    renewal = paid_term(date(2027, 5, 1), BERLIN)
    first = paid_term(date(2026, 5, 1), BERLIN)

    assert gapless([renewal, first], date(2026, 6, 1), date(2028, 5, 1))
    assert not gapless([renewal, first], date(2026, 6, 1), date(2028, 5, 2))


def test_one_day_without_premium_is_a_gap():
    first = paid_term(date(2026, 5, 1), BERLIN)
    late = paid_term(date(2027, 5, 2), BERLIN)

    assert not gapless([first, late], date(2026, 6, 1), date(2027, 6, 1))


@pytest.mark.parametrize(
    ("shown", "found", "said"),
    (
        ("2026-03-28T02:30", datetime(2026, 3, 28, 1, 30, tzinfo=UTC), ""),
        (
            "2026-03-29T02:30",
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
            "there is no 02:30 in Europe/Berlin: the clocks go forward. Taken as 03:30.",
        ),
        (
            "2026-10-25T02:30",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            "show 02:30 twice. Taken as the first time, CEST.",
        ),
    ),
)
def test_what_a_wall_clock_shows_is_a_moment_and_a_clock_change_is_told(shown, found, said):
    moment = local_moment(datetime.fromisoformat(shown), BERLIN)

    assert moment.at == found
    assert moment.note.endswith(said)
    assert bool(moment.note) == bool(said)
