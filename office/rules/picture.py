"""A picture of the figures as plain data: what the page, the PDF and the files show alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.charts import BarChart

MOST_ROWS = 60  # of a table on the page; its files have all


@dataclass(frozen=True)
class Cell:
    """`figure` and `query` lead to what it counts; "" where there is nothing to open."""

    value: Any
    figure: str = ""
    query: str = ""


@dataclass(frozen=True)
class Row:
    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    key: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Row]
    drawn: BarChart | None = None

    @property
    def shown(self) -> Sequence[Row]:
        return self.rows[:MOST_ROWS]

    @property
    def values(self) -> list[list[Any]]:
        """Of a file."""
        return [[row.label, *(cell.value for cell in row.cells)] for row in self.rows]


@dataclass(frozen=True)
class Backlog:
    """Open incidents by age, each age with how many are of which tier; `heads` of those."""

    total: Cell
    late: Cell
    unassigned: Cell
    heads: Sequence[str]
    ages: Sequence[Row]


@dataclass(frozen=True)
class Said:
    """What a customer wrote with a rating; `number` is the incident's."""

    text: str
    score: int
    organisation: str
    number: str
    on: date


@dataclass(frozen=True)
class Shown:
    """`backlog` and `words` are None in pictures that have none; `narrowed` is its filter in words.

    Days are of the desk's zone, both inclusive.
    """

    key: str
    title: str
    lead: str
    since: date
    until: date
    narrowed: Sequence[str]
    tables: Sequence[Table]
    backlog: Backlog | None
    words: Sequence[Said] | None
    known_at: datetime

    @property
    def file_name(self) -> str:
        return f"{self.key}-{self.since}-to-{self.until}.pdf"
