"""The pro-forma invoice of an order, and the proposal of a renewal: one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from core.pdf import document, look
from core.pdf.document import Facts
from core.pdf.paper import Imprint, Letterhead
from core.pdf.writer import Cell, Column, Line, Writer
from core.words import day_in_words
from entitlements.rules.paper import Paper, amount

_SIGNS = "0123456789,.:·%()- ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_AMOUNT = 100.0
_HALF = look.BODY_WIDTH / 2


def render(paper: Paper, sender: Letterhead) -> bytes:
    """The same paper, the same bytes."""
    title = f"{paper.kind} {paper.number} for {paper.organisation}"
    made_at = datetime.combine(paper.on, time(12), tzinfo=UTC)
    imprint = Imprint(
        sender=sender,
        owner=paper.organisation,
        about=paper.number,
        foot=f"{paper.kind} {paper.number}",
    )
    signs = frozenset(_SIGNS + paper.texts + paper.currency + day_in_words(paper.on))
    facts = Facts(title=title, subject=paper.number, made_at=made_at)
    return document.render(facts, imprint, signs, lambda writer: _write(writer, paper))


def _write(writer: Writer, paper: Paper) -> None:
    writer.paragraph(paper.kind.upper(), look.EYEBROW)
    writer.heading(paper.number, look.H1, "H1", level=1)
    writer.paragraph(f"{paper.organisation} · {day_in_words(paper.on)}", look.LEAD)
    writer.space(8)
    _head(writer, paper)
    writer.space(6)
    for text in paper.words:
        writer.paragraph(text)
    writer.space(4)
    _sums(writer, paper)
    writer.space(8)
    for text in paper.notes:
        writer.paragraph(text)


def _head(writer: Writer, paper: Paper) -> None:
    """To whom on the left, the facts on the right; one after the other to a screen reader."""
    said = paper.to or ["No billing address is known yet."]
    to = [writer.text("To", look.H3, element=writer.document.child("H2"))]
    to += [writer.text(line, look.BODY_TIGHT, element=writer.document.child("P")) for line in said]
    facts = [writer.text("Details", look.H3, element=writer.document.child("H2"))]
    for name, value in paper.facts:
        element = writer.document.child("P")
        facts.append(writer.text(f"{name}: {value}", look.BODY_TIGHT, element=element))
    writer.side_by_side([to, facts], [_HALF, _HALF])


def _sums(writer: Writer, paper: Paper) -> None:
    columns = (
        Column("What", look.BODY_WIDTH - _AMOUNT),
        Column(f"Amount in {paper.currency}", _AMOUNT, right=True),
    )
    details = [Line(text, look.CELL_QUIET) for text in paper.details]
    rows: list[Sequence[Cell]] = [
        ([Line(paper.what, look.CELL_BOLD), *details], amount(paper.net)),
        ("Sum without VAT", amount(paper.net)),
        (paper.vat_label, amount(paper.vat)),
        ("Total", amount(paper.total)),
    ]
    writer.table(columns, rows, total=True)
