"""Bar charts as plain data and geometry: the PDF and the pages draw the very same bars."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Series:
    label: str
    values: tuple[int, ...]  # one a category, none below zero


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Groups of bars that stand on zero."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(f"“{series.label}” needs one value for each category.")
            if min(series.values, default=0) < 0:
                raise ValueError(f"“{series.label}” has a value below zero.")

    @property
    def highest(self) -> int:
        return max((value for series in self.series for value in series.values), default=0)

    @property
    def description(self) -> str:
        """All of it in words, for those who do not see it."""
        groups = (
            f"{category}: "
            + ", ".join(f"{series.values[at]} {series.label.lower()}" for series in self.series)
            for at, category in enumerate(self.categories)
        )
        return "; ".join(groups) + "." if self.categories else "Nothing to show."


@dataclass(frozen=True, kw_only=True)
class Bar:
    """x and y are of the left lower corner, y counted upwards from zero's line."""

    series: int
    category: int
    value: int
    x: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Layout:
    """For a plot whose left lower corner is (0, 0)."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, float], ...]  # (value, y), zero first
    middles: tuple[float, ...]  # x of each category's middle


def axis(highest: int, most: int = 4) -> tuple[int, ...]:
    """Round whole numbers from 0 to at least `highest`, at most `most` steps."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * most >= highest:
                steps = max(-(-highest // step), 1)
                return tuple(step * n for n in range(steps + 1))
        size *= 10


def layout(chart: BarChart, width: float, height: float) -> Layout:
    top = axis(chart.highest)
    scale = height / top[-1]
    slot = width / max(len(chart.categories), 1)
    wide = min(slot * 0.72 / max(len(chart.series), 1), height * 0.28)
    middles = tuple(slot * (at + 0.5) for at in range(len(chart.categories)))
    bars = tuple(
        Bar(
            series=number,
            category=at,
            value=value,
            x=middles[at] + (number - len(chart.series) / 2) * wide,
            width=wide * 0.9,
            height=value * scale,
        )
        for number, series in enumerate(chart.series)
        for at, value in enumerate(series.values)
    )
    return Layout(bars=bars, ticks=tuple((n, n * scale) for n in top), middles=middles)
