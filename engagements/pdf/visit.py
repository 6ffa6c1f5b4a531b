"""The protocol of a visit, which the customer signs, and its report."""

from __future__ import annotations

from collections.abc import Callable
from string import printable

from core.pdf import document, look
from core.pdf.document import Facts
from core.pdf.paper import Imprint, Letterhead
from core.pdf.tiles import Tile, write_tiles
from core.pdf.writer import Column, Line, Writer
from core.words import counted
from engagements.rules.visit_paper import VisitPaper

# What the frame around the texts may show besides.
SIGNS = printable + "–·…“”’•—\N{REPLACEMENT CHARACTER}"


def protocol(paper: VisitPaper, sender: Letterhead) -> bytes:
    """What was done from when to when. The same content, the same bytes."""

    def write(writer: Writer) -> None:
        _opening(writer, paper, "VISIT PROTOCOL")
        _diary(writer, paper)
        writer.h2("Signature")
        writer.paragraph(
            "With their name the customer confirms, on the page of this engagement, that the work"
            " above was done on site at these times. Name, moment and the checksum of this very"
            " file are kept with it."
        )

    return _rendered(paper, sender, "Visit protocol", write)


def report(paper: VisitPaper, sender: Letterhead) -> bytes:
    """What was reached, what we advise, what it took of the contract."""

    def write(writer: Writer) -> None:
        _opening(writer, paper, "VISIT REPORT")
        writer.h2("Why on site")
        writer.paragraph(paper.why_on_site)
        writer.h2("What was reached")
        write_paragraphs(writer, paper.summary)
        if paper.advice:
            writer.h2("What we advise")
            write_paragraphs(writer, paper.advice)
        _diary(writer, paper)
        _contract(writer, paper)

    return _rendered(paper, sender, "Visit report", write)


def _opening(writer: Writer, paper: VisitPaper, eyebrow: str) -> None:
    writer.paragraph(eyebrow, look.EYEBROW)
    writer.heading(paper.organisation, look.H1, "H1", level=1)
    writer.paragraph(f"{paper.title} · {paper.number} · {paper.place}", look.LEAD)
    writer.space(11)
    left = "no limit" if paper.days_left is None else f"{paper.days_left} left after it"
    tiles = (
        Tile(
            "On site", paper.worked, counted(len(paper.diary), "entry", "entries") + " of the diary"
        ),
        Tile("Began", paper.clock(paper.starts_at).split(", ")[0], paper.clock(paper.starts_at)),
        Tile("Days of the contract", str(paper.days), left),
        Tile("People", str(len(paper.people)), ", ".join(paper.people)),
    )
    write_tiles(writer, tiles)
    writer.space(8)


def _diary(writer: Writer, paper: VisitPaper) -> None:
    writer.h2("Diary")
    when, who = 118.0, 100.0
    columns = (
        Column("When", when),
        Column("What was done", look.BODY_WIDTH - when - who - 50),
        Column("Minutes", 50, right=True),
        Column("By", who),
    )
    rows = [
        (Line(paper.hours(one), look.CELL_BOLD), one.what, f"{one.minutes:,}", one.by)
        for one in paper.diary
    ]
    writer.table(columns, rows)
    writer.space(4)
    writer.paragraph(f"All moments are in the time zone {paper.timezone}.", look.NOTE)


def _contract(writer: Writer, paper: VisitPaper) -> None:
    writer.h2("Contract")
    columns = (
        Column("Technical contract", look.BODY_WIDTH - 3 * 90),
        *(Column(title, 90, right=True) for title in ("This visit", "Used in all", "Left")),
    )
    left = "no limit" if paper.days_left is None else f"{paper.days_left:,}"
    row = (paper.contract or "–", counted(paper.days, "day"), counted(paper.days_used, "day"), left)
    writer.table(columns, [row])
    writer.space(4)
    asked = f"Asked for by {paper.asked_by}. The visit was closed on {paper.clock(paper.made_at)}."
    writer.paragraph(asked, look.NOTE)


def write_paragraphs(writer: Writer, text: str) -> None:
    """Blocks with empty lines between them; one of dashes becomes a list."""
    for block in text.split("\n\n"):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if lines and all(line.startswith(("-", "*", "•")) for line in lines):
            writer.items([line.lstrip("-*• ") for line in lines])
            writer.space(4)
        elif lines:
            writer.paragraph(" ".join(lines))


def _rendered(
    paper: VisitPaper, sender: Letterhead, name: str, write: Callable[[Writer], None]
) -> bytes:
    facts = Facts(
        title=f"{name} for {paper.organisation}", subject=paper.number, made_at=paper.made_at
    )
    imprint = Imprint(
        sender=sender, owner=paper.organisation, about=paper.number, foot=f"{name} {paper.number}"
    )
    signs = frozenset(SIGNS + paper.texts)
    return document.render(facts, imprint, signs, write)
