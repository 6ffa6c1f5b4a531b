"""Every fact of `tests/cases` holds, and the calendar agrees with counting minute by minute."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
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
        "America/St_Johns",
    ]
)
# Around a clock change of each zone above (Apia left out 30 December 2011), or anywhere.
changes = st.sampled_from(
    [
        date(2010, 11, 7),
        date(2011, 12, 30),
        date(2018, 2, 18),
        date(2018, 11, 4),
        date(2026, 2, 15),
        date(2026, 3, 8),
        date(2026, 3, 22),
        date(2026, 3, 29),
        date(2026, 4, 5),
        date(2026, 10, 25),
    ]
).map(lambda day: datetime.combine(day, time(), tzinfo=UTC).replace(tzinfo=None))
starts = st.one_of(
    st.datetimes(*(moment.replace(tzinfo=None) for moment in YEARS)),
    st.builds(lambda day, hours: day - timedelta(hours=hours), changes, st.integers(-30, 60)),
).map(lambda naive: naive.replace(second=0, microsecond=0, tzinfo=UTC))
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


def open_minute(facts: dict[str, Any], at: datetime) -> bool:
    """Plainly by the wall clock: the definition of working time."""
    local = at.astimezone(ZoneInfo(facts["timezone"]))
    day = f"{local:%Y-%m-%d}"
    if day in facts["holidays"]:
        return False
    spans = facts["overrides"].get(day, facts["hours"][WEEKDAYS[local.weekday()]])
    return any(start <= f"{local:%H:%M}" < end for start, end in spans)


@st.composite
def calendars(draw: st.DrawFn) -> dict[str, Any]:
    """Facts of a calendar, and a `start` with holidays and overrides near it."""
    start = draw(starts)
    near = st.integers(-2, 6).map(lambda days: f"{start + timedelta(days=days):%Y-%m-%d}")
    return {
        "timezone": draw(zones),
        "hours": draw(weeks),
        "holidays": draw(st.lists(near, max_size=2)),
        "overrides": draw(st.dictionaries(near, windows, max_size=2)),
        "start": start,
    }


def built(facts: dict[str, Any]) -> WorkingCalendar:
    return WorkingCalendar(facts["timezone"], facts["hours"], facts["holidays"], facts["overrides"])


@settings(max_examples=50, deadline=None)
@given(facts=calendars(), length=st.integers(0, 3 * 24 * 60))
def test_worked_and_segments_equal_counting_minute_by_minute(facts, length):
    calendar, start = built(facts), facts["start"]
    end = start + timedelta(minutes=length)
    minutes = [start + timedelta(minutes=number) for number in range(length)]
    counted = [at for at in minutes if open_minute(facts, at)]

    pieces = calendar.segments(start, end)

    assert calendar.worked(start, end) == timedelta(minutes=len(counted))
    assert sum((one.length for one in pieces), timedelta(0)) == calendar.worked(start, end)
    zone = ZoneInfo(facts["timezone"])
    assert {one.day for one in pieces} == {at.astimezone(zone).date() for at in counted}
    assert pieces == sorted(pieces, key=lambda one: one.start)


@settings(max_examples=50, deadline=None)
@given(facts=calendars(), target=st.integers(1, 2000))
def test_due_and_next_open_equal_counting_minute_by_minute(facts, target):
    calendar, start = built(facts), facts["start"]
    minutes = [start + timedelta(minutes=number) for number in range(4 * 24 * 60)]
    counted = [at for at in minutes if open_minute(facts, at)]

    if counted:
        assert calendar.next_open(start) == counted[0]
    if len(counted) >= target:
        due = calendar.due(start, timedelta(minutes=target))
        assert due == counted[target - 1] + timedelta(minutes=1)


@settings(max_examples=50, deadline=None)
@given(
    facts=calendars(),
    cuts=st.lists(st.integers(0, 90 * 86_400 * 10**6), min_size=3, max_size=3).map(sorted),
)
def test_worked_adds_up_to_the_microsecond(facts, cuts):
    calendar = built(facts)
    one, two, three = (facts["start"] + timedelta(microseconds=cut) for cut in cuts)

    together = calendar.worked(one, two) + calendar.worked(two, three)

    assert together == calendar.worked(one, three)
    assert calendar.worked(one, three, [(one, two)]) == calendar.worked(two, three)


@settings(max_examples=150, deadline=None)
@given(
    facts=calendars(),
    target=st.integers(1, 90 * 86_400 * 10**6).map(lambda n: timedelta(microseconds=n)),
    pause=st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)),
)
def test_due_is_the_earliest_moment_with_the_target_worked(facts, target, pause):
    calendar, start = built(facts), facts["start"]
    begins = start + timedelta(minutes=pause[0])
    pauses = [(begins, begins + timedelta(minutes=pause[1]))]

    due = calendar.due(start, target, pauses)

    assert calendar.worked(start, due, pauses) == target
    assert calendar.worked(start, due - timedelta(microseconds=1), pauses) < target


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


def test_a_holiday_beats_an_override_and_an_override_the_week():
    calendar = WorkingCalendar(
        "Europe/Berlin",
        OFFICE,
        holidays=["2026-06-15"],
        overrides={
            "2026-06-15": [("08:00", "12:00")],
            "2026-06-16": [("10:00", "11:00")],
            "2026-06-20": [("09:00", "10:00")],  # a Saturday
        },
    )

    pieces = calendar.segments(
        moment("2026-06-14T00:00:00+02:00"), moment("2026-06-21T00:00:00+02:00")
    )

    assert [(one.day.day, one.length) for one in pieces] == [
        (16, timedelta(hours=1)),
        (17, timedelta(hours=9)),
        (18, timedelta(hours=9)),
        (19, timedelta(hours=9)),
        (20, timedelta(hours=1)),
    ]


def test_a_far_target_lands_on_the_closing_time_too():
    calendar = WorkingCalendar("Europe/Berlin", OFFICE)

    due = calendar.due(moment("2026-01-05T08:00:00+01:00"), timedelta(hours=9) * 5 * 40)

    assert due == moment("2026-10-09T17:00:00+02:00")


@pytest.mark.parametrize(
    "timezone", ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe")
)
def test_long_spans_are_the_sum_of_their_days(timezone):
    closed = [f"2026-{month:02d}-11" for month in range(1, 13)]
    short = {f"2027-{month:02d}-03": [("22:00", "24:00")] for month in range(1, 13)}
    calendar = WorkingCalendar(
        timezone, {**OFFICE, "sun": [("00:00", "06:00"), ("20:00", "24:00")]}, closed, short
    )
    start = moment("2025-12-01T05:30:00Z")
    days = [start + timedelta(days=number) for number in range(901)]
    daily = [calendar.worked(one, two) for one, two in pairwise(days)]

    for length in range(15, 901, 59):
        whole = sum(daily[:length], timedelta(0))
        assert calendar.worked(start, days[length]) == whole
        due = calendar.due(start, whole)
        assert calendar.worked(due, days[length]) == timedelta(0)
        assert calendar.worked(start, due - timedelta(microseconds=1)) < whole


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_round_the_clock_is_what_opens_all_week_however_it_is_written():
    halves = {day: [("00:00", "12:00"), ("12:00", "24:00")] for day in WEEKDAYS}

    assert WorkingCalendar.always("Europe/Berlin").is_round_the_clock
    assert WorkingCalendar("UTC", halves).is_round_the_clock
    assert not WorkingCalendar("UTC", halves, ["2026-12-25"]).is_round_the_clock
    assert not WorkingCalendar("UTC", OFFICE).is_round_the_clock
    assert not WorkingCalendar("UTC", OFFICE | {"sun": [("00:00", "24:00")]}).is_round_the_clock


def test_a_target_of_nothing_is_due_at_once_and_one_below_is_none():
    calendar, sunday = WorkingCalendar("UTC", OFFICE), utc(2026, 3, 1, 12)

    assert calendar.due(sunday, timedelta(0)) == sunday
    assert calendar.due(sunday, timedelta(microseconds=1)) == utc(2026, 3, 2, 8) + timedelta(
        microseconds=1
    )
    with pytest.raises(ValueError, match="not negative"):
        calendar.due(sunday, timedelta(microseconds=-1))


def test_what_is_worked_when_a_pause_begins_is_due_then_and_not_after_the_pause():
    calendar, pause = WorkingCalendar("UTC", OFFICE), (utc(2026, 3, 2, 9), utc(2026, 3, 2, 11))

    assert calendar.due(utc(2026, 3, 2, 8), timedelta(hours=1), [pause]) == utc(2026, 3, 2, 9)


def test_a_pause_that_runs_backwards_is_none_and_those_after_it_count():
    calendar = WorkingCalendar("UTC", OFFICE)
    pauses = [(utc(2026, 3, 2, 9), utc(2026, 3, 2, 8)), (utc(2026, 3, 2, 10), utc(2026, 3, 2, 11))]

    assert calendar.due(utc(2026, 3, 2, 8), timedelta(hours=3), pauses) == utc(2026, 3, 2, 12)


def test_a_local_day_over_midnight_of_utc_is_one_piece():
    calendar = WorkingCalendar("America/New_York", {"mon": [("08:00", "24:00")]})

    [one] = calendar.segments(utc(2026, 3, 1), utc(2026, 3, 6))

    assert (one.day, one.start, one.length) == (
        date(2026, 3, 2),
        utc(2026, 3, 2, 13),
        timedelta(hours=16),
    )


def test_no_promise_ends_after_the_end_of_time():
    always, office = WorkingCalendar.always("UTC"), WorkingCalendar("UTC", OFFICE)
    hour = timedelta(hours=1)

    assert always.due(utc(9999, 12, 27, 22), hour) == utc(9999, 12, 27, 23)
    with pytest.raises(NoWorkingTime):
        always.due(utc(9999, 12, 28), hour)
    with pytest.raises(NoWorkingTime):
        office.due(utc(9998, 1, 1), 20_000 * hour)


def test_a_search_goes_on_for_two_hundred_years_and_no_longer():
    calendar = WorkingCalendar("UTC", {"mon": [("08:00", "09:00")]})
    start = utc(2026, 3, 2)

    far = calendar.due(start, timedelta(hours=150 * 52))
    assert far == start + timedelta(weeks=150 * 52 - 1, hours=9)
    with pytest.raises(NoWorkingTime):
        calendar.due(start, timedelta(hours=202 * 53))


@pytest.mark.parametrize("opens_on", ("2026-09-14", "2026-09-15", "2026-09-16", "2030-04-01"))
def test_the_only_days_on_which_it_opens_are_found_wherever_they_are(opens_on):
    """Also in Samoa, where the evening is the next day of UTC; sums are made of 256 days."""
    first, last = date(2025, 12, 31), date.fromisoformat(opens_on)
    overrides = {str(one): [("20:00", "21:00")] for one in (first, last)}
    calendar = WorkingCalendar("Pacific/Pago_Pago", {}, (), overrides)

    due = calendar.due(utc(2025, 12, 1), timedelta(hours=2))

    assert due == datetime.combine(last + timedelta(days=1), time(8), UTC)
    with pytest.raises(NoWorkingTime):
        calendar.due(utc(2025, 12, 1), timedelta(hours=2, microseconds=1))


def test_long_spans_add_up_from_whatever_day_on():
    calendar = WorkingCalendar("Europe/Berlin", OFFICE, ["2026-05-01"])
    end = utc(2027, 6, 1)

    for number in range(300):
        start = utc(2026, 1, 1, 10) + timedelta(days=number)
        soon = start + timedelta(days=3)
        assert calendar.worked(start, end) == calendar.worked(start, soon) + calendar.worked(
            soon, end
        )
        assert calendar.worked(utc(2025, 1, 1), start) == calendar.worked(
            utc(2025, 1, 1), soon
        ) - calendar.worked(start, soon)


def test_windows_that_touch_do_not_overlap_and_are_to_be_saved():
    assert problems("UTC", {"mon": [("08:00", "12:00"), ("12:00", "17:00")]}) == []


@pytest.mark.parametrize(
    ("holidays", "overrides", "said"),
    (
        (["2026-12-25", "2026-12-25"], {}, "2026-12-25 stands there twice"),
        (["1999-12-31", "2026-12-25"], {}, "1999-12-31 is no day of our time"),
        (["2101-01-01"], {}, "2101-01-01 is no day of our time"),
        ([], {"2101-01-01": []}, "2101-01-01 is no day of our time"),
    ),
)
def test_single_days_that_nobody_can_have_meant_are_not_to_be_saved(holidays, overrides, said):
    [sentence] = problems("UTC", OFFICE, holidays, overrides)

    assert said in sentence


def test_the_first_and_the_last_day_of_our_time_can_be_meant():
    assert problems("UTC", OFFICE, ["2000-01-01", "2100-12-31"], {"2000-01-02": []}) == []


@pytest.mark.parametrize("window", (("08:00", "08:00"), ("08:00", "08:60"), ("23:00", "24:01")))
def test_a_window_has_a_length_and_times_of_the_day(window):
    with pytest.raises(CalendarError):
        WorkingCalendar("UTC", {"mon": [window]})
    [sentence] = problems("UTC", {"mon": [window]})
    assert sentence


def test_the_last_minute_of_an_hour_and_midnight_are_times_of_the_day():
    calendar = WorkingCalendar("UTC", {"mon": [("22:59", "24:00")]})

    assert calendar.worked(utc(2026, 3, 2), utc(2026, 3, 3)) == timedelta(minutes=61)


def test_a_word_is_no_time_of_the_day():
    with pytest.raises(CalendarError, match="no time of the day"):
        WorkingCalendar("UTC", {"mon": [("noon", "17:00")]})
