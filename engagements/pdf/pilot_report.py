"""The pilot project report: installation, on/off state and settings of every module, changes."""

from __future__ import annotations

from core.pdf import document, look
from core.pdf.document import Facts
from core.pdf.paper import Imprint, Letterhead
from core.pdf.tiles import Tile, write_tiles
from core.pdf.writer import Column, Line, Writer
from core.words import counted
from engagements.pdf.visit import SIGNS
from engagements.rules.pilot import PilotReport


def render(report: PilotReport, sender: Letterhead) -> bytes:
    """Made of the register alone. The same content, the same bytes."""

    def write(writer: Writer) -> None:
        _opening(writer, report)
        _requirements(writer, report)
        _modules(writer, report)
        _changes(writer, report)

    title = f"Pilot project report for {report.organisation}"
    facts = Facts(title=title, subject=report.number, made_at=report.as_of)
    imprint = Imprint(
        sender=sender,
        owner=report.organisation,
        about=report.number,
        foot=f"Pilot project report {report.number}",
    )
    return document.render(facts, imprint, frozenset(SIGNS + report.texts), write)


def _opening(writer: Writer, report: PilotReport) -> None:
    writer.paragraph("PILOT PROJECT REPORT", look.EYEBROW)
    writer.heading(report.organisation, look.H1, "H1", level=1)
    as_of = report.clock(report.as_of)
    writer.paragraph(
        f"{report.title} · {report.number} · as of {as_of} ({report.timezone})", look.LEAD
    )
    writer.space(11)
    hosts = {one.host for one in report.modules}
    on = sum(one.state == "on" for one in report.modules)
    write_tiles(
        writer,
        (
            Tile("Hosts", str(len(hosts)), ", ".join(sorted(hosts))[:40]),
            Tile("Modules on", str(on), f"of {len(report.modules)} in the register"),
            Tile("Changes", str(len(report.changes)), "each with its reason"),
            Tile("Answers for it", report.written_by.split(" ")[0], report.written_by),
        ),
    )
    writer.space(8)


def _requirements(writer: Writer, report: PilotReport) -> None:
    writer.h2("What the platform has to carry")
    if not report.requirements:
        writer.paragraph("The sheet of requirements was not filled in.")
        return
    columns = (Column("Requirement", 220), Column("Said", look.BODY_WIDTH - 220))
    writer.table(
        columns, [(Line(name, look.CELL_BOLD), said) for name, said in report.requirements]
    )


def _modules(writer: Writer, report: PilotReport) -> None:
    writer.h2("Modules, as they are set")
    columns = (
        Column("Host", 110),
        Column("Module", 110),
        Column("State", 50),
        Column("Settings", look.BODY_WIDTH - 270),
    )
    rows = [
        (
            one.host,
            Line(one.module, look.CELL_BOLD),
            Line(one.state, look.CELL_BOLD, look.GOOD if one.state == "on" else look.QUIET),
            "; ".join(f"{name}: {value}" for name, value in one.values) or "–",
        )
        for one in report.modules
    ]
    writer.table(columns, rows)
    if report.untouched:
        writer.space(4)
        writer.paragraph(f"The register says nothing of: {', '.join(report.untouched)}.", look.NOTE)


def _changes(writer: Writer, report: PilotReport) -> None:
    writer.h2(f"The initial set-up and every later change ({len(report.changes):,})")
    columns = (
        Column("When", 92),
        Column("What", 130),
        Column("From", 70),
        Column("To", 70),
        Column("Why, by whom", look.BODY_WIDTH - 362),
    )
    rows = [
        (
            report.clock(one.at),
            [Line(f"{one.module}, {one.setting}"), Line(one.host, look.CELL_QUIET)],
            one.before or "–",
            Line(one.after, look.CELL_BOLD),
            [Line(one.reason), Line(one.by, look.CELL_QUIET)],
        )
        for one in report.changes
    ]
    writer.table(columns, rows)
    writer.space(4)
    told = counted(len(report.changes), "change")
    writer.paragraph(f"Made from the register of {told}; nothing was typed twice.", look.NOTE)
