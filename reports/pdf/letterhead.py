"""What stands on every page around the text: letterhead, running head, footer, draft mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm

from reports.pdf import look, scripts
from reports.pdf.tagging import TaggedCanvas
from reports.pdf.typeface import BOLD, REGULAR, width
from reports.rules.figures import ReportContent
from reports.rules.months import Month

_CHECKSUM_SHOWN = 12
_ADDRESS_LINES = 4


@dataclass(frozen=True)
class Paper:
    """`printable` makes text ready for the typeface (`Writer.printable`)."""

    content: ReportContent
    checksum: str
    printable: Callable[[str], str]

    def draw_first(self, canvas: TaggedCanvas) -> None:
        with canvas.artifact():
            self._draw_draft_mark(canvas)
            top = look.PAGE_HEIGHT - 12 * mm
            draw_mark(canvas, look.MARGIN, top - 26, 26)
            canvas.setFillColor(look.BLUE)
            canvas.setFont(BOLD, 17)
            canvas.drawString(look.MARGIN + 35, top - 19.5, self._line(self.content.vendor.name))
            canvas.setFont(REGULAR, 7.5)
            canvas.setFillColor(look.QUIET)
            for number, line in enumerate(self._letterhead_lines()):
                canvas.drawRightString(_right(), top - 6 - 9.5 * number, self._line(line))
            canvas.setFillColor(look.ACCENT)
            canvas.rect(look.MARGIN, look.PAGE_HEIGHT - 30 * mm, 48, 1.6, stroke=0, fill=1)
            _rule(canvas, look.PAGE_HEIGHT - 30 * mm)

    def draw_later(self, canvas: TaggedCanvas) -> None:
        with canvas.artifact():
            self._draw_draft_mark(canvas)
            line = look.PAGE_HEIGHT - 15 * mm
            draw_mark(canvas, look.MARGIN, line - 3, 12)
            canvas.setFont(BOLD, 8.5)
            canvas.setFillColor(look.BLUE)
            canvas.drawString(look.MARGIN + 17, line, self._line(self.content.vendor.name))
            canvas.setFont(REGULAR, 7.5)
            canvas.setFillColor(look.QUIET)
            month = f"· {Month.parse(self.content.month).label}"
            canvas.drawRightString(_right(), line, month)
            left_of_it = _right() - width(f" {month}", REGULAR, 7.5)
            canvas.drawRightString(left_of_it, line, self._line(self.content.organisation))
            _rule(canvas, line - 7)

    def draw_footer(self, canvas: TaggedCanvas, page: int, pages: int) -> None:
        y = 11 * mm
        _rule(canvas, y + 11)
        canvas.setFont(REGULAR, 7)
        canvas.setFillColor(look.QUIET)
        name = f"Service report {self.content.number or '(draft, not issued)'}"
        canvas.drawString(look.MARGIN, y, self._line(name))
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

    def _line(self, text: str, room: float = look.BODY_WIDTH * 0.55) -> str:
        """Ready to draw, cut with an ellipsis where there is no room for all of it."""
        ready = self.printable(text)
        if width(ready, REGULAR, 7.5) > room:
            while ready and width(f"{ready}…", REGULAR, 7.5) > room:
                ready = ready[:-1]
            ready = f"{ready.rstrip()}…"
        return scripts.visual(ready, right_to_left=scripts.reads_right_to_left(ready))

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
