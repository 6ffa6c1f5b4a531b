"""A due moment is notified piece by piece, and the pieces add up to the target exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitlements.rules.calendars import WEEKDAYS, WorkingCalendar
from entitlements.rules.proof import Counted, Days, Gap, Proof, prove
from tests.entitlements.rules.test_calendars import calendar_of, cases, moment
from tests.entitlements.rules.test_scenarios import CLOCKS

OFFICE = {day: [("08:00", "17:00")] for day in WEEKDAYS[:5]}
BERLIN = "Europe/Berlin"
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
DATES = st.dates(date(2024, 1, 1), date(2028, 3, 1)).map(str)


def proof_of(
    start: str,
    hours: float,
    *,
    week: Any = OFFICE,
    holidays: dict[str, str] | None = None,
    overrides: Any = None,
    zone: str = BERLIN,
) -> Proof:
    days = Days(week, holidays or {}, overrides or {})
    calendar = WorkingCalendar(zone, week, days.holidays, days.overrides)
    return prove(calendar, moment(start), timedelta(hours=hours), days)


def told(proof: Proof) -> list[str]:
    """ "+4:00:00" for a counted piece, its reasons for a gap."""
    return [
        f"+{one.length}{one.note and ' ' + one.note}"
        if isinstance(one, Counted)
        else ", ".join(one.reasons)
        for one in proof.steps
    ]


def check(proof: Proof, due: datetime) -> None:
    """It ends when it is due, has no hole, and its counted pieces make the target."""
    assert proof.due_at == due
    assert sum((one.length for one in proof.counted), timedelta(0)) == proof.target
    if not proof.target:
        return
    assert proof.steps[0].start == proof.start
    assert proof.steps[-1].end == due
    assert proof.counted[-1].total == proof.target
    assert all(one.end == two.start for one, two in pairwise(proof.steps))
    assert all(one.reasons for one in proof.steps if isinstance(one, Gap))
    assert all(one.length > timedelta(0) for one in proof.steps)


def facts_of(param: Any) -> dict[str, Any]:
    """What a parametrised case was made from."""
    facts: dict[str, Any] = param.values[0]
    return facts


def deadlines() -> list[Any]:
    """The cases without pauses: a response target has none (C6)."""
    return [
        one
        for one in cases()
        if facts_of(one)["kind"] == "deadline" and not facts_of(one).get("pauses")
    ]


@pytest.mark.parametrize("case", deadlines())
def test_each_case_adds_up(case):
    facts = case["calendar"]
    days = Days(
        facts["hours"], dict.fromkeys(facts.get("holidays", ()), ""), facts.get("overrides", {})
    )
    target = timedelta(minutes=case["target_minutes"])

    proof = prove(calendar_of(case), moment(case["start"]), target, days)

    check(proof, moment(case["expect_deadline"]))


@pytest.mark.parametrize("clock", [one for one in CLOCKS if not facts_of(one)["pauses"]])
def test_each_story_adds_up(clock):
    facts, target = clock["calendar"], timedelta(seconds=clock["target_seconds"])
    holidays = dict.fromkeys(facts.get("holidays", ()), "")
    windows = [("00:00", "24:00")] if facts.get("always") else facts.get("windows")
    open_days = WEEKDAYS if facts.get("always") else WEEKDAYS[:5]
    week = dict.fromkeys(open_days, windows or [("08:00", "17:00")])
    calendar = WorkingCalendar(facts["tz"], week, holidays)

    check(
        prove(calendar, moment(clock["start"]), target, Days(week, holidays, {})),
        moment(clock["expected_due"]),
    )


def test_a_plain_week_says_night_and_weekend():
    proof = proof_of("2026-01-16T16:00:00+01:00", 12)  # a Friday

    assert told(proof) == ["+1:00:00", "night, weekend", "+9:00:00", "night", "+2:00:00"]
    assert proof.due_at == moment("2026-01-20T10:00:00+01:00")


def test_a_report_out_of_hours_waits_for_the_opening():
    early = proof_of("2026-01-12T06:30:00+01:00", 1)
    saturday = proof_of("2026-01-17T11:00:00+01:00", 1)

    assert told(early) == ["before opening", "+1:00:00"]
    assert told(saturday) == ["night, weekend", "+1:00:00"]


def test_holidays_are_named_and_a_break_is_told():
    week = {day: [("08:00", "12:00"), ("13:00", "17:00")] for day in WEEKDAYS[:5]}
    holidays = {"2026-12-25": "Christmas Day", "2026-12-28": ""}
    overrides: dict[str, Any] = {"2026-12-24": []}

    proof = proof_of(
        "2026-12-23T11:00:00+01:00", 8, week=week, holidays=holidays, overrides=overrides
    )

    assert told(proof) == [
        "+1:00:00",
        "break",
        "+4:00:00",
        "night, closed on Thursday 24 December, holiday on Friday 25 December: Christmas Day,"
        " weekend, holiday on Monday 28 December",
        "+3:00:00",
    ]


def test_a_day_in_the_week_without_windows_is_named():
    week = {day: windows for day, windows in OFFICE.items() if day != "wed"}

    assert "night, closed on Wednesday" in told(proof_of("2026-01-13T16:00:00+01:00", 2, week=week))


def test_clock_changes_are_told_within_a_piece_and_within_a_gap():
    always = {day: [("00:00", "24:00")] for day in WEEKDAYS}

    within = proof_of("2026-03-28T12:00:00+01:00", 24, week=always)
    between = proof_of("2026-10-23T16:00:00+02:00", 2)

    assert told(within) == ["+1 day, 0:00:00 the clocks go forward by 1 hour"]
    assert told(between)[1] == "night, weekend, the clocks go back by 1 hour"


def test_a_promise_of_nothing_has_no_steps():
    assert proof_of("2026-01-12T09:00:00+01:00", 0).steps == ()


quarter = st.integers(0, 95)


@st.composite
def windows(draw: st.DrawFn) -> list[tuple[str, str]]:
    marks = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return [(clock(one), clock(two)) for one, two in pairs]


def clock(mark: int) -> str:
    return f"{mark // 4:02d}:{mark % 4 * 15:02d}"


@settings(max_examples=300, deadline=None)
@given(
    week=st.fixed_dictionaries({day: windows() for day in WEEKDAYS}).filter(
        lambda week: any(week.values())
    ),
    zone=st.sampled_from((BERLIN, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")),
    start=st.integers(0, 4 * 365 * 86_400).map(lambda after: FIRST + timedelta(seconds=after)),
    seconds=st.integers(1, 60 * 3600),
    closed=st.dictionaries(
        DATES,
        st.text(max_size=5),
        max_size=8,
    ),
    special=st.dictionaries(
        DATES,
        windows(),
        max_size=8,
    ),
)
def test_whatever_the_calendar_the_pieces_make_the_due_moment(
    week, zone, start, seconds, closed, special
):
    calendar = WorkingCalendar(zone, week, closed, special)
    target = timedelta(seconds=seconds)

    proof = prove(calendar, start, target, Days(week, closed, special))

    check(proof, calendar.due(start, target))


def test_a_closed_day_up_to_midnight_is_its_own_reason_and_no_other():
    whole = {day: [("00:00", "17:00")] for day in WEEKDAYS[:5]}

    proof = proof_of("2026-03-02T10:00+01:00", 1, week=whole, holidays={"2026-03-02": "Carnival"})

    assert told(proof) == ["holiday on Monday 2 March: Carnival", "+1:00:00"]


def test_round_the_clock_a_promise_of_nothing_has_no_steps_either():
    always = {day: [("00:00", "24:00")] for day in WEEKDAYS}

    assert proof_of("2026-03-02T10:00+01:00", 0, week=always).steps == ()
