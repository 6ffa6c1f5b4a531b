"""The clocks of the acceptance stories, and the outcomes that pure rules decide."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from entitlements.rules.calendars import WEEKDAYS, NoWorkingTime, WorkingCalendar, problems
from entitlements.rules.terms import basic_term
from entitlements.rules.upgrades import due_after_upgrade

SCENARIOS = json.loads(
    (Path(__file__).parents[2] / "cases" / "scenarios.json").read_text(encoding="utf-8")
)["scenarios"]
STORIES = {story["id"]: story for story in SCENARIOS}
CLOCKS = [pytest.param(one, id=one["label"]) for story in SCENARIOS for one in story["clocks"]]


def calendar_of(facts: dict[str, Any]) -> WorkingCalendar:
    if facts.get("always"):
        return WorkingCalendar.always(facts["tz"])
    windows = facts.get("windows", [["08:00", "17:00"]])
    hours = dict.fromkeys(WEEKDAYS[:5], windows)
    return WorkingCalendar(facts["tz"], hours, facts.get("holidays", ()))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


BERLIN = calendar_of({"tz": "Europe/Berlin"})


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_clock_is_due_when_the_story_says(clock):
    calendar = calendar_of(clock["calendar"])
    pauses = [(moment(one), moment(two)) for one, two in clock["pauses"]]

    due = calendar.due(moment(clock["start"]), timedelta(seconds=clock["target_seconds"]), pauses)

    assert due == moment(clock["expected_due"]) == moment(clock["expected_due_utc"])


def test_s04_an_answer_after_closing_is_late_by_the_wall_clock_only():
    due, answered = moment("2026-01-19T17:00:00+01:00"), moment("2026-01-19T18:30:00+01:00")
    outcome = STORIES["S04"]["outcome"]

    assert (answered - due).total_seconds() == outcome["Y_late_elapsed_s"]
    assert BERLIN.worked(due, answered).total_seconds() == outcome["Y_late_business_s"]


def test_s16_a_calendar_that_never_opens_is_not_saved_and_gives_no_due_moment():
    assert problems("Europe/Berlin", {})

    with pytest.raises(NoWorkingTime):
        WorkingCalendar("Europe/Berlin", {}).due(datetime(2026, 6, 8, tzinfo=UTC), timedelta(1))


def test_s21_a_pause_that_never_ended_counts_up_to_the_solution():
    solved = moment("2026-02-05T15:00:00+01:00")
    pause = (moment("2026-02-02T10:00:00+01:00"), solved)

    worked = BERLIN.worked(moment("2026-02-02T08:00:00+01:00"), solved, [pause])

    assert worked.total_seconds() == STORIES["S21"]["outcome"]["elapsed_s"]


@pytest.mark.parametrize(
    ("effective", "story"),
    (("2026-06-16T11:00:00+02:00", "a"), ("2026-06-17T14:00:00+02:00", "b")),
)
def test_s24_an_upgrade_never_promises_later_than_before(effective, story):
    old_due = moment("2026-06-17T16:00:00+02:00")

    due = due_after_upgrade(
        old_due, moment(effective), timedelta(hours=6), WorkingCalendar.always("Europe/Berlin")
    )

    assert due == moment(STORIES["S24"]["outcome"][story])


def test_s27_basic_registered_on_a_leap_day_lasts_through_28_february():
    term = basic_term(date(2028, 2, 29), "Europe/Berlin")

    assert term.last_on == date.fromisoformat(STORIES["S27"]["outcome"]["ends_on"])
    assert term.contains(moment("2029-02-28T23:59:59+01:00"))
    assert not term.contains(moment("2029-03-01T00:00:00+01:00"))


def test_s29_a_report_received_on_the_last_day_is_covered():
    term = basic_term(date(2026, 3, 15), "Europe/Berlin")

    assert term.contains(moment("2027-03-15T23:58:00+01:00"))
    assert not term.contains(moment("2027-03-16T06:10:00+01:00"))
