"""Every fact of `tests/cases` holds, and the calendar agrees with counting minute by minute."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitlements.rules.calendars import (
    WEEKDAYS,
    CalendarError,
    NoWorkingTime,
    WorkingCalendar,
    problems,
)

CASES = Path(__file__).parents[2] / "cases"
OFFICE = {day: [("08:00", "17:00")] for day in WEEKDAYS[:5]}


def cases() -> list[Any]:
    found = []
    for name in ("working_time", "working_time_random"):
        for case in json.loads((CASES / f"{name}.json").read_text())["cases"]:
            found.append(pytest.param(case, id=case["id"]))
    return found


def calendar_of(case: dict[str, Any]) -> WorkingCalendar:
    facts = case["calendar"]
    return WorkingCalendar(
        facts["timezone"],
        facts["hours"],
        facts.get("holidays", ()),
        facts.get("overrides", {}),
    )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("case", cases())
def test_case(case):
    calendar = calendar_of(case)
    start = moment(case["start"])
    pauses = [(moment(one), moment(two)) for one, two in case.get("pauses", [])]

    if case["kind"] == "deadline":
        target = timedelta(minutes=case["target_minutes"])
        assert calendar.due(start, target, pauses) == moment(case["expect_deadline"])
    elif case["kind"] == "elapsed":
        worked = calendar.worked(start, moment(case["end"]), pauses)
        expected = timedelta(minutes=case["expect_elapsed_minutes"])
        assert abs(worked - expected) < timedelta(milliseconds=5)  # given in rounded minutes
    else:
        assert calendar.next_open(start) == moment(case["expect_next_open"])


YEARS = (datetime(2011, 12, 20, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))

zones = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kolkata",
        "America/Sao_Paulo",
        "Pacific/Apia",
    ]
)
starts = st.datetimes(*(moment.replace(tzinfo=None) for moment in YEARS)).map(
    lambda naive: naive.replace(second=0, microsecond=0, tzinfo=UTC)
)
windows = st.lists(
    st.tuples(st.integers(0, 23 * 60), st.integers(1, 600)).map(
        lambda one: (_clock(one[0]), _clock(min(one[0] + one[1], 24 * 60)))
    ),
    max_size=3,
)
weeks = st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, windows)).filter(
    lambda week: any(week.values())
)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def open_minute(week: dict[str, list[tuple[str, str]]], zone: ZoneInfo, at: datetime) -> bool:
    local = at.astimezone(zone)
    spans = week[WEEKDAYS[local.weekday()]]
    return any(start <= f"{local:%H:%M}" < end for start, end in spans)


@settings(max_examples=60, deadline=None)
@given(zone=zones, start=starts, week=weeks, length=st.integers(0, 5 * 24 * 60))
def test_worked_equals_counting_minute_by_minute(zone, start, week, length):
    calendar = WorkingCalendar(zone, week)
    counted = sum(
        open_minute(week, ZoneInfo(zone), start + timedelta(minutes=number))
        for number in range(length)
    )

    worked = calendar.worked(start, start + timedelta(minutes=length))

    assert worked == timedelta(minutes=counted)


@settings(max_examples=150, deadline=None)
@given(
    zone=zones,
    start=starts,
    week=weeks,
    target=st.integers(1, 60 * 24 * 90).map(lambda n: timedelta(minutes=n)),
    pause=st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)),
)
def test_due_is_the_earliest_moment_with_the_target_worked(zone, start, week, target, pause):
    calendar = WorkingCalendar(zone, week)
    begins = start + timedelta(minutes=pause[0])
    pauses = [(begins, begins + timedelta(minutes=pause[1]))]

    due = calendar.due(start, target, pauses)

    assert calendar.worked(start, due, pauses) == target
    assert calendar.worked(start, due - timedelta(seconds=1), pauses) < target


def test_due_is_the_closing_time_and_not_the_next_opening():
    calendar = WorkingCalendar("Europe/Berlin", OFFICE)

    due = calendar.due(moment("2026-01-19T08:00:00+01:00"), timedelta(hours=9))

    assert due == moment("2026-01-19T17:00:00+01:00")


def test_a_target_of_two_years_of_working_time_is_found():
    calendar = WorkingCalendar("Europe/Berlin", OFFICE, holidays=["2026-12-25"])
    start = moment("2026-01-05T08:00:00+01:00")

    due = calendar.due(start, timedelta(hours=9) * 520)

    assert calendar.worked(start, due) == timedelta(hours=9) * 520


def test_segments_say_what_each_day_counts():
    calendar = WorkingCalendar("Europe/Berlin", OFFICE)

    pieces = calendar.segments(
        moment("2026-01-19T16:30:00+01:00"), moment("2026-01-20T09:00:00+01:00")
    )

    assert [(f"{one.day}", one.length) for one in pieces] == [
        ("2026-01-19", timedelta(minutes=30)),
        ("2026-01-20", timedelta(hours=1)),
    ]


def test_a_calendar_that_never_opens_reaches_no_target():
    calendar = WorkingCalendar("Europe/Berlin", {})

    with pytest.raises(NoWorkingTime, match="working hours"):
        calendar.due(moment("2026-01-19T08:00:00Z"), timedelta(hours=1))


def test_overlapping_windows_count_once_but_are_not_to_be_saved():
    hours = {**OFFICE, "mon": [("08:00", "12:30"), ("12:00", "17:00")]}

    due = WorkingCalendar("Europe/Berlin", hours).due(
        moment("2026-06-08T08:00:00+02:00"), timedelta(hours=24)
    )

    assert due == moment("2026-06-10T14:00:00+02:00")
    assert problems("Europe/Berlin", hours) == [
        "On Monday the windows 08:00 to 12:30 and 12:00 to 17:00 overlap. Join them, or move one."
    ]


def test_a_calendar_without_any_window_is_not_to_be_saved():
    assert problems("Europe/Berlin", {}) == [
        "The calendar never opens. Give at least one weekday a window."
    ]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    (
        ({"timezone": "CET+1", "hours": OFFICE}, "no IANA time zone"),
        ({"timezone": "UTC", "hours": {"monday": []}}, "no weekday monday"),
        ({"timezone": "UTC", "hours": {"mon": [("17:00", "08:00")]}}, "ends after it starts"),
        ({"timezone": "UTC", "hours": {"mon": [("8", "17:00")]}}, "no time of the day"),
        ({"timezone": "UTC", "hours": {"mon": [("08:00", "25:00")]}}, "after midnight"),
        ({"timezone": "UTC", "hours": OFFICE, "holidays": ["25.12."]}, "no date"),
    ),
)
def test_nonsense_is_refused_with_what_is_wrong(facts, sentence):
    with pytest.raises(CalendarError, match=sentence):
        WorkingCalendar(**facts)


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="without a time zone"):
        WorkingCalendar.always("UTC").due(datetime(2026, 1, 1), timedelta(hours=1))  # noqa: DTZ001


def test_a_clock_that_falls_back_over_midnight_repeats_the_minutes_of_both_days():
    # Newfoundland changed at 00:01 until 2011: half past eleven of Saturday came after Sunday.
    calendar = WorkingCalendar(
        "America/St_Johns",
        {"sat": [("00:00", "24:00")], "sun": [("00:00", "24:00")]},
    )
    first_sunday_minute = moment("2010-11-07T00:00:30-02:30")
    second_saturday_hour = moment("2010-11-06T23:30:30-03:30")

    assert calendar.worked(first_sunday_minute, second_saturday_hour) == timedelta(minutes=30)
    assert calendar.due(first_sunday_minute, timedelta(minutes=30)) == second_saturday_hour
    assert [
        one.day.day for one in calendar.segments(first_sunday_minute, second_saturday_hour)
    ] == [
        7,
        6,
    ]
