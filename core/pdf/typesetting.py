"""Text to lines and runs: where it may break, which font draws which part of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from reportlab.pdfbase.ttfonts import shapeStr

from core.pdf import scripts, typeface
from core.pdf.tagging import TaggedCanvas
from core.pdf.typeface import Typefaces


class Typesetter:
    """Sets the texts of one document. Widths are remembered: words come again and again."""

    def __init__(self, faces: Typefaces) -> None:
        self.faces = faces
        self._widths: dict[tuple[str, str], float] = {}

    def ready(self, text: str) -> str:
        """Composed, single blanks, what no font draws visibly replaced."""
        return scripts.printable(text, self.faces)

    def lines(self, text: str, font: str, size: float, room: float) -> list[str]:
        """The text in lines of at most `room` points, each as it is drawn from left to right."""
        made = self.ready(text)
        lines = list(self._broken(made, font, room / size))
        if not scripts.has_right_to_left(made):
            return lines
        back = scripts.reads_right_to_left(made)
        return [scripts.visual(line, right_to_left=back) for line in lines]

    def width(self, line: str, font: str, size: float) -> float:
        """Points."""
        return sum(self._width(word, font) for word in _words(line)) * size

    def draw(
        self, canvas: TaggedCanvas, x: float, y: float, line: str, font: str, size: float
    ) -> None:
        """One line from `lines`, its left end at (x, y)."""
        for name, run in self._runs(line, font):
            if typeface.is_shaped(name):
                self._draw_shaped(canvas, x, y, run, name, size)
            else:
                canvas.setFont(name, size)
                canvas.drawString(x, y, run)
            x += self._run_width(name, run) * size

    def _draw_shaped(
        self, canvas: TaggedCanvas, x: float, y: float, run: str, font: str, size: float
    ) -> None:
        line = canvas.beginText(x, y)
        line.setFont(font, size)
        line.textOut(shapeStr(run, font, size, force=True))
        with canvas.reading(run):  # its glyphs are no letters any more
            canvas.drawText(line)

    def _broken(self, text: str, font: str, room: float) -> Iterator[str]:
        line, used = "", 0.0
        for unit in scripts.units(text):
            wide = self._width(unit, font)
            if line and used + self._width(unit.rstrip(" "), font) > room:
                yield line.rstrip(" ")
                line, used = "", 0.0
            while wide > room and len(unit) > 1:
                unit, rest = self._cut(unit, font, room)
                yield unit
                unit, wide = rest, self._width(rest, font)
            line, used = line + unit, used + wide
        yield line.rstrip(" ")

    def _cut(self, unit: str, font: str, room: float) -> tuple[str, str]:
        """A word that is longer than a line, and what is left of it."""
        fits, used = 1, self._width(unit[0], font)
        while fits < len(unit) and used + self._width(unit[fits], font) <= room:
            used += self._width(unit[fits], font)
            fits += 1
        return unit[:fits], unit[fits:]

    def _width(self, text: str, font: str) -> float:
        """In sizes of the font."""
        known = self._widths.get((font, text))
        if known is None:
            known = sum(self._run_width(name, run) for name, run in self._runs(text, font))
            self._widths[font, text] = known
        return known

    def _run_width(self, font: str, run: str) -> float:
        if typeface.is_shaped(font):
            return float(sum(one.x_advance for one in _shape(run, font))) / 1000
        return typeface.width(run, font, 1)

    def _runs(self, text: str, font: str) -> list[tuple[str, str]]:
        """The text in pieces of one font each."""
        if text.isascii():
            return [(font, text)]
        faces = self.faces
        pieces = groupby(text, lambda one: faces.font_of(ord(one), font))
        return [(name, "".join(letters)) for name, letters in pieces]


def _words(line: str) -> Iterator[str]:
    for place, word in enumerate(line.split(" ")):
        yield f" {word}" if place else word


def _shape(run: str, font: str) -> list[Any]:
    shaped: list[Any] = shapeStr(run, font, 1000, force=True).__shapeData__
    return shaped
