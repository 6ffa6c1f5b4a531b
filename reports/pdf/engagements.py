"""Projects, visits, assessments, audits and trainings of the month (rules 10, 12 and 13)."""

from __future__ import annotations

from collections.abc import Sequence

from core.pdf import look
from core.pdf.writer import Cell, Column, Line, Writer
from reports.rules import wording
from reports.rules.content import ReportContent
from reports.rules.engaged import (
    ContractRow,
    EngagementRow,
    PaperRow,
    TrainingRow,
    in_words,
    shortened,
    term,
)
from reports.rules.wording import amount

_LIGHTS = {"On track": look.GOOD, "Late": look.BAD}


def write(writer: Writer, content: ReportContent) -> None:
    """Nothing where there was none."""
    part = content.engaged
    if not part:
        return
    writer.h2("Projects, visits and trainings", room=110)
    writer.paragraph(in_words(part, content.bounds))
    if part.engagements:
        _write_engagements(writer, content)
    if part.contracts:
        _write_contracts(writer, part.contracts)
    if part.trainings:
        _write_trainings(writer, part.trainings)
    if part.findings:
        _write_findings(writer, content)


def _write_engagements(writer: Writer, content: ReportContent) -> None:
    number, stands, papers, owed = 84.0, 92.0, 128.0, 92.0
    columns = (
        Column("Engagement", number),
        Column("What it is about", look.BODY_WIDTH - number - stands - papers - owed),
        Column("Where it stands", stands),
        Column("Handed over, accepted", papers),
        Column("Promises", owed),
    )
    rows = [_engagement(one, content.timezone) for one in content.engaged.engagements]
    writer.table(columns, rows)


def _engagement(one: EngagementRow, timezone: str) -> Sequence[Cell]:
    about = [Line(one.title)]
    about += [Line(reason, look.CELL_QUIET) for reason in shortened(one.light_reasons)]
    stands = [Line(one.state)]
    if one.phase:
        stands.append(Line(one.phase, look.CELL_QUIET))
    if one.light:
        stands.append(Line(one.light, look.CELL_BOLD, _LIGHTS.get(one.light)))
    papers = [line for paper in one.papers for line in _paper(paper, timezone)]
    return (
        [Line(one.number, look.CELL_BOLD), Line(one.kind, look.CELL_QUIET)],
        about,
        stands,
        papers or [Line(wording.NONE)],
        _promises(one),
    )


def _paper(paper: PaperRow, timezone: str) -> list[Line]:
    lines = [Line(f"{paper.title}, version {paper.version}")]
    sent = f"handed over {wording.short_moment(paper.sent_at, timezone)}"
    if paper.verdict_at is None:
        return [*lines, Line(sent, look.CELL_QUIET)]
    said = f"{paper.verdict.lower()} {wording.short_moment(paper.verdict_at, timezone)}"
    tone = look.GOOD if paper.verdict == "Accepted" else look.BAD
    return [*lines, Line(said, look.CELL_QUIET, tone), Line(paper.signed_name, look.CELL_QUIET)]


def _promises(one: EngagementRow) -> Sequence[Line]:
    lines = []
    if one.kept:
        lines.append(Line(f"{len(one.kept):,} kept", look.CELL, look.GOOD))
        lines += [Line(name, look.CELL_QUIET) for name in shortened(one.kept)]
    if one.missed:
        lines.append(Line(f"{len(one.missed):,} missed", look.CELL_BOLD, look.BAD))
        lines += [Line(name, look.CELL_QUIET) for name in shortened(one.missed)]
    return lines or [Line("none was due", look.CELL_QUIET)]


def _write_contracts(writer: Writer, contracts: Sequence[ContractRow]) -> None:
    writer.h3("Days of technical contracts", room=60)
    each = 62.0
    titles = ("Included", "Before", "Booked", "Given back", "Left")
    columns = (
        Column("Contract", look.BODY_WIDTH - len(titles) * each),
        *(Column(title, each, right=True) for title in titles),
    )
    rows = [_contract(one) for one in contracts]
    writer.table(columns, rows)


def _contract(one: ContractRow) -> Sequence[Cell]:
    runs = term(one.starts_on, one.ends_on)
    name = [Line(one.reference, look.CELL_BOLD), Line(runs, look.CELL_QUIET)]
    for words, days in (("", one.booked), ("given back: ", one.returned)):
        shown = [f"{day.engagement}, {wording.short_day(day.on)}" for day in days]
        if shown:
            name.append(Line(words + "; ".join(shown), look.CELL_QUIET))
    return (
        name,
        f"{one.days:,}" if one.days is not None else "no limit",
        f"{one.before:,}",
        f"{len(one.booked):,}",
        f"{len(one.returned):,}",
        f"{one.left:,}" if one.left is not None else wording.NONE,
    )


def _write_trainings(writer: Writer, trainings: Sequence[TrainingRow]) -> None:
    writer.h3("Trainings attended", room=60)
    columns = (Column("Training", 200), Column("Who was there", look.BODY_WIDTH - 200))
    rows = [
        (
            [
                Line(one.course, look.CELL_BOLD),
                Line(term(one.first_on, one.last_on), look.CELL_QUIET),
            ],
            [
                Line(f"{person.name}, {amount(person.parts, 'part')} of {one.parts:,}")
                for person in one.people
            ],
        )
        for one in trainings
    ]
    writer.table(columns, rows)


def _write_findings(writer: Writer, content: ReportContent) -> None:
    findings = content.engaged.findings
    writer.h3(f"Findings of audits that are open ({len(findings):,})", room=60)
    number, severity, owner, stands = 84.0, 52.0, 96.0, 104.0
    columns = (
        Column("Audit", number),
        Column("Finding", look.BODY_WIDTH - number - severity - owner - stands),
        Column("Severity", severity),
        Column("Who mends it", owner),
        Column("By when", stands),
    )
    rows = []
    for one in findings:
        tone = look.BAD if one.standing == "Late" else None
        by = [Line(wording.day(one.due_on)), Line(one.standing, look.CELL_QUIET, tone)]
        if one.accepted_until:
            by.append(Line(f"until {wording.day(one.accepted_until)}", look.CELL_QUIET))
        about = [Line(one.title), Line(one.case, look.CELL_QUIET)]
        rows.append((Line(one.engagement, look.CELL_BOLD), about, one.severity, one.owner, by))
    writer.table(columns, rows)
