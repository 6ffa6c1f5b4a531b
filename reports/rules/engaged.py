"""What a monthly report says of engagements: projects, visits, assessments, audits, trainings.

Plain frozen data like `reports.rules.content`, which holds it; each figure names its rows. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reports.rules.wording import amount, day

_MOST = 3  # reasons of a light, and names of promises
Bounds = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    """A version of a document that was handed over or judged in the month."""

    title: str
    version: int
    sent_at: datetime
    verdict: str  # "Accepted", "Sent back"; "" where nobody said
    verdict_at: datetime | None
    signed_name: str  # who signed the verdict


@dataclass(frozen=True, kw_only=True)
class EngagementRow:
    """One engagement that was open in the month, as it stood at the cut-off.

    The light is one that runs has; promises are the vendor's, those that customers may see.
    """

    number: str
    kind: str
    title: str
    state: str
    phase: str  # the first that was not finished; "" without a plan
    light: str  # "On track", "At risk", "Late"; "" for one that does not run
    light_reasons: tuple[str, ...]
    requested_at: datetime
    ended_at: datetime | None  # None: open at the cut-off
    papers: tuple[PaperRow, ...]
    kept: tuple[str, ...]  # promises that were kept in time in the month
    missed: tuple[str, ...]  # that fell due in the month and were not kept by then


@dataclass(frozen=True, kw_only=True)
class VisitDay:
    """A day of a visit that counts on a contract."""

    engagement: str
    on: date


@dataclass(frozen=True, kw_only=True)
class ContractRow:
    """A technical contract that ran in the month: included - before - booked + returned = left.

    A day is booked when its visit is agreed, and comes back when that is cancelled.
    """

    reference: str
    starts_on: date
    ends_on: date  # the last day, inclusive
    days: int | None  # that it includes; None: no limit
    before: int  # booked when the month began
    booked: tuple[VisitDay, ...]  # in the month
    returned: tuple[VisitDay, ...]

    @property
    def used(self) -> int:
        return self.before + len(self.booked) - len(self.returned)

    @property
    def left(self) -> int | None:
        return None if self.days is None else self.days - self.used


@dataclass(frozen=True, kw_only=True)
class Trainee:
    name: str
    parts: int  # in which they were, of those in the month


@dataclass(frozen=True, kw_only=True)
class TrainingRow:
    """A training of which some parts were in the month, with who of the customer was there."""

    key: str
    course: str
    first_on: date
    last_on: date
    parts: int
    people: tuple[Trainee, ...]


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A finding of an audit that was open at the cut-off; a risk that is accepted is, too."""

    key: str
    engagement: str
    case: str
    title: str
    severity: str
    owner: str
    due_on: date
    standing: str  # "Open", "Late", "Risk accepted"
    accepted_until: date | None


@dataclass(frozen=True, kw_only=True)
class Engaged:
    """The whole part; all empty where there was nothing, and in reports of earlier schemas."""

    engagements: tuple[EngagementRow, ...] = ()
    contracts: tuple[ContractRow, ...] = ()
    trainings: tuple[TrainingRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.engagements or self.contracts or self.trainings or self.findings)


@dataclass(frozen=True)
class Counted:
    """A row that a figure counts: where it stands, and how it is named."""

    key: str
    label: str


@dataclass(frozen=True)
class EngagedFigure:
    key: str
    label: str
    rows: tuple[Counted, ...]


def figures_of(part: Engaged, bounds: Bounds) -> tuple[EngagedFigure, ...]:
    """Each figure of the part with what it counts; `bounds` are [start, end) of the month."""
    rows = part.engagements
    asked = [one for one in rows if _within(one.requested_at, bounds)]
    ended = [one for one in rows if _within(one.ended_at, bounds)]
    still_open = [one for one in rows if one.ended_at is None]
    return (
        EngagedFigure("engagements-asked", "Engagements asked for", _numbers(asked)),
        EngagedFigure("engagements-ended", "Engagements ended", _numbers(ended)),
        EngagedFigure("engagements-open", "Engagements open", _numbers(still_open)),
        EngagedFigure("papers-sent", "Documents handed over", _papers(rows, bounds, "sent")),
        EngagedFigure("papers-accepted", "Documents accepted", _papers(rows, bounds, "Accepted")),
        EngagedFigure("papers-back", "Documents sent back", _papers(rows, bounds, "Sent back")),
        EngagedFigure(
            "engagements-kept",
            "Promises of engagements kept",
            _named((one.number, name) for one in rows for name in one.kept),
        ),
        EngagedFigure(
            "engagements-missed",
            "Promises of engagements missed",
            _named((one.number, name) for one in rows for name in one.missed),
        ),
        EngagedFigure("days-booked", "Days of contracts booked", _days(part, "booked")),
        EngagedFigure("days-returned", "Days of contracts given back", _days(part, "returned")),
        EngagedFigure(
            "trained",
            "Trainings attended",
            tuple(
                Counted(one.key, f"{one.course} ({person.name})")
                for one in part.trainings
                for person in one.people
            ),
        ),
        EngagedFigure(
            "findings",
            "Findings of audits open",
            tuple(Counted(one.key, f"{one.engagement} ({one.title})") for one in part.findings),
        ),
    )


def count_of(part: Engaged, bounds: Bounds, key: str) -> int:
    return next(len(one.rows) for one in figures_of(part, bounds) if one.key == key)


def in_words(part: Engaged, bounds: Bounds) -> str:
    """What the month brought, in a sentence or two."""

    def count(key: str) -> int:
        return count_of(part, bounds, key)

    asked, ended = count("engagements-asked"), count("engagements-ended")
    still = amount(count("engagements-open"), "engagement was", "engagements were")
    text = f"{still[0].upper()}{still[1:]} open at the end of the month"
    text += f"; {asked:,} asked for and {ended:,} ended in it."
    if sent := count("papers-sent"):
        text += f" {amount(sent, 'document was', 'documents were')} handed over."
    if accepted := count("papers-accepted"):
        text += f" {amount(accepted, 'document was', 'documents were')} accepted."
    kept, missed = count("engagements-kept"), count("engagements-missed")
    if kept or missed:
        text += f" Of {amount(kept + missed, 'promise')} {kept:,} kept in time, {missed:,} missed."
    return text


def shortened(names: Sequence[str]) -> list[str]:
    """The first ones, and how many more there are."""
    left = len(names) - _MOST
    return [*names[:_MOST], *([f"and {left} more"] if left > 0 else [])]


def term(first: date, last: date) -> str:
    """Both days inclusive."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def days_from(first: date, days: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(days)]


def _numbers(rows: Iterable[EngagementRow]) -> tuple[Counted, ...]:
    return tuple(Counted(one.number, one.number) for one in rows)


def _named(pairs: Iterable[tuple[str, str]]) -> tuple[Counted, ...]:
    return tuple(Counted(number, f"{number} ({name})") for number, name in pairs)


def _papers(rows: Iterable[EngagementRow], bounds: Bounds, what: str) -> tuple[Counted, ...]:
    return _named(
        (row.number, f"{one.title}, version {one.version}")
        for row in rows
        for one in row.papers
        if (
            _within(one.sent_at, bounds)
            if what == "sent"
            else one.verdict == what and _within(one.verdict_at, bounds)
        )
    )


def _days(part: Engaged, which: str) -> tuple[Counted, ...]:
    return _named(
        (one.engagement, day(one.on))
        for contract in part.contracts
        for one in getattr(contract, which)
    )


def _within(at: datetime | None, bounds: Bounds) -> bool:
    return at is not None and bounds[0] <= at < bounds[1]
