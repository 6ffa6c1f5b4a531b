"""The report's look in one place: colours, sizes, paragraph styles. Lengths in points."""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from core.pdf.typeface import BOLD, REGULAR

NIGHT = HexColor("#061f36")
BLUE = HexColor("#0b3d63")
BLUE_MIDDLE = HexColor("#8fbce0")
BLUE_PALE = HexColor("#f0f6fb")
ACCENT = HexColor("#f08a24")
INK = HexColor("#17212b")
QUIET = HexColor("#536170")
LINE = HexColor("#dfe5ea")
GOOD = HexColor("#13623b")
BAD = HexColor("#b92b23")
GHOST = HexColor("#f0f3f6")

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 17 * mm
BODY_WIDTH = PAGE_WIDTH - 2 * MARGIN
FIRST_TOP = 34 * mm  # below the letterhead
LATER_TOP = 22 * mm
BOTTOM = 20 * mm


def _style(name: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    settings = {
        "fontName": REGULAR,
        "bulletFontName": REGULAR,
        "textColor": INK,
        "fontSize": size,
        "leading": leading,
    }
    return ParagraphStyle(name, **(settings | more))


EYEBROW = _style("eyebrow", 8.5, 12, textColor=QUIET, fontName=BOLD)
H1 = _style("h1", 21, 26, fontName=BOLD, textColor=BLUE, spaceAfter=3)
LEAD = _style("lead", 9.5, 14, textColor=QUIET)
H2 = _style("h2", 12.5, 16, fontName=BOLD, textColor=BLUE, spaceBefore=14, spaceAfter=5)
H3 = _style("h3", 9.5, 13, fontName=BOLD, textColor=BLUE, spaceBefore=7, spaceAfter=4)
BODY = _style("body", 9, 13.5, spaceAfter=5)
BODY_TIGHT = _style("body-tight", 9, 12.5)
ITEM = _style("item", 9, 13.5, leftIndent=12, bulletIndent=2, spaceAfter=2)
QUOTE = _style("quote", 9, 13, leftIndent=10, spaceAfter=5)
NOTE = _style("note", 7.5, 10.5, textColor=QUIET, spaceAfter=2)
CELL = _style("cell", 8, 10.5)
CELL_QUIET = _style("cell-quiet", 8, 10.5, textColor=QUIET)
CELL_BOLD = _style("cell-bold", 8, 10.5, fontName=BOLD)
HEAD = _style("head", 7.5, 10, fontName=BOLD, textColor=BLUE)
TILE_LABEL = _style("tile-label", 7.5, 10, textColor=QUIET)
TILE_VALUE = _style("tile-value", 16, 20, fontName=BOLD, textColor=BLUE)
TILE_DETAIL = _style("tile-detail", 7.5, 10, textColor=QUIET)
