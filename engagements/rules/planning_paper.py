"""What the system planning says: its figures, charts and recommendations, as plain data. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.charts import BarChart, Series
from core.words import counted, listed
from engagements.rules.assumptions import ALL, ASSUMED_HINT, GROUPS, Values, checked, plain
from engagements.rules.ownership import Ownership, cost_of
from engagements.rules.sizing import (
    YEARS,
    Capacity,
    Ceiling,
    Growth,
    Needs,
    Reached,
    ceiling,
    doubling,
    plan,
    reached,
)

OURS, ASSUMED = "set for this project", ASSUMED_HINT
EXPECTED = 1  # its place among the cases
_MANY = 10_000  # from here on a chart counts in thousands, or in the next unit
_TB = 1024


@dataclass(frozen=True)
class Given:
    """A value that the planning goes by, and where it is from."""

    group: str
    name: str
    said: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Sums:
    """All that is computed of the sheet and what is assumed."""

    needs: Needs
    values: Values
    growths: Sequence[Growth]
    costs: Sequence[Ownership]
    lasts: Sequence[Sequence[Reached]]  # by case
    ceiling: Ceiling
    doubling: float | None

    @property
    def horizon(self) -> int:
        return int(self.values["horizon"])

    @property
    def first(self) -> Capacity:
        """What is bought before the go-live."""
        return self.growths[EXPECTED].years[self.horizon]

    @property
    def now(self) -> Capacity:
        return self.growths[EXPECTED].years[0]

    @property
    def last(self) -> Capacity:
        return self.growths[EXPECTED].years[YEARS]


def sums_of(sheet: Mapping[str, object], values: Mapping[str, object]) -> Sums:
    """Raises `NeedsMissing` and `AssumptionFault`."""
    known = checked(values)
    needs = Needs.read(sheet, known)
    growths = plan(needs, known)
    return Sums(
        needs=needs,
        values=known,
        growths=growths,
        costs=[cost_of(one, known) for one in growths],
        lasts=[reached(needs, known, one.case) for one in growths],
        ceiling=ceiling(needs, known),
        doubling=doubling(needs, known),
    )


def givens_of(values: Values, currency: str, ours: Sequence[str]) -> list[Given]:
    """`ours` are the keys of what was set for this project."""
    found = []
    for group in GROUPS:
        for one in group.items:
            source = OURS if one.key in ours else one.source or ASSUMED
            said = f"{plain_said(values[one.key])} {one.unit_in(currency)}".strip()
            found.append(Given(group.name, one.name, said, source))
    return found


def plain_said(value: Decimal) -> str:
    whole = value == value.to_integral_value()
    return f"{int(value):,}" if whole else plain(value)


def volume(gigabytes: float) -> str:
    """In TB from one on, to a tenth."""
    if gigabytes < _TB:
        return f"{gigabytes:,.0f} GB"
    return f"{gigabytes / _TB:,.1f} TB"


@dataclass(frozen=True)
class Row:
    """What is needed of one resource in the expected case: at the go-live and each year's end."""

    name: str
    values: tuple[str, ...]


def rows_of(growth: Growth) -> list[Row]:
    years = growth.years
    told: tuple[tuple[str, list[str]], ...] = (
        ("Mailboxes", [f"{one.users:,}" for one in years]),
        ("Mail a day", [volume(one.mail_a_day) for one in years]),
        ("Storage", [volume(one.storage) for one in years]),
        ("Input and output", [f"{one.iops:,} IOPS" for one in years]),
        ("Backup", [volume(one.backup) for one in years]),
        ("Nodes", [f"{one.nodes:,}" for one in years]),
        ("CPU", [counted(one.cores, "core") for one in years]),
        ("Memory", [f"{one.memory:,} GB" for one in years]),
        ("Line", [f"{one.line:,} Mbit/s" for one in years]),
        ("Sessions", [f"{one.sessions:,}" for one in years]),
        ("Licences", [f"{one.licences:,}" for one in years]),
    )
    return [Row(name, tuple(values)) for name, values in told]


_UNITS: dict[str, tuple[tuple[str, int], ...]] = {
    "GB": (("GB", 1), ("TB", _TB)),
    "": (("", 1), ("thousand", 1000)),
    "Mbit/s": (("Mbit/s", 1), ("Gbit/s", 1000)),
}


def chart(title: str, growths: Sequence[Growth], field: str, unit: str) -> BarChart:
    """The three cases by year, in a unit in which the figures stay short."""
    figures = [[getattr(one, field) for one in growth.years[1:]] for growth in growths]
    highest = max(value for values in figures for value in values)
    units = _UNITS.get(unit, ((unit, 1),))
    told, by = units[0] if highest < _MANY else units[-1]
    return BarChart(
        title=f"{title}, {told}" if told else title,
        categories=tuple(f"Year {year}" for year in range(1, YEARS + 1)),
        series=tuple(
            Series(label=growth.case.name, values=tuple(_in(value, by) for value in values))
            for growth, values in zip(growths, figures, strict=True)
        ),
    )


