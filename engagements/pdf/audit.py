"""The report of an operations audit: scores, findings first, then every case with its evidence."""

from __future__ import annotations

from core.pdf import document, look
from core.pdf.document import Facts
from core.pdf.paper import Imprint, Letterhead
from core.pdf.tiles import Tile, write_tiles
from core.pdf.writer import Column, Line, Writer
from engagements.pdf.visit import SIGNS
from engagements.rules.audit_paper import AuditPaper, CaseLine
from engagements.rules.audits import Score, Standing

_STANDINGS = {
    Standing.OPEN: ("Open", look.INK),
    Standing.LATE: ("Late", look.BAD),
    Standing.ACCEPTED: ("Risk accepted", look.BLUE),
    Standing.FIXED: ("Fixed", look.GOOD),
}
_RESULTS = {"Passed": look.GOOD, "Failed": look.BAD}


def report(paper: AuditPaper, sender: Letterhead) -> bytes:
    """The same content, the same bytes."""

    def write(writer: Writer) -> None:
        _opening(writer, paper)
        _findings(writer, paper)
        _overview(writer, paper)
        _cases(writer, paper)
        _notes(writer, paper)

    facts = Facts(
        title=f"Operations audit for {paper.organisation}",
        subject=paper.number,
        made_at=paper.as_of,
    )
    imprint = Imprint(
        sender=sender,
        owner=paper.organisation,
        about=paper.number,
        foot=f"Operations audit {paper.number}",
    )
    return document.render(facts, imprint, frozenset(SIGNS + paper.texts + "“”%"), write)


def _opening(writer: Writer, paper: AuditPaper) -> None:
    writer.paragraph("OPERATIONS AUDIT", look.EYEBROW)
    writer.heading(paper.organisation, look.H1, "H1", level=1)
    known = f"as known on {paper.clock(paper.as_of)} ({paper.timezone})"
    writer.paragraph(f"{paper.title} · {paper.number} · {known}", look.LEAD)
    writer.space(11)
    still = [one for one in paper.findings if one.standing in (Standing.OPEN, Standing.LATE)]
    late = sum(1 for one in still if one.standing == Standing.LATE)
    write_tiles(
        writer,
        (
            *(_score_tile(one) for one in paper.scores),
            Tile(
                "Open findings",
                str(len(still)),
                f"{late} past their day" if late else f"of {len(paper.findings)} in all",
                look.BAD if late else look.BLUE,
            ),
        ),
    )
    writer.space(10)
    writer.paragraph(paper.summary)


def _score_tile(score: Score) -> Tile:
    value = "–" if score.percent is None else f"{score.percent} %"
    colour = look.BAD if score.failed else look.BLUE
    return Tile(score.area.capitalize(), value, f"{score.passed} of {score.cases} passed", colour)


def _findings(writer: Writer, paper: AuditPaper) -> None:
    writer.h2("Findings and what we recommend", room=90)
    if not paper.findings:
        writer.paragraph("Nothing was found that has to be better.")
        return
    columns = (
        Column("Finding", look.BODY_WIDTH - 250),
        Column("Severity", 55),
        Column("Owner", 75),
        Column("By", 60),
        Column("Stands", 60),
    )
    rows = []
    for one in paper.findings:
        label, colour = _STANDINGS[one.standing]
        lines = [Line(one.title, look.CELL_BOLD), Line(one.recommendation)]
        lines.append(Line(f"Case {one.case}", look.CELL_QUIET))
        if one.detail:
            lines.append(Line(one.detail, look.CELL_QUIET))
        due = f"{one.due_on.day} {one.due_on:%b %Y}"
        stands = Line(label, look.CELL_BOLD, colour)
        rows.append((lines, one.severity, one.owner, due, stands))
    writer.table(columns, rows)


def _overview(writer: Writer, paper: AuditPaper) -> None:
    writer.h2("Scores by area", room=90)
    columns = (
        Column("Area", 110),
        Column("Score", 60, right=True),
        Column("How it came about", look.BODY_WIDTH - 170),
    )
    rows = [
        (
            Line(one.area.capitalize(), look.CELL_BOLD),
            "–" if one.percent is None else f"{one.percent} %",
            one.reason,
        )
        for one in paper.scores
    ]
    writer.table(columns, rows)


def _cases(writer: Writer, paper: AuditPaper) -> None:
    writer.h2("Every case")
    columns = (
        Column("Case", 165),
        Column("What was done and expected", look.BODY_WIDTH - 165 - 175),
        Column("What came of it", 175),
    )
    writer.table(columns, [_case_row(one) for one in paper.cases])


def _case_row(one: CaseLine) -> tuple[list[Line], list[Line], list[Line]]:
    kind = f"{one.area.capitalize()}, {one.severity.lower()}"
    made = ", made for you" if one.is_customers else ""
    came = [Line(one.result, look.CELL_BOLD, _RESULTS.get(one.result, look.INK))]
    if one.observed:
        came.append(Line(one.observed))
    if one.runs > 1:
        came.append(Line(f"Tried {one.runs} times", look.CELL_QUIET))
    came += [Line(name, look.CELL_QUIET) for name in one.evidence]
    return (
        [
            Line(f"{one.number}. {one.title}", look.CELL_BOLD),
            Line(f"{kind}{made}", look.CELL_QUIET),
        ],
        [Line(one.procedure), Line(f"Expected: {one.expectation}", look.CELL_QUIET)],
        came,
    )


def _notes(writer: Writer, paper: AuditPaper) -> None:
    writer.h2("How it was done", room=90)
    writer.paragraph(
        f"Permitted by {paper.permitted_by}. Window: {paper.window} ({paper.timezone}). "
        f"Who could say stop: {paper.stop_contact}."
    )
    writer.paragraph(f"The way back: {paper.rollback}")
    writer.h3("How to read the scores")
    writer.paragraph(
        "A case weighs 8, 4, 2 or 1 by its severity. Passed counts whole, passed in part half; "
        "failed, unverifiable and not run count nothing, so that what nobody tried is never taken "
        "for good. What could not be reached is unverifiable. Percents are rounded down.",
        look.NOTE,
    )
