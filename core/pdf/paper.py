"""What stands on every page around the text: letterhead, running head, footer, draft mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from reportlab.lib.units import mm

from core.pdf import look
from core.pdf.tagging import TaggedCanvas
from core.pdf.typeface import BOLD, REGULAR, width
from core.pdf.typesetting import Typesetter

_ADDRESS_LINES = 4
_SIZE = 7.5  # points, of what stands in the margins


class Sender(Protocol):
    """Whose letterhead it is."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> tuple[str, ...]: ...  # lines
    @property
    def support_address(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def web(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """A sender as plain data."""

    name: str
    address: tuple[str, ...]
    support_address: str
    phone: str
    web: str

    @classmethod
    def of(cls, facts: Mapping[str, str]) -> Self:
        """From the settings' vendor, whose address is one line with commas."""
        return cls(
            name=facts["name"],
            address=tuple(line.strip() for line in facts["address"].split(",")),
            support_address=facts["support_address"],
            phone=facts["phone"],
            web=facts["web"],
        )


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """What stands around the text of one document.

    `owner` and `about` stand at the head of the later pages, `foot` and `middle` below each.
    """

    sender: Sender
    owner: str
    about: str
    foot: str
    middle: str = ""
    is_draft: bool = False


@dataclass(frozen=True)
class Paper:
    """The letterhead, running head and footer of one document."""

    imprint: Imprint
    setter: Typesetter

    def draw_first(self, canvas: TaggedCanvas) -> None:
        with canvas.artifact():
            self._draw_draft_mark(canvas)
            top = look.PAGE_HEIGHT - 12 * mm
            draw_mark(canvas, look.MARGIN, top - 26, 26)
            canvas.setFillColor(look.BLUE)
            name = self.imprint.sender.name
            self._draw(canvas, look.MARGIN + 35, top - 19.5, name, BOLD, 17)
            canvas.setFillColor(look.QUIET)
            for number, line in enumerate(self._letterhead_lines()):
                self._draw_right(canvas, _right(), top - 6 - 9.5 * number, line)
            canvas.setFillColor(look.ACCENT)
            canvas.rect(look.MARGIN, look.PAGE_HEIGHT - 30 * mm, 48, 1.6, stroke=0, fill=1)
            _rule(canvas, look.PAGE_HEIGHT - 30 * mm)

    def draw_later(self, canvas: TaggedCanvas) -> None:
        with canvas.artifact():
            self._draw_draft_mark(canvas)
            line = look.PAGE_HEIGHT - 15 * mm
            draw_mark(canvas, look.MARGIN, line - 3, 12)
            canvas.setFillColor(look.BLUE)
            self._draw(canvas, look.MARGIN + 17, line, self.imprint.sender.name, BOLD, 8.5)
            canvas.setFillColor(look.QUIET)
            about = f"· {self.imprint.about}"
            self._draw_right(canvas, _right(), line, about)
            left_of_it = _right() - width(f" {about}", REGULAR, _SIZE)
            self._draw_right(canvas, left_of_it, line, self.imprint.owner)
            _rule(canvas, line - 7)

    def draw_footer(self, canvas: TaggedCanvas, page: int, pages: int) -> None:
        y = 11 * mm
        _rule(canvas, y + 11)
        canvas.setFont(REGULAR, 7)
        canvas.setFillColor(look.QUIET)
        canvas.drawString(look.MARGIN, y, self.imprint.foot)
        if self.imprint.middle:
            canvas.drawCentredString(look.PAGE_WIDTH / 2, y, self.imprint.middle)
        canvas.drawRightString(_right(), y, f"Page {page} of {pages}")

    def _letterhead_lines(self) -> Sequence[str]:
        sender = self.imprint.sender
        address = list(sender.address[:_ADDRESS_LINES])
        if len(sender.address) > _ADDRESS_LINES:
            address[-1] = ", ".join(sender.address[_ADDRESS_LINES - 1 :])
        contact = " · ".join(part for part in (sender.phone, sender.support_address) if part)
        return [line for line in (*address, contact, sender.web) if line]

    def _draw(
        self, canvas: TaggedCanvas, x: float, y: float, text: str, font: str, size: float
    ) -> None:
        line = self._line(text, font, size)
        self.setter.draw(canvas, x, y, line, font, size)

    def _draw_right(self, canvas: TaggedCanvas, x: float, y: float, text: str) -> None:
        line = self._line(text, REGULAR, _SIZE)
        wide = self.setter.width(line, REGULAR, _SIZE)
        self.setter.draw(canvas, x - wide, y, line, REGULAR, _SIZE)

    def _line(self, text: str, font: str, size: float) -> str:
        """Ready to draw, cut with an ellipsis where there is no room for all of it."""
        lines = self.setter.lines(text, font, size, look.BODY_WIDTH * 0.55)
        return lines[0] if len(lines) == 1 else f"{lines[0]}…"

    def _draw_draft_mark(self, canvas: TaggedCanvas) -> None:
        if not self.imprint.is_draft:
            return
        canvas.saveState()
        canvas.setFillColor(look.GHOST)
        canvas.setFont(BOLD, 150)
        canvas.translate(look.PAGE_WIDTH / 2, look.PAGE_HEIGHT / 2)
        canvas.rotate(52)
        canvas.drawCentredString(0, -52, "DRAFT")
        canvas.restoreState()


def draw_mark(canvas: TaggedCanvas, x: float, y: float, size: float) -> None:
    """The desk's mark (the icon of its pages), its left lower corner at (x, y)."""
    canvas.saveState()
    canvas.translate(x, y + size)
    canvas.scale(size / 32, -size / 32)
    canvas.setFillColor(look.ACCENT)
    canvas.roundRect(0, 0, 32, 32, 8, stroke=0, fill=1)
    canvas.setStrokeColor(look.NIGHT)
    canvas.setLineWidth(3)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for points in ((8, 23.5, 16, 8, 24, 23.5), (16, 17.5, 16, 20.7, 18.6, 22.6)):
        path = canvas.beginPath()
        path.moveTo(*points[:2])
        path.lineTo(*points[2:4])
        path.lineTo(*points[4:])
        canvas.drawPath(path)
    canvas.restoreState()


def _rule(canvas: TaggedCanvas, y: float) -> None:
    canvas.setStrokeColor(look.LINE)
    canvas.setLineWidth(0.6)
    canvas.line(look.MARGIN, y, _right(), y)


def _right() -> float:
    right: float = look.PAGE_WIDTH - look.MARGIN
    return right
