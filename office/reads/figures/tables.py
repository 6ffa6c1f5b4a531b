"""The pictures: each a few tables that tell figures apart, and the first drawn by weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth, TruncWeek

from accounts.models import Organisation, Person
from core.charts import BarChart, Series
from entitlements.enums import Level
from entitlements.models import Service
from office.reads.figures.asked import NOBODY, NOTHING, Asked, sums_for
from office.rules.picture import Cell, Row, Table
from reports.rules import wording
from tickets.enums import Tier
from tickets.models import Cause

MOST_WEEKS = 18  # after which months are told instead
_Sums = dict[str, tuple[int, int]]  # by figure: how often, and the amount


@dataclass(frozen=True)
class Column:
    """`of` gives the cell's value; a plain count leads to what it counts by its `figure`."""

    head: str
    of: Callable[[_Sums], Any]
    figure: str = ""
    drawn: bool = False
    needs: str = ""  # a figure that it is made of and does not lead to


def count(figure: str, head: str, *, drawn: bool = False) -> Column:
    return Column(head, lambda sums: sums.get(figure, (0, 0))[0], figure, drawn)


def _share(sums: _Sums) -> str:
    kept, late = sums.get("kept", (0, 0))[0], sums.get("late", (0, 0))[0]
    return wording.share(kept, kept + late)


def _mean(sums: _Sums) -> float | None:
    number, points = sums.get("rated", (0, 0))
    return round(points / number, 2) if number else None


