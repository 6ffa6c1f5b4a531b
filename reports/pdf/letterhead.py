"""What stands on every page around the text: letterhead, running head, footer, draft mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm

from reports.pdf import look
from reports.pdf.tagging import TaggedCanvas
from reports.pdf.typeface import BOLD, REGULAR, width
from reports.pdf.typesetting import Typesetter
from reports.rules.content import ReportContent
from reports.rules.months import Month

_CHECKSUM_SHOWN = 12
_ADDRESS_LINES = 4
_SIZE = 7.5  # points, of what stands in the margins


@dataclass(frozen=True)
class Paper:
    """The letterhead, running head and footer of one report."""

    content: ReportContent
    checksum: str
    setter: Typesetter

    def draw_first(self, canvas: TaggedCanvas) -> None:
        with canvas.artifact():
            self._draw_draft_mark(canvas)
            top = look.PAGE_HEIGHT - 12 * mm
            draw_mark(canvas, look.MARGIN, top - 26, 26)
            canvas.setFillColor(look.BLUE)
            name = self.content.vendor.name
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
            self._draw(canvas, look.MARGIN + 17, line, self.content.vendor.name, BOLD, 8.5)
            canvas.setFillColor(look.QUIET)
            month = f"· {Month.parse(self.content.month).label}"
            self._draw_right(canvas, _right(), line, month)
            left_of_it = _right() - width(f" {month}", REGULAR, _SIZE)
            self._draw_right(canvas, left_of_it, line, self.content.organisation)
            _rule(canvas, line - 7)

    def draw_footer(self, canvas: TaggedCanvas, page: int, pages: int) -> None:
        y = 11 * mm
        _rule(canvas, y + 11)
        canvas.setFont(REGULAR, 7)
        canvas.setFillColor(look.QUIET)
        name = f"Service report {self.content.number or '(draft, not issued)'}"
        canvas.drawString(look.MARGIN, y, name)
        prefix = f"checksum {self.checksum[:_CHECKSUM_SHOWN]}…"
        canvas.drawCentredString(look.PAGE_WIDTH / 2, y, prefix)
        canvas.drawRightString(_right(), y, f"Page {page} of {pages}")

    def _letterhead_lines(self) -> Sequence[str]:
        vendor = self.content.vendor
        address = list(vendor.address[:_ADDRESS_LINES])
        if len(vendor.address) > _ADDRESS_LINES:
            address[-1] = ", ".join(vendor.address[_ADDRESS_LINES - 1 :])
        contact = " · ".join(part for part in (vendor.phone, vendor.support_address) if part)
        return [line for line in (*address, contact, vendor.web) if line]

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
        if not self.content.is_draft:
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
