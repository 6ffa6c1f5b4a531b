"""The letter with which an assessment of a feature ends (rule 12)."""

from __future__ import annotations

from datetime import UTC, datetime, time

from core.pdf import document, look
from core.pdf.document import Facts
from core.pdf.paper import Imprint, Letterhead
from core.pdf.writer import Column, Line, Writer
from core.words import counted, day_in_words
from engagements.pdf.visit import SIGNS, write_paragraphs
from engagements.rules.letter import Letter


def render(letter: Letter, sender: Letterhead) -> bytes:
    """The same content, the same bytes."""

    def write(writer: Writer) -> None:
        _opening(writer, letter)
        writer.h2("Our answer")
        writer.paragraph(letter.verdict, look.LEAD)
        write_paragraphs(writer, letter.explanation)
        _assessment(writer, letter)
        if letter.advice:
            writer.h2("What we recommend")
            write_paragraphs(writer, letter.advice)
        writer.h2("What you asked for")
        writer.paragraph(letter.goal)
        writer.paragraph(f"How you do it today: {letter.today}")
        writer.space(10)
        writer.paragraph(f"{letter.signed_by}, {letter.role} of {sender.name} · {letter.mail}")

    title = f"Assessment of a feature request for {letter.organisation}"
    made_at = datetime.combine(letter.on, time(12), tzinfo=UTC)
    facts = Facts(title=title, subject=letter.number, made_at=made_at)
    imprint = Imprint(
        sender=sender,
        owner=letter.organisation,
        about=letter.number,
        foot=f"Assessment {letter.number}",
    )
    return document.render(facts, imprint, frozenset(SIGNS + letter.texts), write)


def _opening(writer: Writer, letter: Letter) -> None:
    writer.paragraph("ASSESSMENT OF A FEATURE REQUEST", look.EYEBROW)
    writer.heading(letter.title, look.H1, "H1", level=1)
    writer.paragraph(
        f"{letter.organisation} · {letter.contact} · {letter.number} · {day_in_words(letter.on)}",
        look.LEAD,
    )
    writer.space(8)


def _assessment(writer: Writer, letter: Letter) -> None:
    writer.h2("What we looked at")
    others = (
        f"{counted(letter.votes, 'other customer')} asked for the like."
        if letter.votes
        else "No other customer asked for the like yet."
    )
    roadmap = f" On the roadmap: {letter.roadmap}." if letter.roadmap else ""
    rows = [
        ("Necessity", f"{letter.necessity} {others}"),
        ("Security", letter.security),
        ("Redundancy against the roadmap", letter.redundancy + roadmap),
    ]
    columns = (Column("Of", 130), Column("We found", look.BODY_WIDTH - 130))
    writer.table(columns, [(Line(name, look.CELL_BOLD), text) for name, text in rows])
