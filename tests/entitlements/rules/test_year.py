"""A year of a calendar, day by day."""

from datetime import date, timedelta

import pytest

from entitlements.rules.calendars import WEEKDAYS, WorkingCalendar
from entitlements.rules.year import year_of

HOUR = timedelta(hours=1)
ALWAYS = {day: [("00:00", "24:00")] for day in WEEKDAYS}
OFFICE = {day: [("08:00", "12:00"), ("13:00", "17:00")] for day in WEEKDAYS[:5]}


def year(zone, number, hours=ALWAYS, holidays=(), overrides=None):
    calendar = WorkingCalendar(zone, hours, holidays, overrides)
    return year_of(calendar, number, hours=hours, holidays=holidays, overrides=overrides)


def day(found, month, number):
    return found.months[month - 1].days[number - 1]


def test_in_berlin_the_days_of_a_clock_change_have_23_and_25_hours():
    found = year("Europe/Berlin", 2026)

    spring, autumn = day(found, 3, 29), day(found, 10, 25)
    assert (spring.open, autumn.open) == (23 * HOUR, 25 * HOUR)
    assert [day.on for day in found.days if day.changes] == [spring.on, autumn.on]
    assert found.open == 8760 * HOUR


def test_a_clock_change_says_which_hours_are_skipped_and_which_come_twice():
    found = year("Europe/Berlin", 2026)

    [skipped], [repeated] = day(found, 3, 29).changes, day(found, 10, 25).changes
    assert (skipped.skipped, repeated.skipped) == (True, False)
    assert skipped.first.isoformat() == "2026-03-29T02:00:00"
    assert skipped.last.isoformat() == "2026-03-29T03:00:00"
    assert repeated.first.isoformat() == "2026-10-25T02:00:00"
    assert repeated.last.isoformat() == "2026-10-25T03:00:00"


def test_in_the_south_the_clock_goes_back_in_autumn_which_is_april():
    found = year("Australia/Sydney", 2026)

    assert day(found, 4, 5).open == 25 * HOUR
    assert day(found, 10, 4).open == 23 * HOUR


def test_a_change_of_half_an_hour_is_half_an_hour():
    found = year("Australia/Lord_Howe", 2026)

    assert day(found, 4, 5).open == 24.5 * HOUR
    [change] = day(found, 4, 5).changes
    assert change.last - change.first == HOUR / 2


def test_a_change_at_midnight_stands_at_the_day_whose_hour_is_skipped():
    found = year("Asia/Beirut", 2026)

    assert [one.on for one in found.days if one.changes] == [date(2026, 3, 29), date(2026, 10, 24)]
    assert day(found, 3, 29).open == 23 * HOUR


def test_a_zone_without_clock_changes_has_none():
    found = year("Asia/Kolkata", 2026)

    assert not any(one.changes for one in found.days)
    assert {one.open for one in found.days} == {24 * HOUR}


def test_a_leap_year_has_its_day():
    found = year("UTC", 2028)

    assert len(found.days) == 366
    assert found.months[1].open == 29 * 24 * HOUR
    assert found.open == 8784 * HOUR


def test_holidays_close_overrides_change_and_weekends_are_closed():
    found = year(
        "Europe/Berlin",
        2026,
        OFFICE,
        ["2026-12-25"],
        {"2026-12-24": [("08:00", "12:00")], "2026-12-25": [("08:00", "12:00")]},
    )

    plain, short, holiday, saturday = (day(found, 12, one) for one in (23, 24, 25, 26))
    assert (plain.open, plain.windows) == (8 * HOUR, (("08:00", "12:00"), ("13:00", "17:00")))
    assert short.is_override
    assert short.open == 4 * HOUR
    assert holiday.is_holiday
    assert not holiday.is_override
    assert holiday.is_closed
    assert saturday.is_closed
    assert not saturday.is_holiday


def test_the_months_of_a_year_add_up_to_what_the_calendar_says_was_worked():
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns"):
        found = year(zone, 2026, OFFICE)

        assert found.open == 261 * 8 * HOUR
        assert sum((month.open for month in found.months), timedelta()) == found.open


def test_a_month_begins_below_its_weekday():
    assert len(year("UTC", 2026).months[2].blanks) == 6  # 1 March 2026 is a Sunday


@pytest.mark.parametrize("number", (1969, 9999, 0))
def test_years_that_moments_can_not_hold_are_refused(number):
    with pytest.raises(ValueError, match="no year"):
        year("UTC", number)


@pytest.mark.parametrize(("number", "days"), ((1970, 365), (9998, 365)))
def test_the_first_and_the_last_year_that_moments_hold_are_shown(number, days):
    assert len(year("UTC", number).days) == days


def test_changes_on_the_last_day_of_a_year_belong_to_it_alone():
    """Dhaka put its clocks back at the end of 2009, Kiritimati left out the last day of 1994."""
    dhaka = [one.on for one in year("Asia/Dhaka", 2009).days if one.changes]
    kiritimati = [one.on for one in year("Pacific/Kiritimati", 1994).days if one.changes]

    assert dhaka == [date(2009, 6, 19), date(2009, 12, 31)]
    assert not any(one.changes for one in year("Asia/Dhaka", 2010).days)
    assert kiritimati == [date(1994, 12, 31)]
    assert not any(one.changes for one in year("Pacific/Kiritimati", 1995).days)


def test_the_days_at_both_ends_of_a_year_are_whole_in_every_zone():
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        found = year(zone, 2026)

        assert (found.days[0].open, found.days[-1].open) == (24 * HOUR, 24 * HOUR)
