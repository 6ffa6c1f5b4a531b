"""Our working time against `businesstimedelta` and `business-duration`, on the acceptance cases.

Each is asked what it can be told: none knows pauses or exceptional days, `business-duration` only
one window for all days, and no "when is it due?". An answer is right where it is the case's to the
second.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytz
from business_duration import businessDuration
from businesstimedelta import BusinessTimeDelta, HolidayRule, Rules, WorkDayRule

from bench.tools.measure import milliseconds, print_table, times_as_long
from entitlements.rules.calendars import WorkingCalendar

Answer = Callable[[], object]
Case = dict[str, Any]

CASES = Path(__file__).parents[1] / "tests" / "cases"
FILES = ("working_time.json", "working_time_random.json")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BERLIN: Case = {
    "timezone": "Europe/Berlin",
    "hours": {day: [["09:00", "17:00"]] for day in DAYS[:5]},
    "holidays": [f"{year}-{day}" for year in range(2026, 2042) for day in ("01-01", "12-25")],
}
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SPANS = (("1 day", 8), ("1 month", 8 * 21), ("1 year", 8 * 250), ("10 years", 8 * 2500))


def main() -> None:
    cases = [one for name in FILES for one in json.loads((CASES / name).read_text())["cases"]]
    dues = [one for one in cases if one["kind"] == "deadline" and _is_plain(one)]
    spans = [one for one in cases if one["kind"] == "elapsed" and _is_plain(one)]
    for title, asked, peer, ask in (
        ("due, cases that businesstimedelta can be told", dues, delta_due, our_due),
        ("worked, cases that businesstimedelta can be told", spans, delta_worked, our_worked),
        (
            "worked, cases that business-duration can be told",
            spans,
            duration_worked,
            our_worked,
        ),
    ):
        _compare(title, asked, peer, ask)
    print_table(
        "One `due`, by its length, in microseconds",
        ("working time", "ours", "businesstimedelta", "theirs against ours"),
        [_by_length(name, hours) for name, hours in SPANS],
    )


def our_due(case: Case) -> Answer:
    return partial(_ours(case).due, _at(case["start"]), _target(case))


def our_worked(case: Case) -> Answer:
    return partial(_ours(case).worked, _at(case["start"]), _at(case["end"]))


def delta_due(case: Case) -> Answer | None:
    rules = _delta_rules(case["calendar"])
    if rules is None:
        return None
    start, target = _at(case["start"]), _target(case)
    return lambda: start + BusinessTimeDelta(rules, timedelta=target)


def delta_worked(case: Case) -> Answer | None:
    rules = _delta_rules(case["calendar"])
    if rules is None:
        return None
    start, end = _at(case["start"]), _at(case["end"])
    return lambda: rules.difference(start, end).timedelta


def duration_worked(case: Case) -> Answer | None:
    calendar = case["calendar"]
    windows = {tuple(map(tuple, one)) for one in calendar["hours"].values()}
    if len(windows) != 1 or len(window := windows.pop()) != 1:
        return None
    begins, ends = (time.fromisoformat(one.replace("24:00", "23:59:59")) for one in window[0])
    closed = [number for number, day in enumerate(DAYS) if day not in calendar["hours"]]
    holidays = [date.fromisoformat(one) for one in calendar.get("holidays", [])]
    zone = ZoneInfo(calendar["timezone"])
    local = (_at(case[key]).astimezone(zone).replace(tzinfo=None) for key in ("start", "end"))
    ask = partial(businessDuration, *local, begins, ends, closed, holidays, "sec")
    return lambda: timedelta(seconds=round(float(ask())))


def _delta_rules(calendar: Case) -> Any:
    """A rule for each window, less the holidays; None where a window ends at midnight."""
    zone = pytz.timezone(calendar["timezone"])
    rules: list[Any] = []
    for number, day in enumerate(DAYS):
        for begins, ends in calendar["hours"].get(day, []):
            if ends == "24:00":
                return None
            window = time.fromisoformat(begins), time.fromisoformat(ends)
            rules.append(WorkDayRule(*window, working_days=[number], tz=zone))
    holidays = [date.fromisoformat(one) for one in calendar.get("holidays", [])]
    if holidays:
        rules.append(HolidayRule(holidays, tz=zone))
    return Rules(rules) if rules else None


def _compare(
    title: str,
    cases: list[Case],
    peer: Callable[[Case], Answer | None],
    ours: Callable[[Case], Answer],
) -> None:
    both = [(case, theirs, ours(case)) for case in cases if (theirs := peer(case))]
    answered = [(mine, theirs) for _, theirs, mine in both if _result(theirs) is not None]
    spent = [
        sum(milliseconds(ask, times=5) for ask in asks) for asks in zip(*answered, strict=True)
    ]
    names = ("ours", "the peer")
    right = [
        sum(_is_right(case, _result(ask)) for case, ask in asks)
        for asks in ([(one[0], one[2]) for one in both], [(one[0], one[1]) for one in both])
    ]
    print_table(
        f"{title}: {len(both)} of {len(cases)}",
        ("", "right", "microseconds each", "against ours"),
        [
            (name, found, total / len(answered) * 1000, times_as_long(spent[0], total))
            for name, found, total in zip(names, right, spent, strict=True)
        ],
    )


def _by_length(name: str, hours: int) -> tuple[str, float, float, str]:
    case = {"calendar": BERLIN, "start": START.isoformat(), "target_minutes": hours * 60}
    ours, theirs = our_due(case), delta_due(case)
    assert theirs is not None
    assert ours() == theirs()
    spent = [milliseconds(ask, times=7) * 1000 for ask in (ours, theirs)]
    return name, spent[0], spent[1], times_as_long(*spent)


def _is_plain(case: Case) -> bool:
    return not case.get("pauses") and not case["calendar"].get("overrides")


def _ours(case: Case) -> WorkingCalendar:
    calendar = case["calendar"]
    return WorkingCalendar(calendar["timezone"], calendar["hours"], calendar.get("holidays", []))


def _result(ask: Answer) -> object:
    """Its answer; None where it breaks off, as where no holiday lies in its next five years."""
    try:
        return ask()
    except Exception:
        return None


def _is_right(case: Case, answer: object) -> bool:
    if case["kind"] == "deadline":
        return answer == _at(case["expect_deadline"])
    return answer == timedelta(minutes=case["expect_elapsed_minutes"])


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _target(case: Case) -> timedelta:
    return timedelta(minutes=case["target_minutes"])


if __name__ == "__main__":
    main()
