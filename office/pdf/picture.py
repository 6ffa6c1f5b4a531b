"""A picture of the figures on paper: the chart first, then each of its tables whole."""

from __future__ import annotations

from collections.abc import Sequence

from core.pdf import look
from core.pdf.rows import Rows
from core.pdf.writer import Column, Line, Writer
from office.pdf.paper import BODY_WIDTH, Sides, document
from office.rules.picture import Backlog, Row, Said, Shown, Table
from reports.rules import wording

_GUTTER = 28.0
_HALF = (BODY_WIDTH - _GUTTER) / 2
_CHART = 200.0
_TALL = 290.0
_BESIDE = 19  # rows of a table beside its chart: they fit on the first page
_NUMBER = 78.0  # points of a column of numbers
_ALONGSIDE = 14  # rows of a table that stands beside another
_MOST = 200  # rows of a table; its CSV and XLSX have all


def render(shown: Shown, *, vendor: str, timezone: str) -> bytes:
    """The same picture, the same bytes. Moments by the clock of `timezone`."""
    known = f"As known on {wording.moment(shown.known_at, timezone)} ({timezone})"
    days = f"{wording.day(shown.since)} to {wording.day(shown.until)}"
    sides = Sides(f"{shown.title}, {days}", vendor, known, shown.known_at)
    lines = [days, ", ".join(shown.narrowed) or "all that you may see", known]
    return document(sides, _texts(shown, lines), lambda writer: _write(writer, shown, lines))


def _write(writer: Writer, shown: Shown, lines: Sequence[str]) -> None:
    writer.heading(shown.title, look.H1, "H1", level=1)
    writer.paragraph(" · ".join(lines[:2]), look.LEAD)
    writer.paragraph(shown.lead)
    writer.space(8)
    first, *others = shown.tables
    _write_first(writer, first)
    if shown.backlog is not None:
        _write_backlog(writer, shown.backlog)
    short = [one for one in others if len(one.rows) <= _ALONGSIDE]
    for pair in zip(short[::2], short[1::2], strict=False):
        _write_pair(writer, *pair)
    for one in short[len(short) // 2 * 2 :]:
        _write_table(writer, one)
    for one in others:
        if one not in short:
            _write_table(writer, one)
    if shown.words is not None:
        _write_words(writer, shown.words)


def _write_first(writer: Writer, table: Table) -> None:
    """The chart with its numbers beside it, or above them where those are many."""
    if table.drawn is None or len(table.rows) > _BESIDE:
        if table.drawn is not None:
            writer.story.append(writer.chart(table.drawn, BODY_WIDTH, _CHART))
            writer.space(8)
        _write_table(writer, table)
        return
    numbers = BODY_WIDTH * 0.36
    drawn = writer.chart(table.drawn, BODY_WIDTH - numbers - _GUTTER, _TALL)
    columns = _columns(table.heads, numbers, each=62)
    rows = writer.made_table(columns, [_cells(row) for row in table.rows])
    writer.side_by_side([[drawn], [rows]], [BODY_WIDTH - numbers, numbers])


def _write_table(writer: Writer, table: Table) -> None:
    writer.h2(table.title)
    if not table.rows:
        writer.paragraph("Nothing in these days.", look.LEAD)
        return
    rows = [_cells(row) for row in table.rows[:_MOST]]
    writer.table(_columns(table.heads, min(BODY_WIDTH, 170 + _NUMBER * len(table.heads))), rows)
    if len(table.rows) > _MOST:
        more = f"The first {_MOST} of {len(table.rows):,}; the file on the page has all."
        writer.paragraph(more, look.NOTE)


def _write_pair(writer: Writer, left: Table, right: Table) -> None:
    """Two short tables side by side, each below its name."""
    rows = max(len(left.rows), len(right.rows), 1)
    writer.space(12)
    blocks = []
    for n, table in enumerate((left, right)):
        writer.h2(table.title, room=60 + 18.5 * rows if n == 0 else 0)
        name = writer.story.pop()
        blocks.append([name, _made(writer, table)])
    writer.side_by_side(blocks, [_HALF + _GUTTER, _HALF])


def _made(writer: Writer, table: Table) -> Rows:
    nothing: list[Line | str] = ["Nothing", *("" for _ in table.heads[1:])]
    rows = [_cells(row) for row in table.rows] or [nothing]
    return writer.made_table(_columns(table.heads, _HALF), rows)


def _columns(heads: Sequence[str], wide: float, each: float = _NUMBER) -> list[Column]:
    each = min(each, (wide - 80) / max(len(heads) - 1, 1))
    first = wide - each * (len(heads) - 1)
    return [Column(heads[0], first), *(Column(head, each, right=True) for head in heads[1:])]


def _cells(row: Row) -> list[Line | str]:
    return [Line(row.label, look.CELL_BOLD), *(_said(cell.value) for cell in row.cells)]


def _said(value: object) -> str:
    if value is None:
        return wording.NONE
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _write_backlog(writer: Writer, backlog: Backlog) -> None:
    writer.h2("Open now, by age")
    writer.paragraph(_backlog_in_words(backlog))
    writer.table(_columns(backlog.heads, _HALF), [_cells(row) for row in backlog.ages])


def _backlog_in_words(backlog: Backlog) -> str:
    return (
        f"{backlog.total.value:,} open, {backlog.late.value:,} with a late answer,"
        f" {backlog.unassigned.value:,} with nobody."
    )


def _write_words(writer: Writer, words: Sequence[Said]) -> None:
    writer.h2("What they said, the least satisfied first")
    if not words:
        writer.paragraph("Nobody wrote words with a rating in these days.", look.LEAD)
    for one in words:
        said = f"“{' '.join(one.text.split())}”"
        writer.paragraph(f"{said} {_about(one)}", look.QUOTE)


def _about(one: Said) -> str:
    return f"({one.score} of 5, {one.organisation}, {one.number})"


def _texts(shown: Shown, lines: Sequence[str]) -> str:
    """Every character of it, for the typefaces."""
    parts = [shown.title, shown.lead, *lines]
    for table in shown.tables:
        parts += [table.title, *table.heads, *(str(cells) for cells in table.values)]
    for one in shown.words or ():
        parts += [one.text, _about(one)]
    return "".join(parts)
