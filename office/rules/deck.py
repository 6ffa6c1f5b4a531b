"""What a review of a quarter shows: the figures of its monthly reports, put side by side. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.charts import BarChart, Series
from office.rules.quarters import Quarter
from reports.rules import figures as counting
from reports.rules.content import Comment, IncidentRow, ReportContent, Tally, TargetRow
from reports.rules.months import Month

MATTERED = 10  # incidents that are named


@dataclass(frozen=True)
class Deck:
    """`months` are those of the quarter that have begun, each as its report says it.

    `agenda` and `review_on` are the plan of the next review, "" and None without one.
    """

    organisation: str
    quarter: Quarter
    timezone: str
    months: Sequence[ReportContent]
    known_at: datetime
    agenda: str = ""
    review_on: date | None = None

    @property
    def last(self) -> ReportContent:
        return self.months[-1]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(Month.parse(one.month).label.split()[0] for one in self.months)

    def sums(self, count: Callable[[ReportContent], int]) -> tuple[int, ...]:
        return tuple(count(one) for one in self.months)

    def total(self, count: Callable[[ReportContent], int]) -> int:
        return sum(self.sums(count))


def reported(one: ReportContent) -> int:
    return one.counts.reported


def solved(one: ReportContent) -> int:
    return one.counts.solved


def met(one: ReportContent) -> int:
    return one.counts.targets_met


def late(one: ReportContent) -> int:
    return one.counts.targets_breached


def tallied(deck: Deck, tallies: Callable[[ReportContent], Iterable[Tally]]) -> list[Tally]:
    """The tallies of all months together, the most frequent first."""
    found: Counter[str] = Counter()
    for one in deck.months:
        found.update({tally.label: tally.count for tally in tallies(one)})
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [Tally(label=label, count=count) for label, count in ordered if count]


def comments(deck: Deck) -> list[Comment]:
    return [one for month in deck.months for one in month.satisfaction.comments]


def ratings(deck: Deck) -> tuple[int, ...]:
    """Five: how many gave 1, 2, 3, 4, 5."""
    by_month = [one.satisfaction.ratings for one in deck.months]
    return tuple(sum(month[place] for month in by_month) for place in range(5))


def late_answers(deck: Deck) -> list[tuple[IncidentRow, TargetRow]]:
    return [
        pair
        for month in deck.months
        if month.names_its_rows
        for pair in counting.decided(month.incidents, met=False)
    ]


def mattered(deck: Deck) -> list[IncidentRow]:
    """Late, escalated or critical ones, each once, as the last month that names it says it."""
    found: dict[str, IncidentRow] = {}
    weight: Counter[str] = Counter()
    for month in deck.months:
        for row in month.incidents:
            found[row.number] = row
            weight[row.number] += 4 * row.is_late + 2 * bool(row.escalated_in_month)
            weight[row.number] += (row.priority == "Critical") and not weight[row.number]
    chosen = sorted(found.values(), key=lambda row: (-weight[row.number], row.reported_at))
    return [row for row in chosen if weight[row.number]][:MATTERED]


def promises_chart(deck: Deck) -> BarChart:
    return BarChart(
        title="Answers owed, by month",
        categories=deck.labels,
        series=(
            Series(label="In time", values=deck.sums(met)),
            Series(label="Late", values=deck.sums(late)),
        ),
    )


def work_chart(deck: Deck) -> BarChart:
    """The quarter beside the months before it."""
    ours = {one.month for one in deck.months}
    before = [one for one in deck.months[0].trend if one.month not in ours][-3:]
    named = [one.month for one in before] + [one.month for one in deck.months]
    months = [Month.parse(one) for one in named]
    return BarChart(
        title="Reported and solved, by month",
        categories=tuple(f"{one.label[:3]} {one.year % 100:02}" for one in months),
        series=(
            Series(
                label="Reported",
                values=(*(one.reported for one in before), *deck.sums(reported)),
            ),
            Series(label="Solved", values=(*(one.solved for one in before), *deck.sums(solved))),
        ),
    )


def tally_chart(title: str, label: str, tallies: Sequence[Tally], most: int = 8) -> BarChart:
    shown = tallies[:most]
    return BarChart(
        title=title,
        categories=tuple(_short(one.label) for one in shown),
        series=(Series(label=label, values=tuple(one.count for one in shown)),),
    )


def _short(label: str) -> str:
    return label if len(label) <= 16 else f"{label[:15]}…"


def ratings_chart(deck: Deck) -> BarChart:
    return BarChart(
        title="Ratings given",
        categories=("1", "2", "3", "4", "5"),
        series=(Series(label="Ratings", values=ratings(deck)),),
    )


def hours_chart(deck: Deck) -> BarChart:
    """Medians in whole hours, rounded up so that none vanishes."""
    return BarChart(
        title="Median hours, by month",
        categories=deck.labels,
        series=(
            Series(
                label="To the first answer",
                values=deck.sums(lambda one: _hours(one.first_answer.median)),
            ),
            Series(
                label="To the solution", values=deck.sums(lambda one: _hours(one.solving.median))
            ),
        ),
    )


def _hours(seconds: int | None) -> int:
    return -(-(seconds or 0) // 3600)
