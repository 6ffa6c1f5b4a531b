"""N9 and N10: the cut-over by the clock, the way back, what votes come to; the managers' texts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engagements.rules.books import (
    BookFault,
    offset_said,
    parse_offset,
    read_cut_over,
    read_run_book,
    read_sheet,
)
from engagements.rules.catalogue import FORMATS
from engagements.rules.cutover import Timed, Window, faults, starts_of, turn_by
from engagements.rules.gonogo import Asked, Voter, outcome

START = datetime(2026, 6, 6, 20, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=4))
STEPS = [
    Timed("Lower the TTL", -2880, 10),
    Timed("Last synchronisation", 0, 60),
    Timed("Switch the MX", 60, 10),
    Timed("Old delivery off", 120, 10, is_no_return=True),
]


def test_a_plan_that_holds():
    assert faults(STEPS, [60, 60], WINDOW) == []
    assert turn_by(WINDOW, [60, 60]) == START + timedelta(hours=2)  # the very moment of the last
    assert starts_of(STEPS[0], WINDOW) == START - timedelta(days=2)


@pytest.mark.parametrize(
    ("steps", "back", "said"),
    (
        ([], [60], "no step"),
        (STEPS[:3], [60], "point of no return"),
        (STEPS, [], "no way back"),
        (STEPS, [60, 61], "“Old delivery off” begins 2:00 h after the start"),
        ([*STEPS, Timed("Watch", 200, 60)], [10], "take until 4:20 h after the start"),
        ([*STEPS, Timed("Compare", 30, 30)], [10], "“Compare” begins before “Last sync"),
    ),
)
def test_what_is_wrong_with_a_plan_is_said(steps, back, said):
    assert any(said in one for one in faults(steps, back, WINDOW))


def voter(vote="go", *, is_customer=True, name="Ana Pop"):
    return Voter("Head of IT", name, is_customer, vote)


OURS = voter(is_customer=False, name="Bo")


@pytest.mark.parametrize(
    ("results", "voters", "decision", "said"),
    (
        (("met", "waived"), (voter(), OURS), "go", ""),
        (("met", ""), (voter(), OURS), "", "1 of 2 criteria"),
        (("met",), (voter(""), OURS), "", "the vote of Ana Pop (Head of IT)"),
        (("met",), (voter(),), "", "a vote of each side"),
        (("met",), (OURS,), "", "a vote of each side"),
        (("", ""), (voter("no_go"), voter("", is_customer=False)), "no_go", "Ana Pop, says no"),
        (("not_met", ""), (voter(), OURS), "no_go", "not met: Criterion 0"),
    ),
)
def test_what_criteria_and_votes_come_to(results, voters, decision, said):
    asked = [Asked(f"Criterion {place}", one) for place, one in enumerate(results)]

    found = outcome(asked, voters)

    assert found.decision == decision
    assert said in "; ".join(found.reasons)


def test_every_list_as_delivered_can_be_read():
    for one in FORMATS.values():
        one.check(one.delivered())
    plan = read_cut_over(FORMATS["cut_over"].delivered())
    timed = [Timed(s.title, s.offset or 0, s.minutes or 0, s.is_no_return) for s in plan.steps]
    assert faults(timed, [one.minutes or 0 for one in plan.back], WINDOW) == []
    assert [one.for_customer for one in plan.steps[:3]] == [True, True, False]
    assert len({one.section for one in read_run_book(FORMATS["run_book"].delivered())}) == 4


@pytest.mark.parametrize(
    ("read", "text", "said"),
    (
        (read_run_book, "", "at least one"),
        (read_run_book, "- Rack | Team", "Line 1: a step stands below"),
        (read_run_book, "Hosts\n- Rack", "Line 2: write - step"),
        (read_cut_over, "0:00 | 10 | Stop | Team", "a way back"),
        (read_cut_over, "0:00 | 10 | Stop | Team\nway back\n5 | Back | Team", "point of no return"),
        (read_cut_over, "0:75 | 10 | Stop | Team", "no time such as"),
        (read_cut_over, "0:00 | soon | Stop | Team", "whole minutes"),
        (read_cut_over, "0:00 | 10 | Stop | Team | maybe", "Line 1: write"),
        (read_sheet, "criteria\n- Fresh\nroles\n- Head | customer", "Both sides"),
        (read_sheet, "roles\n- Head | customer\n- Us | vendor", "at least one criterion"),
        (read_sheet, "criteria\n- Fresh\nroles\n- Head | moon", "Line 4"),
        (read_sheet, "something", "Line 1"),
    ),
)
def test_a_text_that_makes_no_list_says_which_line(read, text, said):
    with pytest.raises(BookFault, match=said):
        read(text)


@pytest.mark.parametrize(("text", "minutes"), (("0:30", 30), ("-48:00", -2880), ("71:59", 4319)))
def test_times_are_read_as_they_are_written(text, minutes):
    assert parse_offset(text) == minutes
    assert offset_said(minutes) == text


@pytest.mark.parametrize("text", ("", "1", "1:60", "9999:00", "x:00", "--1:00"))
def test_what_is_no_time(text):
    assert parse_offset(text) is None
