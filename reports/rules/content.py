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

from reports.rules import frozen, schemas
from reports.rules.engaged import Engaged
from reports.rules.months import Month, zone_named
from reports.rules.schemas import SCHEMA


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
    """Of incidents, but for the targets; the month is [start, end) in the organisation's zone.

    `reports.rules.figures` counts them from the rows, and names the rows behind each.
    """

    reported: int
    solved: int
    closed_unanswered: int  # ended without any answer of a person: not solved
    open_at_end: int
    targets_met: int  # response targets answered in time in the month
    targets_breached: int  # response targets whose due moment passed unanswered in the month
    escalated: tuple[Tally, ...]  # by the highest level reached in the month: "TS2", "TS3"
    by_priority: tuple[Tally, ...]  # of those reported, most urgent first
    by_service: tuple[Tally, ...]  # of those reported
    by_channel: tuple[Tally, ...]  # of those reported
    by_cause: tuple[Tally, ...]  # of those solved, as it was registered with their solutions


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
class TargetRow:
    """One answer that was owed on an incident, as it stood at the cut-off.

    `cycle` 1 is the answer to the report itself, 2 and more to what the customer wrote later.
    `answer_seconds` is counted on the target's own clock: working time where `in_working_time`,
    else around the clock. `counts`: `met` was decided in this month, so it is in its figures.
    """

    cycle: int
    opened_at: datetime
    due_at: datetime
    target_seconds: int
    in_working_time: bool
    answered_at: datetime | None
    answer_seconds: int | None
    met: bool | None  # None: not decided yet, or owed no more before it was due
    counts: bool


OUTSIDE_LIMITS = "Outside the limits"  # the state of one that ended so (rule 14)


@dataclass(frozen=True, kw_only=True)
class IncidentRow:
    """One incident of the month, as it stood at the cut-off.

    Reported, worked on, ended or rated in it, with an answer that was due in it, or open at its
    end: whatever a figure counts has its row. `solving_seconds` is elapsed time from the report.
    """

    number: str
    subject: str
    solution: str  # the registered solution, in the customer's words; "" where there is none
    cause: str  # why it happened, as registered with it; "" where nobody said
    reported_at: datetime
    level: str  # "Premium"; "Not covered" when no level applied
    priority: str
    service: str
    channel: str
    state: str
    targets: tuple[TargetRow, ...]  # oldest first; none where nothing was promised
    ended_at: datetime | None  # solved or closed; None: open at the cut-off
    was_answered: bool  # by a person, before the cut-off
    solving_seconds: int | None  # None: not solved
    people: tuple[str, ...]  # the names of those of the vendor who worked on it
    escalated_to: str  # the highest: "TS2", "TS3"; "" when it stayed with TS1
    escalated_in_month: str  # the same, of the month alone
    gold_used: bool

    @property
    def first(self) -> TargetRow | None:
        """The answer to the report itself."""
        return next((one for one in self.targets if one.cycle == 1), None)

    @property
    def is_late(self) -> bool:
        """Whether an answer on it was late in this month."""
        return any(one.counts and one.met is False for one in self.targets)


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Somebody who took part in the month, of either side."""

    name: str
    role: str
    incidents: tuple[str, ...]  # the numbers of those worked on
    answers: int  # public messages written in the month
    steps: int  # notes, hand-overs, calls and changes of state in the month


@dataclass(frozen=True, kw_only=True)
class GoldPack:
    """Gold incidents of one pack: opening + bought - spent + refunded + other = remaining."""

    bought_on: date
    size: int
    opening: int  # left when the month began
    bought: int  # in the month: its size, or none
    spent_on: tuple[str, ...]  # the incidents
    refunded_on: tuple[str, ...]
    other: int  # expired (below zero), brought back or adjusted
    remaining: int

    def __post_init__(self) -> None:
        moved = self.bought - len(self.spent_on) + len(self.refunded_on) + self.other
        if self.opening + moved != self.remaining:
            raise ValueError(f"The pack of {self.bought_on} does not add up.")


@dataclass(frozen=True, kw_only=True)
class Comment:
    """An answer to the one question; `text` may be empty."""

    incident: str  # its number
    rating: int  # 1 to 5
    text: str


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """Answers given in the month to the one question; 5 is the best."""

    asked: int
    given: tuple[Comment, ...]  # in the order of time

    @property
    def ratings(self) -> tuple[int, ...]:
        """Five: how many gave 1, 2, 3, 4, 5."""
        return tuple(sum(one.rating == n for one in self.given) for n in range(1, 6))

    @property
    def comments(self) -> tuple[Comment, ...]:
        return tuple(one for one in self.given if one.text)

    @property
    def answers(self) -> int:
        return len(self.given)

    @property
    def average(self) -> float | None:
        """1.0 to 5.0; None without answers."""
        return mean(one.rating for one in self.given) if self.given else None


@dataclass(frozen=True, kw_only=True)
class WeekCount:
    """A week of the month, Monday to Sunday, cut to the month (`Month.weeks`)."""

    first_on: date
    last_on: date
    reported: int
    solved: int


@dataclass(frozen=True, kw_only=True)
class TrendMonth:
    """An earlier month, for comparison, as its own report says it."""

    month: str  # YYYY-MM
    reported: int
    solved: int
    median_first_answer_seconds: int | None


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """One organisation's month (F1): what happened before `as_of`, as it was known at `known_at`.

    `as_of` is the month's end, or the moment of looking while it runs; events count before it,
    corrections of what was believed until `known_at`.
    A draft has neither number nor `issued_at`; issued, it has both. A revision has a `revision`
    from 1 on, why it was made, and the number of the report that it revises.
    """

    organisation: str
    timezone: str  # IANA
    country: str
    month: str  # YYYY-MM
    as_of: datetime
    known_at: datetime
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
    engaged: Engaged = Engaged()  # projects, visits, assessments, audits, trainings
    considerations: str = ""  # the manager's words: paragraphs, and lists of lines after "- "
    recommendations: str = ""
    number: str | None = None  # SR-2026-10-0007, SR-2026-10-0007-R1
    issued_at: datetime | None = None
    revision: int = 0
    revises: str = ""
    revision_reason: str = ""
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        Month.parse(self.month)
        zone_named(self.timezone)
        if (self.number is None) != (self.issued_at is None):
            raise ValueError("A report has its number and its moment of issue together.")
        if not (bool(self.revision) == bool(self.revises) == bool(self.revision_reason)):
            raise ValueError("A revision says what it revises, and why.")
        if self.schema not in schemas.READABLE:
            raise ValueError(f"This report is written in schema {self.schema}, not {SCHEMA}.")

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def names_its_rows(self) -> bool:
        """Whether the rows behind each figure are known: not in reports of the first schema."""
        return self.schema >= schemas.NAMES_ITS_ROWS

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """[start, end) of the month."""
        return Month.parse(self.month).bounds(self.timezone)

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
        """What `as_json` gave, as read back from a store, also by an earlier version of this code.

        A ValueError names what does not fit.
        """
        return frozen.from_json(cls, schemas.upgraded(raw))


def checksum(content: ReportContent) -> str:
    """sha256 in hex of the content's canonical JSON: equal contents, equal checksums."""
    return frozen.checksum(content)
