from datetime import UTC, date, datetime, timedelta

import pytest

from reports.rules.months import Month


@pytest.mark.parametrize(
    "text",
    ("", "2026", "2026-13", "2026-00", "26-10", "2026-1", "2026-10-01", " 2026-10", "٢٠٢٦-١٠"),
)
def test_what_is_no_month_is_refused_in_one_clear_sentence(text):
    with pytest.raises(ValueError, match="month") as refusal:
        Month.parse(text)

    assert "\n" not in str(refusal.value)


def test_a_month_reads_back_as_it_was_written():
    month = Month.parse("2026-02")

    assert (str(month), month.label) == ("2026-02", "February 2026")
    assert (month.first_on, month.last_on) == (date(2026, 2, 1), date(2026, 2, 28))


def test_months_count_over_new_year():
    assert str(Month.parse("2026-01").previous()) == "2025-12"
    assert str(Month.parse("2026-12").next()) == "2027-01"
    assert str(Month.parse("2026-03").shifted(-5)) == "2025-10"


@pytest.mark.parametrize(
    ("timezone", "month", "start", "end"),
    (
        ("Europe/Bucharest", "2026-10", "2026-09-30T21:00Z", "2026-10-31T22:00Z"),
        ("Pacific/Auckland", "2026-04", "2026-03-31T11:00Z", "2026-04-30T12:00Z"),
        ("Asia/Kolkata", "2026-06", "2026-05-31T18:30Z", "2026-06-30T18:30Z"),
        # 1 October 2017 began at 01:00 there: midnight was skipped
        ("America/Asuncion", "2017-10", "2017-10-01T04:00Z", "2017-11-01T03:00Z"),
    ),
)
def test_a_month_lasts_from_local_midnight_to_local_midnight(timezone, month, start, end):
    bounds = Month.parse(month).bounds(timezone)

    assert bounds == (datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert all(moment.utcoffset() == timedelta(0) for moment in bounds)


def test_a_moment_belongs_to_the_month_of_the_zones_own_calendar():
    moment = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)

    assert str(Month.of(moment, "Europe/Bucharest")) == "2026-10"
    assert str(Month.of(moment, "UTC")) == "2026-09"


@pytest.mark.parametrize("timezone", ("Mars/Phobos", "", "../etc/passwd", "Europe"))
def test_a_zone_that_does_not_exist_is_named(timezone):
    with pytest.raises(ValueError, match="not an IANA time zone"):
        Month.parse("2026-10").bounds(timezone)


@pytest.mark.parametrize("month", ("2026-02", "2026-10", "2021-02", "2027-05"))
def test_the_weeks_are_together_the_whole_month(month):
    weeks = Month.parse(month).weeks()

    days = [
        first + timedelta(days=n) for first, last in weeks for n in range((last - first).days + 1)
    ]
    assert days[0] == Month.parse(month).first_on
    assert days == [days[0] + timedelta(days=n) for n in range(Month.parse(month).last_on.day)]
    assert all(first.weekday() == 0 for first, _ in weeks[1:])
