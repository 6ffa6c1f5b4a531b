"""What the pages of imports show: the first lines beside the columns, counts, lines in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from office.enums import ImportState, Outcome
from office.models import DataImport, ImportLine
from office.rules.imports.kinds import KINDS, FieldOf
from office.rules.imports.reading import UnreadableFile, first_of, heads_of, rows_of

PREVIEW = 4  # lines
AT_ONCE = 500  # lines read together
SHOWN = 5  # cells of a bad line


@dataclass(frozen=True)
class Choice:
    """A field of the table with the column that was chosen for it, and what stands in that."""

    field: FieldOf
    chosen: int | None
    example: str


@dataclass(frozen=True)
class Preview:
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    choices: Sequence[Choice]


def preview_of(one: DataImport) -> Preview:
    """The first lines, and for each field the column that is chosen now."""
    rows: list[Sequence[str]] = []
    if one.file:
        try:
            with one.file.open() as file:
                found = rows_of(file, one.shape)
                heads_of(found)
                rows = [row.cells[: len(one.heads)] for row in first_of(found, PREVIEW)]
        except UnreadableFile:
            rows = []
    choices = [Choice(field, *_chosen(one, field, rows)) for field in one.table.fields]
    return Preview(one.heads, rows, choices)


def _chosen(
    one: DataImport, field: FieldOf, rows: Sequence[Sequence[str]]
) -> tuple[int | None, str]:
    index = one.mapping.get(field.name)
    if index is None:
        return None, ""
    return index, next((row[index] for row in rows if index < len(row) and row[index]), "")


@dataclass(frozen=True)
class ShownLine:
    number: int
    words: str
    said: str


def shown(lines: Iterable[ImportLine], *, stays: bool = False) -> list[ShownLine]:
    """Lines with the beginning of what stands in them, and what is said of each."""
    return [
        ShownLine(
            line.number,
            " · ".join(cell for cell in line.values[:SHOWN] if cell)[:120],
            line.stays if stays else line.said,
        )
        for line in lines
    ]


def bad_lines(one: DataImport) -> QuerySet[ImportLine]:
    return one.lines.filter(outcome=Outcome.BAD).order_by("number")


def kept_lines(one: DataImport) -> QuerySet[ImportLine]:
    """What was not taken back, with its reason."""
    return one.lines.exclude(stays="").order_by("number")


def written_lines(one: DataImport) -> QuerySet[ImportLine]:
    """What the trial says it would do, or what was done."""
    return one.lines.filter(outcome__in=(Outcome.NEW, Outcome.CHANGED)).order_by("number")


def bad_rows(one: DataImport, after: int) -> list[tuple[int, Sequence[Any]]]:
    """The next lines of a file to be mended, behind that number (`core.stepping`).

    The cells as they were, the sentence behind them.
    """
    width = len(one.heads)
    found: list[tuple[int, Sequence[Any]]] = []
    for line in bad_lines(one).filter(number__gt=after)[:AT_ONCE]:
        cells = line.values
        padded = [*cells, *([""] * (width - len(cells)))][:width]
        found.append((line.number, [line.number, *padded, line.said]))
    return found


def template_of(kind: str) -> tuple[list[str], list[list[str]]]:
    """The heads of a template, and one line as an example."""
    fields = KINDS[kind].fields
    return [one.label for one in fields], [[one.example for one in fields]]


def tiles_of(one: DataImport) -> list[tuple[str, int, str, str]]:
    """Label, number, note and tone of each outcome."""
    is_done = one.state in (ImportState.APPLIED, ImportState.UNDONE)
    new = "were made" if is_done else "will be made"
    changed = "were changed" if is_done else "will be changed"
    return [
        ("New", one.count(Outcome.NEW), new, "green" if one.count(Outcome.NEW) else ""),
        ("Changed", one.count(Outcome.CHANGED), changed, ""),
        ("There already", one.count(Outcome.SAME), "nothing to do", ""),
        ("Not taken", one.bad, "see why below" if one.bad else "", "red" if one.bad else ""),
    ]
