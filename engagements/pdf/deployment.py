"""Run book, cut-over plan and go / no-go sheet as PDFs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from core.pdf import document, look
from core.pdf.document import Facts
from core.pdf.paper import Imprint, Letterhead
from core.pdf.tiles import Tile, write_tiles
from core.pdf.writer import Cell, Column, Line, Writer
from engagements.pdf.visit import SIGNS
from engagements.rules.deployment_paper import DeploymentPaper, StepLine

_COLOURS = {
    **{"Done": look.GOOD, "Met": look.GOOD, "Go": look.GOOD},
    **{"Failed": look.BAD, "Not met": look.BAD, "No-go": look.BAD, "Turned back": look.BAD},
}


def run_book(paper: DeploymentPaper, sender: Letterhead) -> bytes:
    """Checklists with who does what, and who did it when."""

    def write(writer: Writer) -> None:
        failed = sum(one.result == "Failed" for one in paper.steps)
        sections = len({one.section for one in paper.steps})
        _opening(
            writer,
            paper,
            "RUN BOOK",
            (
                Tile("Steps", str(len(paper.steps)), f"in {sections} checklists"),
                Tile("Ticked off", str(paper.done), f"of {len(paper.steps)}", look.GOOD),
                Tile("Failed", str(failed), "", look.BAD if failed else look.BLUE),
                Tile("Answers for it", paper.written_by.split(" ")[0], paper.written_by),
            ),
        )
        for section, lines in groupby(paper.steps, key=lambda one: one.section):
            writer.h2(section)
            _checklist(writer, list(lines))

    return _rendered(paper, sender, "Run book", write)


def _checklist(writer: Writer, lines: Sequence[StepLine]) -> None:
    columns = (
        Column("Step", look.BODY_WIDTH - 240),
        Column("Who", 80),
        Column("Ticked off", 160),
    )
    rows = [
        (
            [Line(one.title, look.CELL_BOLD), Line(one.expectation, look.CELL_QUIET)],
            one.owner,
            _result(one),
        )
        for one in lines
    ]
    writer.table(columns, rows)


def _result(one: StepLine) -> list[Line]:
    if not one.result:
        return [Line("Open", look.CELL_QUIET)]
    found = [Line(one.result, look.CELL_BOLD, _COLOURS.get(one.result, look.INK))]
    found.append(Line(one.done, look.CELL_QUIET))
    return [*found, Line(one.remark)] if one.remark else found


def cut_over(paper: DeploymentPaper, sender: Letterhead) -> bytes:
    """Steps by the clock, the point of no return, the way back."""

    def write(writer: Writer) -> None:
        state = _COLOURS.get(paper.state, look.BLUE)
        _opening(
            writer,
            paper,
            "CUT-OVER PLAN",
            (
                Tile("State", paper.state, f"{paper.done} of {len(paper.steps)} steps", state),
                Tile("Way back", f"{paper.back_minutes} min", f"{len(paper.back)} steps"),
                Tile("Turn back by", *_two(paper.turn_by)),
                Tile("Answers for it", paper.written_by.split(" ")[0], paper.written_by),
            ),
        )
        window = paper.window or "The date is open"
        writer.paragraph(f"Window: {window} ({paper.timezone}). May stop: {paper.stop_contact}.")
        if paper.reason:
            writer.paragraph(paper.reason)
        writer.h2("The steps")
        _timed(writer, paper.steps, "From")
        writer.h2("The way back")
        last = next((one.title for one in paper.steps if one.is_no_return), "")
        if last:
            writer.paragraph(f"It can be taken until “{last}” is done: the point of no return.")
        _timed(writer, paper.back, "")

    return _rendered(paper, sender, "Cut-over plan", write)


def _two(moment: str) -> tuple[str, str]:
    """A moment for a tile: its time large, its day below."""
    day, _, time = moment.partition(", ")
    return (time, day) if time else ("open", "no date yet")


def _timed(writer: Writer, lines: Sequence[StepLine], first: str) -> None:
    columns = [Column("Step", look.BODY_WIDTH - 335 + (0 if first else 95))]
    columns += [
        Column("Minutes", 50, right=True),
        Column("Who", 70),
        Column("What came of it", 120),
    ]
    columns = [Column(first, 95), *columns] if first else columns
    rows: list[list[Cell]] = []
    for one in lines:
        what = [Line(one.title, look.CELL_BOLD)]
        if one.is_no_return:
            what.append(Line("Point of no return", look.CELL_BOLD, look.BAD))
        row: list[Cell] = [what, str(one.minutes or ""), one.owner, _result(one)]
        rows.append([one.when or "open", *row] if first else row)
    writer.table(columns, rows)


def go_no_go(paper: DeploymentPaper, sender: Letterhead) -> bytes:
    """Criteria, votes by name and moment, the decision."""

    def write(writer: Writer) -> None:
        colour = _COLOURS.get(paper.decision, look.BLUE)
        met = sum(one.result in ("Met", "Waived") for one in paper.criteria)
        given = sum(bool(one.given) for one in paper.votes)
        _opening(
            writer,
            paper,
            f"GO / NO-GO SHEET {paper.round}",
            (
                Tile("Decision", paper.decision or "open", paper.decided, colour),
                Tile("Criteria", str(met), f"of {len(paper.criteria)} met or waived"),
                Tile("Votes", str(given), f"of {len(paper.votes)} given"),
                Tile("For the cut-over of", *_two(paper.window)),
            ),
        )
        writer.paragraph(f"The round meets on {paper.meets} ({paper.timezone}).")
        if paper.reason:
            writer.paragraph(paper.reason)
        _criteria(writer, paper)
        _votes(writer, paper)

    return _rendered(paper, sender, "Go / no-go sheet", write)


def _criteria(writer: Writer, paper: DeploymentPaper) -> None:
    writer.h2("Criteria")
    columns = (
        Column("What has to be so", look.BODY_WIDTH - 260),
        Column("Found", 80),
        Column("Looked at", 180),
    )
    rows = [
        (
            one.text,
            Line(one.result, look.CELL_BOLD, _COLOURS.get(one.result, look.INK)),
            [Line(one.checked, look.CELL_QUIET), *([Line(one.remark)] if one.remark else [])],
        )
        for one in paper.criteria
    ]
    writer.table(columns, rows)


def _votes(writer: Writer, paper: DeploymentPaper) -> None:
    writer.h2("Votes")
    columns = (
        Column("Side", 65),
        Column("Role and name", look.BODY_WIDTH - 335),
        Column("Vote", 70),
        Column("When, why", 200),
    )
    rows = [
        (
            one.side,
            [Line(one.name, look.CELL_BOLD), Line(one.role, look.CELL_QUIET)],
            Line(one.vote, look.CELL_BOLD, _COLOURS.get(one.vote, look.QUIET)),
            [Line(one.given, look.CELL_QUIET), *([Line(one.reason)] if one.reason else [])],
        )
        for one in paper.votes
    ]
    writer.table(columns, rows)
    writer.space(4)
    writer.paragraph(
        "Go takes every criterion met or waived and the vote of everybody named, of both sides; one"
        " no is a no-go, after which the date is open until the next round.",
        look.NOTE,
    )


def _opening(writer: Writer, paper: DeploymentPaper, eyebrow: str, tiles: Sequence[Tile]) -> None:
    writer.paragraph(eyebrow, look.EYEBROW)
    writer.heading(paper.organisation, look.H1, "H1", level=1)
    as_of = f"as of {paper.clock(paper.as_of)} ({paper.timezone})"
    writer.paragraph(f"{paper.title} · {paper.number} · {as_of}", look.LEAD)
    writer.space(11)
    write_tiles(writer, tiles)
    writer.space(8)


def _rendered(
    paper: DeploymentPaper, sender: Letterhead, name: str, write: Callable[[Writer], None]
) -> bytes:
    facts = Facts(
        title=f"{name} for {paper.organisation}", subject=paper.number, made_at=paper.as_of
    )
    imprint = Imprint(
        sender=sender,
        owner=paper.organisation,
        about=paper.number,
        foot=f"{name} {paper.number}",
    )
    return document.render(facts, imprint, frozenset(SIGNS + paper.texts), write)
