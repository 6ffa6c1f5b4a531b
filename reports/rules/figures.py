"""What a monthly service report says (rule 11), as plain frozen data.

Once issued this is the report: pages, PDF and API only lay it out, and `checksum` proves it.
Moments are aware (kept in UTC, shown in the organisation's zone), spans whole seconds,
labels the words that the customer reads. No floats, so that every JSON store gives it back equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import mean, median
from typing import Any, Self

from reports.rules import frozen
from reports.rules.months import Month, zone_named

SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """The letterhead."""

    name: str
    address: tuple[str, ...]  # lines
    support_address: str
    phone: str
    web: str


@dataclass(frozen=True, kw_only=True)
class Manager:
    """The Technical Account Manager who issues the report."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class LevelHeld:
    """A support level that was active during some of the month."""

    level: str
    licence: str  # its name or number; the project's name for GoLive
    starts_on: date
    ends_on: date | None  # the last day, inclusive; None: open-ended


@dataclass(frozen=True, kw_only=True)
class Tally:
    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Of incidents, but for the targets; the month is [start, end) in the organisation's zone."""

    reported: int
    solved: int
    open_at_end: int
    targets_met: int  # response targets answered in time in the month
    targets_breached: int  # response targets whose due moment passed unanswered in the month
    escalated: tuple[Tally, ...]  # by the highest level reached in the month: "TS2", "TS3"
    by_priority: tuple[Tally, ...]  # of those reported, most urgent first
    by_service: tuple[Tally, ...]  # of those reported
    by_channel: tuple[Tally, ...]  # of those reported


@dataclass(frozen=True, kw_only=True)
class Spans:
    """A summary of spans of time, in seconds; None where there was nothing to measure."""

    measured: int
    median: int | None
    mean: int | None
    worst: int | None

    @classmethod
    def of(cls, seconds: Iterable[int]) -> Self:
        known = list(seconds)
        if not known:
            return cls(measured=0, median=None, mean=None, worst=None)
        return cls(
            measured=len(known),
            median=round(median(known)),
            mean=round(mean(known)),
            worst=max(known),
        )


@dataclass(frozen=True, kw_only=True)
class IncidentRow:
    """One incident that was reported, worked on or solved in the month.

    `first_answer_seconds` is counted on the clock of its own target: working time where
    `in_working_time`, else around the clock. `solving_seconds` is elapsed time from the report.
    """

    number: str
    subject: str
    reported_at: datetime
    level: str  # "Premium"; "Not covered" when no level applied
    priority: str
    service: str
    channel: str
    state: str  # as of the content's `computed_at`
    first_answer_seconds: int | None  # None: no answer yet
    target_seconds: int | None  # None: no target was promised
    in_working_time: bool
    target_met: bool | None  # None: not decided yet, or no target
    solving_seconds: int | None  # None: not solved
    people: tuple[str, ...]  # the names of those who worked on it
    escalated_to: str  # "TS2", "TS3"; "" when it stayed with TS1
    gold_used: bool


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Somebody who took part, of either side."""

    name: str
    role: str
    incidents: int
    answers: int  # public messages written in the month


@dataclass(frozen=True, kw_only=True)
class GoldPack:
    """Gold incidents of one pack: what happened in the month, what remained at its end."""

    bought_on: date
    bought: int
    spent: int
    refunded: int
    remaining: int


@dataclass(frozen=True, kw_only=True)
class Comment:
    incident: str  # its number
    rating: int  # 1 to 5
    text: str


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """Answers given in the month to the one question; 5 is the best."""

    asked: int
    ratings: tuple[int, ...]  # five: how many gave 1, 2, 3, 4, 5
    comments: tuple[Comment, ...]

    def __post_init__(self) -> None:
        if len(self.ratings) != 5:
            raise ValueError("Satisfaction has five ratings, 1 to 5.")

    @property
    def answers(self) -> int:
        return sum(self.ratings)

    @property
    def average(self) -> float | None:
        """1.0 to 5.0; None without answers."""
        points = sum(rating * count for rating, count in enumerate(self.ratings, 1))
        return points / self.answers if self.answers else None


@dataclass(frozen=True, kw_only=True)
class WeekCount:
    """A week of the month, Monday to Sunday, cut to the month (`Month.weeks`)."""

    first_on: date
    last_on: date
    reported: int
    solved: int


@dataclass(frozen=True, kw_only=True)
class TrendMonth:
    """An earlier month, for comparison."""

    month: str  # YYYY-MM
    reported: int
    solved: int
    median_first_answer_seconds: int | None


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """One organisation's month. A draft has neither number nor `issued_at`; issued, it has both."""

    organisation: str
    timezone: str  # IANA
    country: str
    month: str  # YYYY-MM
    computed_at: datetime
    vendor: Vendor
    manager: Manager | None
    levels: tuple[LevelHeld, ...]
    counts: Counts
    first_answer: Spans  # of incidents first answered in the month
    solving: Spans  # of incidents solved in the month
    incidents: tuple[IncidentRow, ...]  # by `reported_at`
    people: tuple[PersonRow, ...]
    gold: tuple[GoldPack, ...]
    satisfaction: Satisfaction
    weeks: tuple[WeekCount, ...]
    trend: tuple[TrendMonth, ...]  # the previous five months, oldest first, without this one
    considerations: str = ""  # the manager's words: paragraphs, and lists of lines after "- "
    recommendations: str = ""
    number: str | None = None  # SR-2026-10-0007
    issued_at: datetime | None = None
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        Month.parse(self.month)
        zone_named(self.timezone)
        if (self.number is None) != (self.issued_at is None):
            raise ValueError("A report has its number and its moment of issue together.")
        if self.schema != SCHEMA:
            raise ValueError(f"This report is written in schema {self.schema}, not {SCHEMA}.")

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def gold_remaining(self) -> int:
        return sum(pack.remaining for pack in self.gold)

    def issued(self, *, number: str, at: datetime) -> ReportContent:
        """The same, as it is frozen by issuing it."""
        return replace(self, number=number, issued_at=at)

    def as_json(self) -> dict[str, Any]:
        raw: dict[str, Any] = frozen.to_json(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """What `as_json` gave, as read back from a store; a ValueError names what does not fit."""
        return frozen.from_json(cls, raw)


def checksum(content: ReportContent) -> str:
    """sha256 in hex of the content's canonical JSON: equal contents, equal checksums."""
    return frozen.checksum(content)