def _hours(sums: _Sums) -> str:
    number, seconds = sums.get("at_tier", (0, 0))
    return wording.span(seconds // number if number else None)


PROMISES = (
    count("kept", "In time", drawn=True),
    count("late", "Late", drawn=True),
    Column("Share", _share),
)
FLOW = (
    count("reported", "Reported", drawn=True),
    count("solved", "Solved", drawn=True),
    count("reopened", "Opened again"),
)
LEVELS = (
    count("escalated", "Came up to it", drawn=True),
    count("at_tier", "Left it again", drawn=True),
    Column("Mean stay", _hours),
)
CAUSES = (count("solved", "Solved", drawn=True),)
RATED = (count("rated", "Ratings", drawn=True), Column("Mean of 5", _mean))
ARTICLES = (
    Column(
        "Spared by an article",
        lambda sums: sums.get("deflected", (0, 0))[0],
        drawn=True,
        needs="deflected",
    ),
    count("reported", "Reported all the same", drawn=True),
)


@dataclass(frozen=True)
class Picture:
    """`told` are the ways in which its figures are told apart, the time always first."""

    title: str
    lead: str
    columns: Sequence[Column]
    told: Sequence[str]


PICTURES = {
    "promises": Picture(
        "Promises",
        "Answers in time count when they were given, late ones when they were due.",
        PROMISES,
        ("time", "level", "tier", "service", "customer", "engineer"),
    ),
    "flow": Picture(
        "In and out",
        "What came in, what was solved and still is, and what was opened again.",
        FLOW,
        ("time", "service", "level", "customer", "engineer"),
    ),
    "levels": Picture(
        "Technical levels",
        "Escalations, and how long incidents stayed at each level before they left it.",
        LEVELS,
        ("time", "tier", "service", "customer"),
    ),
    "causes": Picture(
        "Causes",
        "Why it happened, of what was solved: as it was registered with the solution.",
        CAUSES,
        ("time", "cause", "service", "customer"),
    ),
    "satisfaction": Picture(
        "Satisfaction",
        "What customers answered to the one question after a solution.",
        RATED,
        ("time", "customer", "engineer", "service", "level"),
    ),
    "articles": Picture(
        "Help before reporting",
        "Reports that an article, a known defect or an old solution made needless.",
        ARTICLES,
        ("time", "customer"),
    ),
}
TOLD = {
    "time": "Week",
    "level": "Level",
    "tier": "Technical level",
    "service": "Service",
    "customer": "Customer",
    "engineer": "Engineer",
    "cause": "Cause",
}
_FIELDS = {
    "level": "level",
    "tier": "tier",
    "service": "service",
    "customer": "organisation",
    "engineer": "person",
    "cause": "cause",
}


def table_of(picture: str, told: str, asked: Asked, person: Person) -> Table:
    """One table of a picture; two statements at most."""
    of = PICTURES[picture]
    if told == "time":
        return _by_time(of, asked, person)
    field_of = _FIELDS[told]
    sums = _sums(of, asked, person, field_of)
    labels = _labels(told, sums)
    ordered = sorted(
        sums,
        key=lambda key: (-sum(n for n, _ in sums[key].values()), labels.get(key, ("", ""))[0]),
    )
    rows = []
    for key in ordered:
        label, named = labels.get(key, ("–", NOTHING))
        rows.append(Row(label, _cells(of, sums[key], asked.but(**{told: named}))))
    return Table(told, f"By {TOLD[told].lower()}", _heads(of, TOLD[told]), rows)


def _heads(of: Picture, first: str) -> list[str]:
    return [first, *(one.head for one in of.columns)]


def _sums(of: Picture, asked: Asked, person: Person, by: Any) -> dict[Any, _Sums]:
    """By what tells them apart, the sums of each figure that the columns may ask for."""
    grouped = sums_for(asked, person).filter(figure__in=_figures(of))
    by = F(by) if isinstance(by, str) else by
    rows = (
        grouped.annotate(told=by)
        .values_list("told", "figure")
        .annotate(n=Sum("number"), total=Sum("amount"))
    )
    found: dict[Any, _Sums] = defaultdict(dict)
    for key, figure, number, amount in rows:
        found[key][figure] = (number, amount)
    return found


def _figures(of: Picture) -> list[str]:
    return [name for one in of.columns for name in (one.figure, one.needs) if name]


def _cells(of: Picture, sums: _Sums, asked: Asked) -> list[Cell]:
    return [
        Cell(one.of(sums), *((one.figure, asked.query) if one.figure else ())) for one in of.columns
    ]


def _by_time(of: Picture, asked: Asked, person: Person) -> Table:
    monthly = (asked.until - asked.since).days > 7 * MOST_WEEKS
    by = TruncMonth("day") if monthly else TruncWeek("day")
    sums = _sums(of, asked, person, by)
    steps = _months(asked) if monthly else _weeks(asked)
    rows = []
    for first, last in steps:
        narrowed = asked.but(since=max(first, asked.since), until=min(last, asked.until))
        label = f"{first:%b %Y}" if monthly else wording.short_day(first)
        rows.append(Row(label, _cells(of, sums.get(first, {}), narrowed)))
    first_head = "Month" if monthly else "Week of"
    chart = _drawn(of, [row.label for row in rows], rows, by="month" if monthly else "week")
    return Table("time", "Over time", _heads(of, first_head), rows, chart)


def _weeks(asked: Asked) -> list[tuple[date, date]]:
    first, found = asked.since - timedelta(days=asked.since.weekday()), []
    while first <= asked.until:
        found.append((first, first + timedelta(days=6)))
        first += timedelta(weeks=1)
    return found


def _months(asked: Asked) -> list[tuple[date, date]]:
    first, found = asked.since.replace(day=1), []
    while first <= asked.until:
        after = (first + timedelta(days=32)).replace(day=1)
        found.append((first, after - timedelta(days=1)))
        first = after
    return found


def _drawn(of: Picture, labels: Sequence[str], rows: Sequence[Row], *, by: str) -> BarChart | None:
    places = [place for place, one in enumerate(of.columns) if one.drawn]
    series = tuple(
        Series(
            label=of.columns[place].head,
            values=tuple(int(row.cells[place].value or 0) for row in rows),
        )
        for place in places
    )
    chart = BarChart(title=f"{of.title}, by {by}", categories=tuple(labels), series=series)
    return chart if chart.highest else None


def _labels(told: str, keys: Iterable[Any]) -> dict[Any, tuple[str, Any]]:
    """How each reads, and by what a link names it, what has none too."""
    known = list(keys)
    if told == "level":
        return {key: (level_name(key), key or NOTHING) for key in known}
    if told == "tier":
        names = dict(Tier.choices)
        return {key: (str(names.get(key, "None")), key or NOBODY) for key in known}
    if told == "service":
        services = dict(Service.objects.values_list("key", "name"))
        return {key: (services.get(key, key or "None"), key or NOTHING) for key in known}
    if told == "cause":
        causes = dict(Cause.objects.values_list("key", "name"))
        return {key: (causes.get(key, key or "Nobody said"), key or NOTHING) for key in known}
    if told == "engineer":
        people = dict(Person.objects.filter(pk__in=known).values_list("pk", "name"))
        return {key: (people.get(key, "Nobody"), key or NOBODY) for key in known}
    found = Organisation.objects.filter(pk__in=known).values_list("pk", "name", "slug")
    return {pk: (name, slug) for pk, name, slug in found}


def level_name(key: str) -> str:
    """In words; what has no level is not covered."""
    return str(Level(key).label) if key in Level.values else "Not covered"
