"""Attendance, the right to take part, agendas and times: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engagements.rules import agenda, times
from engagements.rules.attendance import Exam, Part, attended, earned
from engagements.rules.training_right import Claim, training_right
from entitlements.rules.terms import Term

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
AFTER = NINE + timedelta(days=30)
BUCHAREST = ZoneInfo("Europe/Bucharest")


def parts(count, hours=4):
    starts = [NINE + timedelta(days=n) for n in range(count)]
    return [Part(n, at, at + timedelta(hours=hours)) for n, at in enumerate(starts)]


def verdict(planned, noted, at=AFTER, **fields):
    defaults: dict[str, Any] = {"needs_percent": 80, "has_exam": False, "exam": Exam.NONE}
    return earned(planned, noted, at=at, **defaults | fields)


def test_five_of_ten_that_were_held_so_far_are_half_of_it_and_not_all():
    noted = dict.fromkeys(range(5), True)

    was = attended(parts(10), noted)

    assert (was.percent, was.noted, was.parts) == (50, 5, 10)
    half_way = verdict(parts(10), noted, at=NINE + timedelta(days=5))
    assert not half_way.is_earned
    assert half_way.reason == "The training is not over yet."


def test_what_nobody_noted_was_not_attended_and_earns_nothing():
    found = verdict(parts(10), dict.fromkeys(range(9), True))

    assert not found.is_earned
    assert found.reason == "Attendance of 1 part is not noted yet."


def test_a_long_part_counts_more_than_a_short_one():
    planned = [Part(1, NINE, NINE + timedelta(hours=9)), Part(2, AFTER, AFTER + timedelta(hours=1))]

    assert attended(planned, {1: True, 2: False}).percent == 90
    assert attended(planned, {1: False, 2: True}).percent == 10


def test_percent_is_rounded_down_so_that_nearly_enough_is_not_enough():
    planned = parts(5)
    short = Part(9, AFTER, AFTER + timedelta(minutes=4))

    found = verdict(
        [*planned, short],
        dict.fromkeys(range(4), True) | {4: False, 9: False},
        at=AFTER + timedelta(hours=1),
    )

    assert found.reason == "Attended 79 % of what was planned; 80 % are needed."


@pytest.mark.parametrize(
    ("exam", "reason"),
    (
        (Exam.NONE, "The exam has no result yet."),
        (Exam.FAILED, "The exam was not passed."),
        (Exam.PASSED, "Attended 100 % of what was planned."),
    ),
)
def test_to_be_there_is_not_to_pass(exam, reason):
    found = verdict(parts(2), {0: True, 1: True}, has_exam=True, exam=exam)

    assert (found.is_earned, found.reason) == (exam == Exam.PASSED, reason)


def claim(name, starts_on, ends_on, includes_it=True):
    return Claim(name, Term(starts_on, ends_on, "Europe/Bucharest"), includes_it)


def test_what_includes_it_and_runs_gives_the_right_until_its_last_day():
    held = [
        claim("Premium of AXG-1", date(2026, 1, 1), date(2027, 1, 1), includes_it=False),
        claim("GoLive project “Move”", date(2026, 2, 1), date(2026, 5, 1)),
    ]

    found = training_right(held, ["a GoLive project"], at=NINE)

    assert found.is_given
    assert found.basis == "GoLive project “Move”"
    assert found.reason == "GoLive project “Move” includes technical training, until 30 April 2026."


@pytest.mark.parametrize(
    ("claims", "reason"),
    (
        (
            [("GoLive project “Move”", date(2026, 4, 1), date(2026, 5, 1))],
            "GoLive project “Move” begins on 1 April 2026: register from then on.",
        ),
        (
            [("GoLive project “Move”", date(2026, 1, 1), date(2026, 2, 1))],
            "GoLive project “Move” ended on 31 January 2026. Ask your account manager to go on.",
        ),
        (
            [],
            "Technical training comes with a GoLive project. "
            "Ask your account manager for an offer.",
        ),
    ),
)
def test_without_the_right_it_is_said_why_and_what_helps(claims, reason):
    found = training_right([claim(*one) for one in claims], ["a GoLive project"], at=NINE)

    assert not found.is_given
    assert found.reason == reason


def test_an_agenda_reads_back_as_it_was_written():
    days = [
        agenda.Day("Day 1: installation", ("First start", "Domains"), assumed=True),
        agenda.Day("Day 2", ()),
    ]

    assert agenda.read(agenda.write(days)) == days
    assert agenda.read("") == []


@pytest.mark.parametrize(
    ("text", "said"),
    (
        ("- a point", "Begin with a day"),
        ("#\n- a point", "needs a title"),
        ("# Day\n" + "x" * 201, "200 characters"),
        ("# Day\n" * 21, "20 days"),
    ),
)
def test_an_agenda_that_can_not_be_says_why(text, said):
    with pytest.raises(agenda.AgendaUnusable, match=said):
        agenda.read(text)


def test_times_are_by_the_clock_of_the_zone_in_summer_and_winter():
    found = times.read("2026-03-28 09:00-17:00\n\n2026-03-29 9:00 – 17:00\n", BUCHAREST)

    assert [one[0].hour for one in found] == [7, 6]
    assert times.read(times.write(found, BUCHAREST), BUCHAREST) == found


@pytest.mark.parametrize(
    ("text", "said"),
    (
        ("tomorrow at nine", "is no part"),
        ("2026-02-30 09:00-17:00", "no moment of a calendar"),
        ("2026-03-29 03:30-05:00", "the clock skips 03:30"),
    ),
)
def test_times_that_can_not_be_say_which_line(text, said):
    with pytest.raises(times.TimesUnusable, match=said):
        times.read(text, BUCHAREST)
