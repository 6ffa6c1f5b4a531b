"""The plan as a drawing: bars on days, for the page and the PDF. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, ROW, NAMES, HEAD = 1000, 30, 270, 24  # units of the drawing
_SHORTEST = 6


@dataclass(frozen=True)
class Bar:
    """A phase: the plan's bar, the baseline's below it, and how it stands."""

    name: str
    tone: str
    y: int
    x: int
    width: int
    base_x: int
    base_width: int
    title: str

    @property
    def text_y(self) -> int:
        return self.y + 18

    @property
    def bar_y(self) -> int:
        return self.y + 6

    @property
    def base_y(self) -> int:
        return self.y + 21


@dataclass(frozen=True)
class Mark:
    x: int
    label: str


@dataclass(frozen=True)
class Drawing:
    bars: tuple[Bar, ...]
    months: tuple[Mark, ...]
    today: int | None
    height: int
    width: int = WIDTH
    names: int = NAMES


@dataclass(frozen=True)
class Row:
    name: str
    starts_on: date
    ends_on: date
    baseline_starts_on: date
    baseline_ends_on: date
    tone: str


def draw(rows: Sequence[Row], *, today: date) -> Drawing | None:
    """None without rows."""
    if not rows:
        return None
    first = min(min(one.starts_on, one.baseline_starts_on) for one in rows)
    last = max(max(one.ends_on, one.baseline_ends_on) for one in rows)
    days = (last - first).days + 1

    def x(day: date) -> int:
        return NAMES + round((WIDTH - NAMES) * (day - first).days / days)

    def wide(start: date, end: date) -> int:
        return max(_SHORTEST, x(end + timedelta(days=1)) - x(start))

    bars = tuple(
        Bar(
            one.name,
            one.tone,
            HEAD + number * ROW,
            x(one.starts_on),
            wide(one.starts_on, one.ends_on),
            x(one.baseline_starts_on),
            wide(one.baseline_starts_on, one.baseline_ends_on),
            f"{one.name}: {one.starts_on:%d %b} to {one.ends_on:%d %b %Y}",
        )
        for number, one in enumerate(rows)
    )
    months = tuple(Mark(x(day), f"{day:%b}") for day in _months(first, last))
    now = x(today) if first <= today <= last else None
    return Drawing(bars, months, now, HEAD + len(rows) * ROW + 4)


def _months(first: date, last: date) -> list[date]:
    found = [first]
    day = first.replace(day=1)
    while True:
        day = (day + timedelta(days=32)).replace(day=1)
        if day > last:
            return found
        if (day - found[-1]).days > 9:
            found.append(day)
