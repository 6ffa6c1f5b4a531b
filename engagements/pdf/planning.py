"""The system planning report: what to buy, capacity in three cases, cost of ownership."""

from __future__ import annotations

from itertools import groupby

from core.charts import BarChart
from core.pdf import document, look
from core.pdf.document import Facts
from core.pdf.paper import Imprint, Letterhead
from core.pdf.tiles import Tile, write_tiles
from core.pdf.writer import Cell, Column, Line, Writer
from engagements.pdf.visit import SIGNS
from engagements.rules.ownership import KINDS, Ownership
from engagements.rules.planning_paper import (
    ASSUMED,
    EXPECTED,
    Given,
    PlanningPaper,
    charts_of,
    cost_chart,
    rows_of,
    volume,
)
from engagements.rules.sizing import YEARS, Growth

_CHART_HEIGHT = 97.0


def render(paper: PlanningPaper, sender: Letterhead) -> bytes:
    """The same content, the same bytes."""

    def write(writer: Writer) -> None:
        _opening(writer, paper)
        _recommendations(writer, paper)
        _capacity(writer, paper)
        _costs(writer, paper)
        _basis(writer, paper)

    facts = Facts(
        title=f"System planning for {paper.organisation}",
        subject=paper.number,
        made_at=paper.as_of,
    )
    imprint = Imprint(
        sender=sender,
        owner=paper.organisation,
        about=paper.number,
        foot=f"System planning {paper.number}, version {paper.version}",
    )
    return document.render(facts, imprint, frozenset(SIGNS + paper.texts), write)


def _opening(writer: Writer, paper: PlanningPaper) -> None:
    writer.paragraph("SYSTEM PLANNING AND PROVISIONING", look.EYEBROW)
    writer.heading(paper.organisation, look.H1, "H1", level=1)
    about = f"{paper.title} · {paper.number} · version {paper.version}"
    when = f"{paper.clock(paper.as_of)} ({paper.timezone}), {paper.written_by}"
    writer.paragraph(f"{about} · {when}", look.LEAD)
    writer.space(11)
    sums = paper.sums
    expected = sums.costs[EXPECTED]
    until = f"until the end of year {sums.horizon}"
    write_tiles(
        writer,
        (
            Tile("Users", f"{sums.now.users:,}", f"{sums.last.users:,} in five years"),
            Tile("Storage to buy", volume(sums.first.storage), until),
            Tile("Nodes to buy", f"{sums.first.nodes:,}", f"{sums.first.cores:,} cores in all"),
            Tile(
                f"Five years, {paper.currency}",
                f"{expected.total:,}",
                f"{expected.a_mailbox_and_month} a mailbox and month",
                look.ACCENT,
            ),
        ),
    )
    writer.space(8)


def _recommendations(writer: Writer, paper: PlanningPaper) -> None:
    writer.h2("What we recommend")
    writer.items(paper.recommendations)
    if paper.advice:
        writer.h3("What else we advise")
        for block in paper.advice.split("\n\n"):
            writer.paragraph(block)


def _capacity(writer: Writer, paper: PlanningPaper) -> None:
    writer.h2("Capacity in the expected case")
    first, each = 112.0, (look.BODY_WIDTH - 112.0) / (YEARS + 1)
    titles = ("Go-live", *(f"Year {year}" for year in range(1, YEARS + 1)))
    columns = (Column("At its end", first), *(Column(one, each, right=True) for one in titles))
    rows: list[list[Cell]] = [
        [Line(row.name, look.CELL_BOLD), *row.values] for row in rows_of(_expected(paper))
    ]
    writer.table(columns, rows)
    full = int(paper.sums.values["full"])
    writer.space(4)
    writer.paragraph(
        f"Storage and line have room: they are {full} % full at most. Storage is what has to be"
        " there usably; mirrors are in its price.",
        look.NOTE,
    )
    writer.h2("Three cases of growth", room=200)
    slow, fast = int(paper.sums.values["slow"]), int(paper.sums.values["fast"])
    writer.paragraph(
        f"The low case grows by {slow} % of what is expected, the high case by {fast} %; both in"
        " users and in what each of them sends and keeps."
    )
    _below_each_other(writer, charts_of(paper.sums.growths))


def _expected(paper: PlanningPaper) -> Growth:
    return paper.sums.growths[EXPECTED]


def _below_each_other(writer: Writer, charts: list[BarChart]) -> None:
    """As wide as the page: three figures a year stay readable."""
    for one in charts:
        writer.story.append(writer.chart(one, look.BODY_WIDTH, _CHART_HEIGHT))
        writer.space(7)


def _costs(writer: Writer, paper: PlanningPaper) -> None:
    writer.h2(f"Cost of ownership, in {paper.currency}", room=240)
    writer.story.append(
        writer.chart(cost_chart(paper.sums.costs, paper.currency), look.BODY_WIDTH, 130)
    )
    writer.space(6)
    expected = paper.sums.costs[EXPECTED]
    each = (look.BODY_WIDTH - 122.0) / (YEARS + 1)
    titles = (*(f"Year {year}" for year in range(1, YEARS + 1)), "Five years")
    columns = (
        Column("Expected case", 122.0),
        *(Column(one, each, right=True) for one in titles),
    )
    rows = [
        (kind, *(f"{year.parts[at]:,}" for year in expected.years), f"{whole:,}")
        for at, (kind, whole) in enumerate(expected.by_kind)
    ]
    sums = (f"{year.total:,}" for year in expected.years)
    rows.append(("All of it", *sums, f"{expected.total:,}"))
    assert len(rows) == len(KINDS) + 1
    writer.table(columns, rows, total=True)
    writer.space(6)
    _cases(writer, paper)


def _cases(writer: Writer, paper: PlanningPaper) -> None:
    columns = (
        Column("Case", 122.0),
        Column("Users in year 5", 95, right=True),
        Column("Storage in year 5", 95, right=True),
        Column(f"Five years, {paper.currency}", 100, right=True),
        Column("A mailbox and month", look.BODY_WIDTH - 412, right=True),
    )
    writer.table(columns, [_case(one) for one in paper.sums.costs])


def _case(one: Ownership) -> tuple[Line | str, ...]:
    last = one.growth.years[YEARS]
    return (
        Line(one.growth.case.name, look.CELL_BOLD),
        f"{last.users:,}",
        volume(last.storage),
        f"{one.total:,}",
        f"{one.a_mailbox_and_month}",
    )


def _basis(writer: Writer, paper: PlanningPaper) -> None:
    writer.h2("What the figures go by")
    writer.paragraph(
        "From the sheet of requirements, and where it is silent assumed. A value that is marked"
        " “assumed” is of no source: tell us what is right, and the planning is made anew."
    )
    columns = (
        Column("Requirement", 230),
        Column("Value", 120, right=True),
        Column("From", look.BODY_WIDTH - 350),
    )
    writer.table(columns, [_given(*one) for one in paper.requirements])
    for group, items in groupby(paper.givens, key=lambda one: one.group):
        writer.h3(group)
        columns = (Column(group, 230), *columns[1:])
        writer.table(columns, [_of(one) for one in items])


def _of(one: Given) -> tuple[Line | str, ...]:
    return _given(one.name, one.said, one.source)


def _given(name: str, said: str, source: str) -> tuple[Line | str, ...]:
    colour = look.QUIET if source == ASSUMED else look.BLUE
    return (name, Line(said, look.CELL_BOLD), Line(source, colour=colour))