def _in(value: int, by: int) -> int:
    return (value + by // 2) // by


def charts_of(growths: Sequence[Growth]) -> list[BarChart]:
    return [
        chart("Storage", growths, "storage", "GB"),
        chart("Backup", growths, "backup", "GB"),
        chart("CPU of all nodes", growths, "cores", "cores"),
        chart("Memory of all nodes", growths, "memory", "GB"),
        chart("Line", growths, "line", "Mbit/s"),
        chart("Licences", growths, "licences", ""),
    ]


def cost_chart(costs: Sequence[Ownership], currency: str) -> BarChart:
    highest = max(year.total for one in costs for year in one.years)
    by = 1 if highest < _MANY else 1000
    return BarChart(
        title=f"Cost by year, {'thousand ' if by > 1 else ''}{currency}",
        categories=tuple(f"Year {year}" for year in range(1, YEARS + 1)),
        series=tuple(
            Series(
                label=one.growth.case.name, values=tuple(_in(year.total, by) for year in one.years)
            )
            for one in costs
        ),
    )


def month_said(month: int, golive_on: date | None) -> str:
    """“month 14”, and which one that is where the day of the go-live is known."""
    if month == 0:
        return "before the go-live"
    if golive_on is None:
        return f"month {month}"
    past = golive_on.month - 1 + month
    return f"month {month} ({date(golive_on.year + past // 12, past % 12 + 1, 1):%B %Y})"


def recommendations(sums: Sums, currency: str, golive_on: date | None) -> list[str]:
    """What follows from the figures."""
    first, horizon = sums.first, sums.horizon
    found = [
        f"Buy {counted(first.nodes, 'node')} with {counted(first.node_cores, 'core')} and"
        f" {first.node_memory} GB of memory each, {volume(first.storage)} of storage for"
        f" {first.iops:,} IOPS and {volume(first.backup)} of backup before the go-live: in the"
        f" expected case that is enough until the end of year {horizon}.",
        f"It carries {sums.ceiling.users:,} users at most: the {sums.ceiling.what} would be used"
        " up first.",
    ]
    found += [
        text
        for growth, lasts in zip(sums.growths, sums.lasts, strict=True)
        if (text := _order(growth, lasts, golive_on))
    ]
    now, last = sums.now, sums.last
    found.append(
        f"Rent a line of {now.line:,} Mbit/s for the go-live, and agree on {last.line:,} Mbit/s"
        " until year five."
    )
    more = last.licences - now.licences
    then = f", and count on {more:,} more in five years" if more > 0 else ""
    found.append(f"Buy {now.licences:,} licences for the go-live{then}.")
    costs = sums.costs
    found.append(
        f"Set aside {costs[EXPECTED].total:,} {currency} for five years; from"
        f" {costs[0].total:,} in the low to {costs[-1].total:,} in the high case."
    )
    return found


def _order(growth: Growth, lasts: Sequence[Reached], golive_on: date | None) -> str:
    due = [one for one in lasts if one.month is not None]
    if not due:
        return f"In the {growth.case.name.lower()} case the first purchase lasts all five years."
    soonest = min(one.month or 0 for one in due)
    what = [one.what.lower() for one in due if one.month == soonest]
    order = min(one.order or 0 for one in due)
    verb = "is" if len(what) == 1 and what != ["nodes"] else "are"
    return (
        f"In the {growth.case.name.lower()} case {listed(what)} {verb} used up in"
        f" {month_said(soonest, golive_on)}: order the second purchase by"
        f" {month_said(order, golive_on)}."
        if order
        else f"In the {growth.case.name.lower()} case {listed(what)} {verb} used up in"
        f" {month_said(soonest, golive_on)}: buy more before the go-live already."
    )


@dataclass(frozen=True, kw_only=True)
class PlanningPaper:
    """Everything that the system planning report says."""

    number: str
    title: str
    organisation: str
    timezone: str
    version: int
    as_of: datetime
    written_by: str
    currency: str
    golive_on: date | None
    requirements: Sequence[tuple[str, str, str]]  # name, said, where it is from
    sums: Sums
    givens: Sequence[Given]
    recommendations: Sequence[str]
    advice: str  # of who wrote it

    def clock(self, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.timezone))
        return f"{local.day} {local:%B %Y, %H:%M}"

    @property
    def texts(self) -> str:
        """What is shown and not ours, for the typefaces."""
        parts = [self.title, self.organisation, self.written_by, self.number, self.advice]
        return "".join((*parts, self.currency, *self.recommendations))


def needs_said(sheet: Mapping[str, object], needs: Needs) -> list[tuple[str, str, str]]:
    """The numbers of the sheet that the planning goes by, and what was assumed instead."""
    told = (
        ("users", "Users", needs.users, ""),
        ("messages", "Messages a day and user", needs.messages, ""),
        ("size", "Size of a message", needs.size, "KB"),
        ("quota", "Quota of a mailbox", needs.quota, "MB"),
        ("concurrent", "Users at the same time", needs.concurrent, ""),
        ("growth", "More users a year", needs.growth, "%"),
    )
    return [
        (name, f"{value:,.0f} {unit}".strip(), "the sheet" if key in sheet else ASSUMED)
        for key, name, value, unit in told
    ]


def changed(values: Mapping[str, object], base: Values) -> list[str]:
    """The keys whose value is not that of the managers' list."""
    known = checked(values)
    return [key for key in ALL if known[key] != base[key]]
