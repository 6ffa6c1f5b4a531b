"""Writes a tagged story: every paragraph, table and figure with its place in the structure."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tables import TableRenderCB

from reports.pdf import look, scripts, typeface
from reports.pdf.charts import ChartDrawing
from reports.pdf.tagging import Element
from reports.rules.charts import BarChart

_PADDING = 5.0
_SHORT = 8  # rows


class Text(Paragraph):
    """A paragraph that marks what it draws as (a part of) its element."""

    element: Element | None = None

    def split(self, width: float, height: float) -> list[Text]:
        parts: list[Text] = super().split(width, height)
        for part in parts:
            part.element = self.element
        return parts

    def draw(self) -> None:
        if self.element is None:
            super().draw()
            return
        with self.canv.piece(self.element):
            super().draw()


@dataclass(frozen=True)
class Column:
    title: str
    width: float  # points
    right: bool = False  # numbers and spans


@dataclass(frozen=True)
class Line:
    """A line of text in a cell."""

    text: str
    style: ParagraphStyle | None = None  # None: the cell's usual one
    colour: Color | None = None


Cell = str | Line | Sequence[Line]


class _LayoutTags(TableRenderCB):
    """Grounds and lines are for the eye only; cells mark themselves."""

    _open: AbstractContextManager[None]

    def startBG(self, table: Table) -> None:  # noqa: N802 -- reportlab's names
        self._enter(table.canv.artifact())

    def _enter(self, context: AbstractContextManager[None]) -> None:
        self._open = context
        self._open.__enter__()

    def _leave(self, table: Table) -> None:
        self._open.__exit__(None, None, None)

    def _nothing(self, table: Table, *where: Any) -> None:
        """Rows and the table itself need no marks: their cells know their parents."""

    startLines = startBG  # noqa: N815
    endBG = endLines = _leave  # noqa: N815
    startTable = endTable = startRow = endRow = startCell = endCell = _nothing  # noqa: N815


class _Tags(_LayoutTags):
    """Each cell is marked as its element; a header that is repeated is for the eye only."""

    def startCell(self, table: Table, *where: Any) -> None:  # noqa: N802
        element = where[2][0].element
        seen = element.role == "TH" and element.pieces
        self._enter(table.canv.artifact() if seen else table.canv.piece(element))

    def endCell(self, table: Table) -> None:  # noqa: N802
        self._leave(table)


@dataclass
class Writer:
    """Grows `story` in reading order, and `document` with it."""

    document: Element
    story: list[Flowable] = field(default_factory=list)
    missed: bool = False  # something was not in the typeface

    def heading(self, text: str, style: ParagraphStyle, role: str, room: float = 0) -> None:
        """`room`: the heading moves to the next page unless so many points are left below."""
        if room:
            self.story.append(CondPageBreak(room))
        self.story.append(self.text(text, style, element=self.document.child(role)))

    def h2(self, text: str, room: float = 110) -> None:
        self.heading(text, look.H2, "H2", room)

    def h3(self, text: str, room: float = 80) -> None:
        self.heading(text, look.H3, "H3", room)

    def paragraph(self, text: str, style: ParagraphStyle = look.BODY) -> None:
        self.story.append(self.text(text, style, element=self.document.child("P")))

    def items(self, texts: Sequence[str]) -> None:
        listed = self.document.child("L")
        for text in texts:
            body = listed.child("LI").child("LBody")
            self.story.append(self.text(text, look.ITEM, element=body, bullet="•"))

    def space(self, points: float) -> None:
        self.story.append(Spacer(1, points))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], **more: Any) -> None:
        """A short table stays whole, and with the heading and words right before it."""
        block: list[Flowable] = [self.made_table(columns, rows, **more)]
        if len(rows) > _SHORT:
            self.story += block
            return
        while self.story and isinstance(self.story[-1], Text):
            block.insert(0, self.story.pop())
        self.story.append(KeepTogether(block))

    def made_table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, total: bool = False
    ) -> Table:
        """`total`: the last row sums up. Rows never split; the header is on every page."""
        tagged = self.document.child("Table")
        head = tagged.child("TR")
        cells = [
            [self._cell(c.title, c, head.child("TH"), plain=_head_style(c)) for c in columns],
        ]
        for number, row in enumerate(rows, 1):
            line = tagged.child("TR")
            plain = look.CELL_BOLD if total and number == len(rows) else look.CELL
            cells.append(
                [
                    self._cell(cell, column, line.child("TD"), plain=_aligned(plain, column))
                    for cell, column in zip(row, columns, strict=True)
                ]
            )
        return Table(
            cells,
            colWidths=[column.width for column in columns],
            repeatRows=1,
            hAlign="LEFT",
            style=_table_style(len(cells), total),
            renderCB=_Tags(),
        )

    def side_by_side(self, blocks: Sequence[Sequence[Flowable]], widths: Sequence[float]) -> None:
        """Each block is a column of flowables."""
        row = [list(block) for block in blocks]
        self.story.append(layout_table(row, widths, cell_frame(0, 0, 0, 0)))

    def chart(self, chart: BarChart, width: float, height: float) -> Flowable:
        element = self.document.child("Figure", f"{chart.title}. {chart.description}")
        return ChartDrawing(self._printable_chart(chart), width, height, element)

    def text(
        self,
        text: str,
        style: ParagraphStyle,
        *,
        element: Element | None = None,
        width: float = look.BODY_WIDTH,
        bullet: str | None = None,
    ) -> Text:
        """`width`: where it will stand; only right-to-left text needs it right."""
        inner = width - style.leftIndent - style.rightIndent
        lines = (escape(line) for line in self.lines(text, style, inner))
        made = Text("<br/>".join(lines), style, bulletText=bullet)
        made.element = element
        return made

    def lines(self, text: str, style: ParagraphStyle, width: float) -> list[str]:
        """One line that reportlab wraps; or, where text runs from right to left, ours."""
        ready = self.printable(text)
        if not scripts.has_right_to_left(ready):
            return [ready]
        back = scripts.reads_right_to_left(ready)
        wrapped = _wrapped(ready, style, width)
        return [scripts.visual(line, right_to_left=back) for line in wrapped]

    def printable(self, text: str) -> str:
        ready = scripts.printable(text, typeface.register())
        self.missed = self.missed or scripts.MISSING in ready
        return ready

    def _cell(
        self, cell: Cell, column: Column, element: Element, *, plain: ParagraphStyle
    ) -> list[Text]:
        lines = (
            [Line(cell)] if isinstance(cell, str) else [cell] if isinstance(cell, Line) else cell
        )
        texts = []
        for line in lines:
            style = _aligned(line.style, column) if line.style else plain
            if line.colour is not None:
                style = ParagraphStyle(f"{style.name}-coloured", style, textColor=line.colour)
            inner = column.width - 2 * _PADDING
            texts.append(self.text(line.text, style, element=element, width=inner))
        return texts

    def _printable_chart(self, chart: BarChart) -> BarChart:
        labels = tuple(self.printable(label) for label in chart.categories)
        return BarChart(title=chart.title, categories=labels, series=chart.series)


def layout_table(
    cells: Sequence[Any], widths: Sequence[float], commands: Sequence[tuple[Any, ...]]
) -> Table:
    """One row of blocks that stand side by side: no table to a screen reader."""
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *commands])
    return Table(
        [list(cells)], colWidths=list(widths), hAlign="LEFT", style=style, renderCB=_LayoutTags()
    )


def _wrapped(text: str, style: ParagraphStyle, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and typeface.width(longer, style.fontName, style.fontSize) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _head_style(column: Column) -> ParagraphStyle:
    return look.HEAD_RIGHT if column.right else look.HEAD


def _aligned(style: ParagraphStyle, column: Column) -> ParagraphStyle:
    if not column.right:
        return style
    return ParagraphStyle(f"{style.name}-right", style, alignment=TA_RIGHT)


def cell_frame(left: float, right: float, top: float, bottom: float) -> list[tuple[Any, ...]]:
    """Padding in points; and our font, as a table names Helvetica even where it draws nothing."""
    everywhere = ((0, 0), (-1, -1))
    return [
        ("FONTNAME", *everywhere, typeface.REGULAR),
        ("LEFTPADDING", *everywhere, left),
        ("RIGHTPADDING", *everywhere, right),
        ("TOPPADDING", *everywhere, top),
        ("BOTTOMPADDING", *everywhere, bottom),
    ]


def _table_style(rows: int, total: bool) -> TableStyle:
    commands: list[tuple[Any, ...]] = [
        *cell_frame(_PADDING, _PADDING, 3.5, 4),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("BACKGROUND", (0, 0), (-1, 0), look.BLUE_PALE),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, look.BLUE),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, look.LINE),
        # the header never stands alone at the foot of a page, nor a last row on a new one
        ("NOSPLIT", (0, 0), (0, min(2, rows - 1))),
        ("NOSPLIT", (0, max(rows - 2, 0)), (0, rows - 1)),
    ]
    if total:
        commands.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, look.BLUE))
    return TableStyle(commands)
