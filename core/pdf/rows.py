"""A table of any length: rows are set when their page comes, and forgotten when it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from core.pdf import look
from core.pdf.tagging import Element
from core.pdf.typesetting import Typesetter

SIDE, ABOVE, BELOW = 5.0, 3.5, 4.0  # points around the text of a cell
_TALLEST = 55  # lines of a cell; no text of a table fills more than a page
_MUCH = look.PAGE_HEIGHT / 2  # room in which one row under the header is better than none


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


@dataclass(frozen=True)
class _SetLine:
    text: str
    style: ParagraphStyle
    colour: Color


_SetCell = list[_SetLine]


@dataclass
class Sheet:
    """What all parts of one table share. `total`: the last row sums up."""

    setter: Typesetter
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    element: Element
    total: bool = False
    head: Element | None = None
    _set: dict[int, tuple[list[_SetCell], float]] = field(default_factory=dict)

    @property
    def width(self) -> float:
        return sum(column.width for column in self.columns)

    def row(self, number: int) -> tuple[list[_SetCell], float]:
        """The cells of a row, set in lines, and its height; -1 is the header."""
        if number not in self._set:
            texts = self.rows[number] if number >= 0 else [one.title for one in self.columns]
            cells = [
                self._cell(cell, column, self._plain(number))
                for cell, column in zip(texts, self.columns, strict=True)
            ]
            tallest = max(sum(line.style.leading for line in cell) for cell in cells)
            self._set[number] = cells, tallest + ABOVE + BELOW
        return self._set[number]

    def forget(self, number: int) -> None:
        self._set.pop(number, None)

    def _plain(self, number: int) -> ParagraphStyle:
        if number < 0:
            return look.HEAD
        return look.CELL_BOLD if self.total and number == len(self.rows) - 1 else look.CELL

    def _cell(self, cell: Cell, column: Column, plain: ParagraphStyle) -> _SetCell:
        lines = [cell] if isinstance(cell, str | Line) else list(cell)
        made: _SetCell = []
        for one in lines:
            line = Line(one) if isinstance(one, str) else one
            style, room = line.style or plain, column.width - 2 * SIDE
            colour = line.colour or style.textColor
            texts = self.setter.lines(line.text, style.fontName, style.fontSize, room)
            made += [_SetLine(text, style, colour) for text in texts]
        if len(made) > _TALLEST:
            last = made[_TALLEST - 1]
            made = [*made[: _TALLEST - 1], _SetLine("…", last.style, last.colour)]
        return made


class Rows(Flowable):
    """The rows from `first` on, under the table's header; a row is never cut.

    The header never stands alone at the foot of a page, nor the last row alone on a new one.
    """

    def __init__(self, sheet: Sheet, first: int = 0, end: int | None = None) -> None:
        super().__init__()
        self.sheet, self.first = sheet, first
        self.end = len(sheet.rows) if end is None else end
        self.hAlign = "LEFT"

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        self.width = self.sheet.width
        self.height = self._head_height()
        for number in range(self.first, self.end):
            self.height += self.sheet.row(number)[1]
            if self.height > height:
                break  # the rest is set when its page comes
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        used, fit = self._head_height(), self.first
        while fit < self.end and used + self.sheet.row(fit)[1] <= height:
            used += self.sheet.row(fit)[1]
            fit += 1
        if fit == self.end:
            return [self]
        if self.end - fit == 1 and fit - self.first > 2:
            fit -= 1
        if fit - self.first < 2 and height < _MUCH:
            return []
        return self._cut(fit) if fit > self.first else []

    def draw(self) -> None:
        y = self.height - self._draw_head()
        for number in range(self.first, self.end):
            y -= self._draw_row(number, y)

    def _cut(self, at: int) -> list[Flowable]:
        return [Rows(self.sheet, self.first, at), Rows(self.sheet, at, self.end)]

    def _head_height(self) -> float:
        return self.sheet.row(-1)[1]

    def _draw_head(self) -> float:
        """A header that is repeated is for the eye only."""
        sheet, canvas = self.sheet, self.canv
        cells, height = sheet.row(-1)
        with canvas.artifact():
            canvas.setFillColor(look.BLUE_PALE)
            canvas.rect(0, self.height - height, self.width, height, stroke=0, fill=1)
            self._rule(self.height - height, look.BLUE, 0.8)
        if sheet.head is not None:
            with canvas.artifact():
                self._draw_cells(cells, self.height, None, height)
            return height
        sheet.head = sheet.element.child("TR")
        titles = [sheet.head.child("TH", scope="Column") for _ in cells]
        self._draw_cells(cells, self.height, titles, height)
        return height

    def _draw_row(self, number: int, top: float) -> float:
        sheet = self.sheet
        cells, height = sheet.row(number)
        is_total = sheet.total and number == len(sheet.rows) - 1
        with self.canv.artifact():
            self._rule(top - height, look.LINE, 0.4)
            if is_total:
                self._rule(top, look.BLUE, 0.8)
        line = sheet.element.child("TR")
        elements = [
            line.child("TD") if place else line.child("TH", scope="Row")
            for place in range(len(cells))
        ]
        self._draw_cells(cells, top, elements, height)
        sheet.forget(number)
        return height

    def _draw_cells(
        self,
        cells: Sequence[_SetCell],
        top: float,
        elements: Sequence[Element] | None,
        height: float,
    ) -> None:
        """Text begins at the top of its cell; that of a header stands on its foot."""
        left = 0.0
        for place, (cell, column) in enumerate(zip(cells, self.sheet.columns, strict=True)):
            y = top - ABOVE
            if cell and cell[0].style.name == look.HEAD.name:
                y = top - height + BELOW + sum(line.style.leading for line in cell)
            if elements is None:
                self._draw_cell(cell, column, left, y)
            else:
                with self.canv.piece(elements[place]):
                    self._draw_cell(cell, column, left, y)
            left += column.width

    def _draw_cell(self, cell: _SetCell, column: Column, left: float, y: float) -> None:
        setter, canvas = self.sheet.setter, self.canv
        for line in cell:
            style, x = line.style, left + SIDE
            if column.right or style.alignment == TA_RIGHT:
                wide = setter.width(line.text, style.fontName, style.fontSize)
                x = left + column.width - SIDE - wide
            canvas.setFillColor(line.colour)
            setter.draw(canvas, x, y - style.fontSize, line.text, style.fontName, style.fontSize)
            y -= style.leading

    def _rule(self, y: float, colour: Color, thick: float) -> None:
        canvas = self.canv
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(thick)
        canvas.line(0, y, self.width, y)
