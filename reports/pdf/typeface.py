"""The report's typeface, carried in the package and embedded in every PDF.

DejaVu Sans Condensed (see `fonts/LICENSE-dejavu`): Latin with all its accents, Greek, Cyrillic,
Armenian, Georgian, Hebrew, Arabic. Condensed, because a table of incidents has eight columns.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "DejaVuSansCondensed"
BOLD = "DejaVuSansCondensed-Bold"
FONTS = Path(__file__).parent / "fonts"


@cache
def register() -> frozenset[int]:
    """Make the fonts known to reportlab, once a process; gives the code points that both draw."""
    drawn: list[frozenset[int]] = []
    for name in (REGULAR, BOLD):
        font = TTFont(name, FONTS / f"{name}.ttf")
        pdfmetrics.registerFont(font)
        drawn.append(frozenset(font.face.charToGlyph))
    for italic in (0, 1):
        addMapping(REGULAR, 0, italic, REGULAR)
        addMapping(REGULAR, 1, italic, BOLD)
    return drawn[0] & drawn[1]


def width(text: str, font: str, size: float) -> float:
    """Points."""
    register()
    points: float = pdfmetrics.stringWidth(text, font, size)
    return points
