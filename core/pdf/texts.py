"""A paragraph of a tagged document, in any script."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from core.pdf.tagging import Element
from core.pdf.typesetting import Typesetter


class Text(Flowable):
    """Set in lines when it knows its room; marks what it draws as (a part of) its element.

    `level`: that of a heading, which gets its line in the outline.
    """

    def __init__(
        self,
        setter: Typesetter,
        text: str,
        style: ParagraphStyle,
        *,
        element: Element | None = None,
        bullet: str = "",
        level: int = 0,
        lines: Sequence[str] | None = None,
    ) -> None:
        super().__init__()
        self.width, self.height = 0.0, 0.0
        self.setter, self.text, self.style, self.element = setter, text, style, element
        self.bullet, self.level, self.lines = bullet, level, lines

    def getSpaceBefore(self) -> float:  # noqa: N802 -- reportlab's names
        return float(self.style.spaceBefore)

    def getSpaceAfter(self) -> float:  # noqa: N802
        return float(self.style.spaceAfter)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        style = self.style
        if self.lines is None or self.width != width:
            room = width - style.leftIndent - style.rightIndent
            self.lines = self.setter.lines(self.text, style.fontName, style.fontSize, room)
        self.width, self.height = width, len(self.lines) * style.leading
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        assert self.lines is not None
        fit = int(height // self.style.leading)
        if fit >= len(self.lines):
            return [self]
        if fit < 1:
            return []
        first = self._part(self.lines[:fit])
        first.bullet, first.level = self.bullet, self.level
        return [first, self._part(self.lines[fit:])]

    def draw(self) -> None:
        if self.level:
            self.canv.note_heading(self.text, self.level, self.height)
        if self.element is None:
            self._draw()
            return
        with self.canv.piece(self.element):
            self._draw()

    def _part(self, lines: Sequence[str]) -> Text:
        part = Text(self.setter, self.text, self.style, element=self.element, lines=lines)
        part.width = self.width
        return part

    def _draw(self) -> None:
        style, canvas = self.style, self.canv
        canvas.setFillColor(style.textColor)
        y = self.height - style.fontSize
        if self.bullet:
            canvas.setFont(style.fontName, style.fontSize)
            canvas.drawString(style.bulletIndent, y, self.bullet)
        for line in self.lines or ():
            x = style.leftIndent
            if style.alignment == TA_RIGHT:
                x = self.width - self.setter.width(line, style.fontName, style.fontSize)
            self.setter.draw(canvas, x, y, line, style.fontName, style.fontSize)
            y -= style.leading
