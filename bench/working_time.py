"""`WorkingCalendar.due` against a plain loop over the days, for targets of a day to ten years."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench.tools.measure import milliseconds, print_table
from entitlements.rules.calendars import WorkingCalendar

ZONE = "Europe/Berlin"
OFFICE = {day: [("08:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
HOLIDAYS = [f"{year}-{day}" for year in range(2026, 2040) for day in ("01-01", "05-01", "12-25")]
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REPEAT = 100  # a single one is too quick for the clock

# What a promise of that span comes to in working hours, nine a day.
SPANS = (
    ("1 day", timedelta(hours=9)),
    ("1 month", timedelta(hours=9 * 21)),
    ("1 year", timedelta(hours=9 * 250)),
    ("10 years", timedelta(hours=9 * 2500)),
)


def by_days(start: datetime, target: timedelta) -> datetime:
    """The plain loop: every local day, its window turned into UTC, until the target is used up."""
    zone, closed = ZoneInfo(ZONE), set(HOLIDAYS)
    day = start.astimezone(zone).date()
    while True:
        if day.weekday() < 5 and day.isoformat() not in closed:
            opens = datetime.combine(day, time(8), zone).astimezone(UTC)
            closes = datetime.combine(day, time(17), zone).astimezone(UTC)
            begins = max(opens, start)
            if closes - begins >= target:
                return begins + target
            target -= max(closes - begins, timedelta(0))
        day += timedelta(days=1)


def main() -> None:
    office = WorkingCalendar(ZONE, OFFICE, HOLIDAYS)
    print_table(
        "Working time: microseconds of one `due`",
        ("target", "calendar, new", "calendar, kept", "day by day"),
        [(name, *_microseconds(office, target)) for name, target in SPANS],
    )


def _microseconds(office: WorkingCalendar, target: timedelta) -> tuple[float, float, float]:
    """Of a calendar just built, of one that is kept as `current.working_calendar` does, plain."""
    assert office.due(START, target) == by_days(START, target)

    def new() -> object:
        return WorkingCalendar(ZONE, OFFICE, HOLIDAYS).due(START, target)

    def kept() -> None:
        for _ in range(REPEAT):
            office.due(START, target)

    return (
        milliseconds(new) * 1000,
        milliseconds(kept) * 1000 / REPEAT,
        milliseconds(lambda: by_days(START, target)) * 1000,
    )


if __name__ == "__main__":
    main()
