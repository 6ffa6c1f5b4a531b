"""Writes a tagged story: every paragraph, table and figure with its place in the structure."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer, Table, TableStyle
from reportlab.platypus.tables import TableRenderCB

from core.charts import BarChart
from core.pdf import look, typeface
from core.pdf.charts import ChartDrawing
from core.pdf.rows import Cell, Column, Line, Rows, Sheet
from core.pdf.tagging import Element
from core.pdf.texts import Text
from core.pdf.typesetting import Typesetter

__all__ = ["Cell", "Column", "Line", "Writer", "cell_frame", "layout_table"]

_SHORT = 8  # rows


class _LayoutTags(TableRenderCB):
    """Grounds and lines are for the eye only; what stands in the cells marks itself."""

    _open: AbstractContextManager[None]

    def startBG(self, table: Table) -> None:  # noqa: N802 -- reportlab's names
        self._open = table.canv.artifact()
        self._open.__enter__()

    def _leave(self, _table: Table) -> None:
        self._open.__exit__(None, None, None)

    def _nothing(self, table: Table, *where: Any) -> None:
        """Rows and the table itself need no marks."""

    startLines = startBG  # noqa: N815
    endBG = endLines = _leave  # noqa: N815
    startTable = endTable = startRow = endRow = startCell = endCell = _nothing  # noqa: N815


@dataclass
class Writer:
    """Grows `story` in reading order, and `document` with it."""

    document: Element
    setter: Typesetter
    story: list[Flowable] = field(default_factory=list)

    def heading(
        self, text: str, style: ParagraphStyle, role: str, room: float = 0, level: int = 0
    ) -> None:
        """`room`: the heading moves to the next page unless so many points are left below.

        `level`: of its line in the outline; 0 for none.
        """
        if room:
            self.story.append(CondPageBreak(room))
        element = self.document.child(role)
        self.story.append(Text(self.setter, text, style, element=element, level=level))

    def h2(self, text: str, room: float = 110) -> None:
        self.heading(text, look.H2, "H2", room, level=2)

    def h3(self, text: str, room: float = 80) -> None:
        self.heading(text, look.H3, "H3", room, level=3)

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
    ) -> Rows:
        """`total`: the last row sums up. Rows never split; the header is on every page."""
        tagged = self.document.child("Table")
        return Rows(Sheet(self.setter, columns, rows, tagged, total))

    def side_by_side(self, blocks: Sequence[Sequence[Flowable]], widths: Sequence[float]) -> None:
        """Each block is a column of flowables."""
        row = [list(block) for block in blocks]
        self.story.append(layout_table(row, widths, cell_frame(0, 0, 0, 0)))

    def chart(self, chart: BarChart, width: float, height: float) -> Flowable:
        element = self.document.child("Figure", f"{chart.title}. {chart.description}")
        return ChartDrawing(chart, width, height, element)

    def text(
        self,
        text: str,
        style: ParagraphStyle,
        *,
        element: Element | None = None,
        bullet: str = "",
    ) -> Text:
        return Text(self.setter, text, style, element=element, bullet=bullet)


def layout_table(
    cells: Sequence[Any], widths: Sequence[float], commands: Sequence[tuple[Any, ...]]
) -> Table:
    """One row of blocks that stand side by side: no table to a screen reader."""
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *commands])
    return Table(
        [list(cells)], colWidths=list(widths), hAlign="LEFT", style=style, renderCB=_LayoutTags()
    )


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
