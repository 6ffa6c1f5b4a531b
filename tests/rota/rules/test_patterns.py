from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entitlements.rules.calendars import WEEKDAYS, CalendarError
from rota.rules.cover import joined, without
from rota.rules.patterns import lay_out, problems, read_windows

NIGHTS = {day: [("22:00", "06:00")] for day in WEEKDAYS}
MONDAY = date(2026, 3, 2)

minutes = st.integers(0, 96).map(lambda quarter: quarter * 15)
zones = st.sampled_from(("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"))
mondays = st.integers(0, 200).map(lambda weeks: date(2025, 1, 6) + timedelta(weeks=weeks))
moments = st.integers(0, 500).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n))
spans = st.lists(st.tuples(moments, moments), max_size=8)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def test_a_night_shift_ends_on_the_next_day():
    (laid,) = lay_out("Europe/Berlin", {"mon": [("22:00", "06:00")]}, MONDAY, MONDAY)

    assert laid.day == MONDAY
    assert laid.starts_at == datetime(2026, 3, 2, 21, tzinfo=UTC)
    assert laid.ends_at == datetime(2026, 3, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), ((date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 3, 2), 8))
)
def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is(day, hours):
    (laid,) = lay_out("Europe/Berlin", NIGHTS, day, day)

    assert laid.ends_at - laid.starts_at == timedelta(hours=hours)


@pytest.mark.parametrize("window", (("01:15", "24:00"), ("20:00", "01:30")))
def test_a_shift_that_touches_the_hour_which_comes_twice_is_one(window):
    """On 2 November 2025 New York's clocks go back from 02:00 to 01:00."""
    day = date(2025, 11, 2) if window[0] == "01:15" else date(2025, 11, 1)
    weekly = {WEEKDAYS[day.weekday()]: [window if window[1] != "24:00" else ("01:15", "00:00")]}

    (laid,) = lay_out("America/New_York", weekly, day, day)

    hours = 23.75 if window[0] == "01:15" else 6.5
    assert laid.ends_at - laid.starts_at == timedelta(hours=hours)


def test_what_a_clock_change_skips_gives_no_shift():
    day = date(2026, 3, 29)

    assert lay_out("Europe/Berlin", {"sun": [("02:15", "02:45")]}, day, day) == []


@given(zone=zones, first=mondays, start=minutes, end=minutes)
def test_shifts_begin_and_end_at_the_hours_of_the_pattern(zone, first, start, end):
    weekly = {day: [(clock(start), clock(end))] for day in WEEKDAYS}
    if problems(zone, weekly):
        return
    last = first + timedelta(days=6)

    laid = lay_out(zone, weekly, first, last)

    assert all(first <= one.day <= last for one in laid)
    assert all(a.ends_at <= b.starts_at for a, b in zip(laid, laid[1:], strict=False))
    for one in laid:
        local = one.starts_at.astimezone(ZoneInfo(zone))
        assert local.date() == one.day
        nominal = timedelta(minutes=(end - start) % 1440 or 1440)
        assert abs(one.ends_at - one.starts_at - nominal) <= timedelta(hours=1)


@given(zone=zones, first=mondays, cut=st.integers(0, 12))
def test_laid_out_in_two_parts_is_the_same_as_at_once(zone, first, cut):
    middle, last = first + timedelta(days=cut), first + timedelta(days=13)

    parts = lay_out(zone, NIGHTS, first, middle)
    parts += lay_out(zone, NIGHTS, middle + timedelta(days=1), last)

    assert parts == lay_out(zone, NIGHTS, first, last)


@pytest.mark.parametrize(
    ("zone", "weekly", "words"),
    (
        ("Europe/Atlantis", NIGHTS, "no IANA time zone"),
        ("UTC", {"mon": [("08:00", "08:00")]}, "has no length"),
        ("UTC", {"mon": [("08:00", "12:00"), ("11:00", "13:00")]}, "overlaps"),
        ("UTC", {"mon": [("22:00", "06:00")], "tue": [("05:00", "09:00")]}, "Tuesday at 05:00"),
        ("UTC", {"sun": [("22:00", "06:00")], "mon": [("05:00", "09:00")]}, "Monday at 05:00"),
        ("UTC", {"mon": []}, "no shift at all"),
        ("UTC", {"mon": [("25:00", "26:00")]}, "no time of the day"),
        ("UTC", {"noday": [("08:00", "09:00")]}, "no weekday noday"),
    ),
)
def test_what_can_not_be_is_said_in_a_sentence(zone, weekly, words):
    assert words in " ".join(problems(zone, weekly))


def test_round_the_clock_is_a_pattern():
    assert problems("UTC", {day: [("00:00", "24:00")] for day in WEEKDAYS}) == []


def test_windows_are_read_as_people_type_them():
    assert read_windows(" 08:00 - 12:00, 22:00–06:00") == [("08:00", "12:00"), ("22:00", "06:00")]
    assert read_windows("") == []
    with pytest.raises(CalendarError, match="no window"):
        read_windows("all day")


@given(span=st.tuples(moments, moments), taken=spans, probe=moments)
def test_a_moment_is_left_just_when_nothing_takes_it(span, taken, probe):
    left = without(span, taken)

    expected = span[0] <= probe < span[1] and not any(a <= probe < b for a, b in taken)
    assert any(a <= probe < b for a, b in left) == expected
    assert joined(left) == left


@pytest.mark.parametrize(
    "window", (("24:00", "06:00"), ("06:00", "06:00"), ("08:60", "09:00"), ("24:01", "08:00"))
)
def test_a_shift_has_a_length_and_times_of_the_day(window):
    [sentence] = problems("UTC", {"wed": [window]})

    assert "no length" in sentence or "no time of the day" in sentence


def test_the_last_minute_of_an_hour_and_midnight_are_times_of_the_day():
    assert problems("UTC", {"mon": [("22:59", "24:00")], "tue": [("00:00", "05:00")]}) == []
