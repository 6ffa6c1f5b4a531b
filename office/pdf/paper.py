"""The paper of the office's documents: A4 on its side, tagged, every font inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate

from core.pdf import look, typeface
from core.pdf.document import Facts, stamp_facts
from core.pdf.paper import draw_mark
from core.pdf.tagging import Element, Entry, TaggedCanvas, write_outline, write_structure
from core.pdf.typeface import BOLD, REGULAR
from core.pdf.typesetting import Typesetter
from core.pdf.writer import Writer

WIDE, HIGH = look.PAGE_HEIGHT, look.PAGE_WIDTH
BODY_WIDTH = WIDE - 2 * look.MARGIN
BODY_HEIGHT = HIGH - 22 * mm - 18 * mm
_LANGUAGE = "en-GB"


@dataclass(frozen=True)
class Sides:
    """What stands in the margins of each page."""

    title: str
    vendor: str
    left: str  # of the foot
    made_at: datetime


def document(sides: Sides, texts: str, write: Callable[[Writer], None]) -> bytes:
    """A PDF that `write` fills; `texts` has every character in it. The same, the same bytes."""
    with typeface.typefaces(frozenset(texts + sides.title + sides.left)) as faces:
        writer = Writer(Element("Document"), Typesetter(faces))
        write(writer)
        file, outline = _laid_out(writer, sides)
    return _finished(file, outline, writer, sides)


def new_page(writer: Writer, title: str) -> None:
    """The next page, with its heading."""
    writer.story.append(PageBreak())
    writer.heading(title, look.H1, "H1", level=1)
    writer.space(6)


def _laid_out(writer: Writer, sides: Sides) -> tuple[BytesIO, list[Entry]]:
    outline: list[Entry] = []

    class OfficeCanvas(TaggedCanvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs | {"initialFontName": typeface.REGULAR})
            self.outline = outline

        def draw_footer(self, page: int, pages: int) -> None:
            _draw_foot(self, writer.setter, sides, page, pages)

    file = BytesIO()
    made = BaseDocTemplate(
        file,
        pagesize=(WIDE, HIGH),
        title=sides.title,
        author=sides.vendor,
        creator="",
        producer="",
        lang=_LANGUAGE,
        invariant=1,
    )
    room = {f"{side}Padding": 0 for side in ("left", "right", "top", "bottom")}
    frame = Frame(look.MARGIN, 18 * mm, BODY_WIDTH, BODY_HEIGHT, **room)
    head = PageTemplate(
        "page", [frame], onPage=lambda canvas, _: _draw_head(canvas, writer.setter, sides)
    )
    made.addPageTemplates([head])
    made.build(writer.story, canvasmaker=OfficeCanvas)
    return file, outline


def _draw_head(canvas: TaggedCanvas, setter: Typesetter, sides: Sides) -> None:
    with canvas.artifact():
        line = HIGH - 14 * mm
        draw_mark(canvas, look.MARGIN, line - 3, 12)
        canvas.setFillColor(look.BLUE)
        setter.draw(canvas, look.MARGIN + 17, line, setter.ready(sides.vendor), BOLD, 8.5)
        canvas.setFillColor(look.QUIET)
        title = setter.lines(sides.title, REGULAR, 7.5, BODY_WIDTH * 0.6)[0]
        right = WIDE - look.MARGIN - setter.width(title, REGULAR, 7.5)
        setter.draw(canvas, right, line, title, REGULAR, 7.5)
        _rule(canvas, line - 7)


def _draw_foot(
    canvas: TaggedCanvas, setter: Typesetter, sides: Sides, page: int, pages: int
) -> None:
    y = 10 * mm
    _rule(canvas, y + 11)
    canvas.setFillColor(look.QUIET)
    left = setter.lines(sides.left, REGULAR, 7, BODY_WIDTH * 0.8)[0]
    setter.draw(canvas, look.MARGIN, y, left, REGULAR, 7)
    canvas.setFont(REGULAR, 7)
    canvas.drawRightString(WIDE - look.MARGIN, y, f"Page {page} of {pages}")


def _rule(canvas: TaggedCanvas, y: float) -> None:
    canvas.setStrokeColor(look.LINE)
    canvas.setLineWidth(0.6)
    canvas.line(look.MARGIN, y, WIDE - look.MARGIN, y)


def _finished(file: BytesIO, outline: list[Entry], writer: Writer, sides: Sides) -> bytes:
    """With its structure tree and metadata; dated by what it tells, not by the clock."""
    out = BytesIO()
    with pikepdf.open(file) as pdf:
        write_structure(pdf, writer.document)
        write_outline(pdf, outline)
        facts = Facts(title=sides.title, subject=sides.left, made_at=sides.made_at)
        stamp_facts(pdf, facts, sides.vendor)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()
