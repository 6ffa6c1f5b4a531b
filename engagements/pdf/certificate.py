"""The certificate of a technical training: one page in landscape, tagged, fonts inside."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pikepdf
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm

from core.pdf import look, typeface
from core.pdf.document import Facts, stamp_facts
from core.pdf.paper import Letterhead, draw_mark
from core.pdf.tagging import Element, TaggedCanvas, write_structure
from core.pdf.typeface import BOLD, REGULAR
from core.pdf.typesetting import Typesetter
from core.words import day_in_words, listed
from engagements.pdf.qr import draw_qr

WIDE, HIGH = landscape(A4)
LEFT = 24 * mm
ROOM = WIDE - 2 * LEFT
CODE = 27 * mm
_FOOT = 22 * mm
_CODE_Y = _FOOT - 4 * mm
CODE_TOP = _CODE_Y + CODE
_SMALL = 12  # points; smaller than that a long name takes two lines instead


@dataclass(frozen=True, kw_only=True)
class CertificateText:
    """What it says, as it was on the day it was issued."""

    number: str
    holder: str
    organisation: str
    course: str
    covers: tuple[str, ...]
    trainer: str
    first_on: date
    last_on: date
    hours: str
    percent: int
    passed_exam: bool
    issued_at: datetime
    issued_on: date
    expires_on: date | None  # the last day on which it counts
    verify_url: str
    is_revoked: bool = False


def render(said: CertificateText, sender: Letterhead) -> bytes:
    """The same arguments, the same bytes."""
    characters = frozenset(repr(asdict(said)) + repr(asdict(sender)))
    file = BytesIO()
    facts = Facts(
        title=f"Certificate {said.number}: {said.course}",
        subject=said.number,
        made_at=said.issued_at,
    )
    with typeface.typefaces(characters) as faces:
        canvas = TaggedCanvas(
            file,
            pagesize=(WIDE, HIGH),
            initialFontName=REGULAR,
            invariant=1,
            lang="en-GB",
        )
        canvas.setTitle(facts.title)
        canvas.setAuthor(sender.name)
        canvas.setSubject(facts.subject)
        canvas.setCreator("")
        canvas.setProducer("")
        document = Element("Document")
        _Page(canvas, document, Typesetter(faces)).draw(said, sender)
        canvas.showPage()
        canvas.save()
    return _finished(file, document, facts, sender.name)


def _finished(file: BytesIO, document: Element, facts: Facts, author: str) -> bytes:
    out = BytesIO()
    with pikepdf.open(file) as pdf:
        write_structure(pdf, document)
        stamp_facts(pdf, facts, author)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


@dataclass
class _Page:
    """Draws from the top down; `y` is where the next line stands."""

    canvas: TaggedCanvas
    document: Element
    setter: Typesetter
    y: float = 0

    def draw(self, said: CertificateText, sender: Letterhead) -> None:
        self._frame()
        self._head(sender)
        self.y = HIGH - 62 * mm
        self._line("P", "CERTIFICATE OF TECHNICAL TRAINING", BOLD, 10.5, look.ACCENT, after=26)
        self._line("P", "This certifies that", REGULAR, 11, look.QUIET, after=42)
        self._line("H1", said.holder, BOLD, 31, look.BLUE, after=24)
        self._line("P", f"of {said.organisation}", REGULAR, 12, look.INK, after=36)
        self._line("P", "completed the training", REGULAR, 11, look.QUIET, after=32)
        self._line("H2", said.course, BOLD, 20, look.NIGHT, after=24)
        self._line("P", _about(said), REGULAR, 10.5, look.INK, after=17)
        self._line("P", _how(said), REGULAR, 10.5, look.INK, after=17)
        self._foot(said, sender)
        if said.is_revoked:
            self._revoked()

    def _frame(self) -> None:
        canvas = self.canvas
        with canvas.artifact():
            canvas.setFillColor(look.NIGHT)
            canvas.rect(0, HIGH - 34 * mm, WIDE, 34 * mm, stroke=0, fill=1)
            canvas.setFillColor(look.ACCENT)
            canvas.rect(0, HIGH - 35.2 * mm, WIDE, 1.2 * mm, stroke=0, fill=1)
            canvas.setStrokeColor(look.LINE)
            canvas.setLineWidth(0.7)
            canvas.rect(9 * mm, 9 * mm, WIDE - 18 * mm, HIGH - 53 * mm, stroke=1, fill=0)

    def _head(self, sender: Letterhead) -> None:
        canvas, base = self.canvas, HIGH - 20.5 * mm
        with canvas.artifact():
            draw_mark(canvas, LEFT, base - 8, 34)
            canvas.setFillColor(look.BLUE_PALE)
            self._put(LEFT + 46, base + 2, sender.name, BOLD, 22)
            canvas.setFillColor(look.BLUE_MIDDLE)
            for number, line in enumerate(one for one in (*sender.address[:2], sender.web) if one):
                wide = self.setter.width(line, REGULAR, 8)
                self._put(WIDE - LEFT - wide, base + 14 - 11 * number, line, REGULAR, 8)

    def _foot(self, said: CertificateText, sender: Letterhead) -> None:
        canvas, base = self.canvas, _FOOT
        right = WIDE - LEFT - CODE
        code = self.document.child("Figure", f"QR code that leads to {said.verify_url}")
        with canvas.piece(code):
            draw_qr(canvas, said.verify_url, right, _CODE_Y, CODE)
        until = day_in_words(said.expires_on) if said.expires_on else "without an end"
        columns = (
            ("Number", said.number),
            ("Issued", day_in_words(said.issued_on)),
            ("Valid until", until),
            ("Trainer", said.trainer),
        )
        room = right - LEFT - 6 * mm
        each = 128.0  # a number and a date fit; the trainer's name has the rest
        for place, (label, value) in enumerate(columns):
            x = LEFT + place * each
            wide = each - 8 if place < len(columns) - 1 else LEFT + room - x
            element = self.document.child("P")
            with canvas.piece(element):
                canvas.setFillColor(look.QUIET)
                self._put(x, base + 16, label, REGULAR, 8)
                canvas.setFillColor(look.INK)
                self._block(value, BOLD, 10, wide, x, base + 3)
        with canvas.piece(self.document.child("P")):
            canvas.setFillColor(look.QUIET)
            self._block(f"Verify it: {said.verify_url}", REGULAR, 7.5, room, LEFT, base - 17)

    def _revoked(self) -> None:
        canvas = self.canvas
        element = self.document.child("P")
        with canvas.piece(element):
            canvas.saveState()
            canvas.setFillColor(look.BAD)
            canvas.setFont(BOLD, 64)
            canvas.translate(WIDE / 2, HIGH / 2)
            canvas.rotate(18)
            canvas.drawCentredString(0, -20, "REVOKED")
            canvas.restoreState()

    def _line(
        self, role: str, text: str, font: str, size: float, colour: Any, *, after: float
    ) -> None:
        size, lines = self._fitted(text, font, size, ROOM, small=_SMALL)
        with self.canvas.piece(self.document.child(role)):
            self.canvas.setFillColor(colour)
            for line in lines:
                self.setter.draw(self.canvas, LEFT, self.y, line, font, size)
                self.y -= size * 1.25
        self.y += size * 1.25 - after

    def _block(self, text: str, font: str, size: float, room: float, x: float, y: float) -> None:
        size, lines = self._fitted(text, font, size, room, small=0.75 * size)
        for number, line in enumerate(lines):
            self.setter.draw(self.canvas, x, y - number * size * 1.2, line, font, size)

    def _fitted(
        self, text: str, font: str, size: float, room: float, *, small: float
    ) -> tuple[float, list[str]]:
        """Set smaller until it is one line, below `small` until it is two; never cut."""
        lines = self.setter.lines(text, font, size, room)
        while len(lines) > (1 if size > small else 2):
            size -= 0.5
            lines = self.setter.lines(text, font, size, room)
        return size, lines

    def _put(self, x: float, y: float, text: str, font: str, size: float) -> None:
        self.setter.draw(self.canvas, x, y, self.setter.ready(text), font, size)


def _about(said: CertificateText) -> str:
    if said.first_on == said.last_on:
        days = f"on {day_in_words(said.first_on)}"
    else:
        days = f"from {day_in_words(said.first_on)} to {day_in_words(said.last_on)}"
    covers = listed([one.lower() for one in said.covers])
    return f"{covers[:1].upper()}{covers[1:]}: {said.hours}, {days}."


def _how(said: CertificateText) -> str:
    exam = ", and passed the exam" if said.passed_exam else ""
    return f"Attended {said.percent} % of what was planned{exam}."
