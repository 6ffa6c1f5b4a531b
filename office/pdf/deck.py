"""The review deck of a quarter: ten pages to talk over with the customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from reportlab.lib.colors import white
from reportlab.lib.styles import ParagraphStyle

from core.pdf import look
from core.pdf.rows import Rows
from core.pdf.writer import Column, Line, Writer, cell_frame, layout_table
from office.pdf.paper import BODY_WIDTH, Sides, document, new_page
from office.pdf.tiles import Tile, write_tiles
from office.rules import deck as told
from office.rules.deck import Deck
from reports.rules import wording
from reports.rules.content import IncidentRow, ReportContent, Spans, Tally, TargetRow
from reports.rules.months import Month

_COVER = ParagraphStyle("cover", look.H1, fontSize=36, leading=46, textColor=white, spaceAfter=6)
_ON_NIGHT = ParagraphStyle(
    "on-night", look.BODY, fontSize=13, leading=20, textColor=look.BLUE_MIDDLE
)
_LARGE = ParagraphStyle("large", look.BODY, fontSize=12, leading=18, spaceAfter=7)
_QUOTE = ParagraphStyle("deck-quote", look.QUOTE, fontSize=11, leading=15.5, spaceAfter=8)
_CHART = 230.0
_HALF = BODY_WIDTH / 2 - 14
_COMMENTS = 7


def render(deck: Deck) -> bytes:
    """The same deck, the same bytes. All moments are in the organisation's time zone."""
    title = f"Service review, {deck.quarter.label}, {deck.organisation}"
    known = wording.moment(deck.known_at, deck.timezone)
    left = f"Figures of the monthly service reports, as known on {known} ({deck.timezone})"
    sides = Sides(title, deck.last.vendor.name, left, deck.known_at)
    return document(sides, _texts(deck), lambda writer: _write(writer, deck))


def _write(writer: Writer, deck: Deck) -> None:
    pages = [_cover, _glance, _promises, _work, _times]
    pages += [_causes] if told.tallied(deck, _by_cause) else []
    for page in (*pages, _mattered, _satisfaction, _contracts, _next):
        page(writer, deck)


def _by_cause(one: ReportContent) -> Sequence[Tally]:
    return one.counts.by_cause


def _cover(writer: Writer, deck: Deck) -> None:
    writer.space(60)
    months = f"{Month.parse(deck.months[0].month).label} to {Month.parse(deck.last.month).label}"
    texts = [
        ("P", "SERVICE REVIEW", _ON_NIGHT),
        ("H1", deck.organisation, _COVER),
        ("P", f"{deck.quarter.label} · {months}", _ON_NIGHT),
    ]
    block = [
        writer.text(text, style, element=writer.document.child(role)) for role, text, style in texts
    ]
    night = ("BACKGROUND", (0, 0), (0, 0), look.NIGHT)
    edge = ("LINEBEFORE", (0, 0), (0, 0), 7, look.ACCENT, "butt")
    writer.story.append(
        layout_table([block], [BODY_WIDTH], [*cell_frame(42, 30, 48, 54), night, edge])
    )
    writer.space(34)
    manager = deck.last.manager
    if manager:
        writer.paragraph(f"{manager.name}, Technical Account Manager", _LARGE)
        writer.paragraph(manager.email, look.LEAD)
    if deck.review_on:
        writer.paragraph(f"Review on {wording.day(deck.review_on)}", look.LEAD)


def _glance(writer: Writer, deck: Deck) -> None:
    new_page(writer, "The quarter at a glance")
    met, late = deck.total(told.met), deck.total(told.late)
    given = list(chain.from_iterable(one.satisfaction.given for one in deck.months))
    mean = sum(one.rating for one in given) / len(given) if given else None
    spent = deck.total(lambda one: sum(len(pack.spent_on) for pack in one.gold))
    late_colour = look.BAD if late else look.BLUE
    write_tiles(
        writer,
        (
            Tile("Reported", f"{deck.total(told.reported):,}", _by_month(deck, told.reported)),
            Tile("Solved", f"{deck.total(told.solved):,}", _by_month(deck, told.solved)),
            Tile("Open at the end", f"{deck.last.counts.open_at_end:,}", "incidents"),
            Tile(
                "Answered in time",
                wording.share(met, met + late),
                f"{met:,} of {met + late:,} answers owed",
                late_colour,
            ),
            Tile("Late answers", f"{late:,}", _by_month(deck, told.late), late_colour),
            Tile(
                "Satisfaction",
                f"{mean:.1f} of 5" if mean is not None else wording.NONE,
                wording.amount(len(given), "rating"),
            ),
            Tile("Gold incidents spent", f"{spent:,}", f"{deck.last.gold_remaining:,} left"),
            Tile(
                "First answer, median",
                wording.span(deck.last.first_answer.median),
                f"in {deck.labels[-1]}",
            ),
        ),
    )
    writer.space(18)
    writer.paragraph(_in_words(deck, met, late), _LARGE)
    writer.space(6)
    writer.story.append(writer.chart(told.work_chart(deck), BODY_WIDTH, 165))


def _by_month(deck: Deck, count: Callable[[ReportContent], int]) -> str:
    sums = deck.sums(count)
    return ", ".join(f"{label[:3]} {n:,}" for label, n in zip(deck.labels, sums, strict=True))


def _in_words(deck: Deck, met: int, late: int) -> str:
    reported = wording.amount(deck.total(told.reported), "incident")
    text = f"{reported[0].upper()}{reported[1:]} reported, {deck.total(told.solved):,} solved."
    if not met + late:
        return f"{text} No answer fell due in the quarter."
    if not late:
        return f"{text} Every answer that was owed came in time."
    return f"{text} {late:,} of {met + late:,} answers came late; the next page names them."


def _promises(writer: Writer, deck: Deck) -> None:
    new_page(writer, "Our promises to you")
    columns = (
        Column("Month", 90),
        Column("In time", 70, right=True),
        Column("Late", 60, right=True),
        Column("Share", _HALF - 220, right=True),
    )
    rows = [
        (label, f"{met:,}", f"{late:,}", wording.share(met, met + late))
        for label, met, late in zip(
            deck.labels, deck.sums(told.met), deck.sums(told.late), strict=True
        )
    ]
    drawn = writer.chart(told.promises_chart(deck), _HALF, _CHART)
    writer.side_by_side([[drawn], [writer.made_table(columns, rows)]], [_HALF + 28, _HALF])
    late_ones = told.late_answers(deck)
    if not late_ones:
        writer.paragraph("No answer was late in this quarter.", _LARGE)
        return
    writer.h2("Late answers")
    wide = BODY_WIDTH - 100 - 70 - 110 - 110
    named = (
        Column("Incident", 100),
        Column("Subject", wide),
        Column("Level", 70),
        Column("Due", 110),
        Column("Answered", 110),
    )
    writer.table(named, [_late(deck, row, one) for row, one in late_ones[:8]])
    if len(late_ones) > 8:
        writer.paragraph(f"And {len(late_ones) - 8} more; the monthly reports name all.", look.NOTE)


def _late(deck: Deck, row: IncidentRow, one: TargetRow) -> Sequence[str]:
    answered = wording.short_moment(one.answered_at, deck.timezone) if one.answered_at else "–"
    due = wording.short_moment(one.due_at, deck.timezone)
    return row.number, row.subject, row.level, due, answered


def _work(writer: Writer, deck: Deck) -> None:
    new_page(writer, "What was reported")
    services = told.tallied(deck, lambda one: one.counts.by_service)
    if services:
        chart = told.tally_chart("Reported, by service", "Reported", services)
        writer.story.append(writer.chart(chart, BODY_WIDTH, _CHART))
        writer.space(8)
    parts: tuple[tuple[str, list[Tally]], ...] = (
        ("Priority", told.tallied(deck, lambda one: one.counts.by_priority)),
        ("Channel", told.tallied(deck, lambda one: one.counts.by_channel)),
        ("Escalated to", told.tallied(deck, lambda one: one.counts.escalated)),
    )
    each = (BODY_WIDTH - 2 * 16) / 3
    blocks = [[_tallies(writer, title, rows[:6], each)] for title, rows in parts if rows]
    if blocks:
        writer.side_by_side(blocks, [each + 16] * len(blocks))


def _tallies(writer: Writer, title: str, rows: Sequence[Tally], wide: float) -> Rows:
    columns = (Column(title, wide - 50), Column("Count", 50, right=True))
    return writer.made_table(columns, [(one.label, f"{one.count:,}") for one in rows])


def _times(writer: Writer, deck: Deck) -> None:
    new_page(writer, "How long it took")
    writer.story.append(writer.chart(told.hours_chart(deck), BODY_WIDTH, _CHART))
    each = (BODY_WIDTH - 200) / 4
    columns = (
        Column("Month", 200),
        *(
            Column(title, each, right=True)
            for title in (
                "First answer, median",
                "First answer, longest",
                "Solution, median",
                "Solution, longest",
            )
        ),
    )
    rows = [
        (Line(label, look.CELL_BOLD), *_spans(one.first_answer), *_spans(one.solving))
        for label, one in zip(deck.labels, deck.months, strict=True)
    ]
    writer.space(8)
    writer.table(columns, rows)
    writer.paragraph(
        "Time to the first answer counts working time where the promise does, and around the clock"
        " else; time of solving is the whole time from the report to its solution.",
        look.NOTE,
    )


def _spans(one: Spans) -> tuple[str, str]:
    return wording.span(one.median), wording.span(one.worst)


def _causes(writer: Writer, deck: Deck) -> None:
    new_page(writer, "Why it happened")
    causes = told.tallied(deck, _by_cause)
    chart = told.tally_chart("Causes of what was solved", "Solved", causes, most=7)
    writer.story.append(writer.chart(chart, BODY_WIDTH, _CHART))
    writer.space(8)
    writer.story.append(_tallies(writer, "Cause", causes[:7], _HALF))


def _mattered(writer: Writer, deck: Deck) -> None:
    new_page(writer, "Incidents that mattered")
    rows = told.mattered(deck)
    if not rows:
        writer.paragraph("None was late, escalated or critical in this quarter.", _LARGE)
        return
    columns = (
        Column("Incident", 95),
        Column("What it was", 235),
        Column("Why it is here", 120),
        Column("State", 75),
        Column("Solution", BODY_WIDTH - 525),
    )
    writer.table(
        columns,
        [
            (
                Line(row.number, look.CELL_BOLD),
                row.subject,
                _why(row),
                row.state,
                row.solution or wording.NONE,
            )
            for row in rows
        ],
    )


def _why(row: IncidentRow) -> str:
    parts = ["answered late"] if row.is_late else []
    parts += [f"went to {row.escalated_to}"] if row.escalated_to else []
    return ", ".join(parts or [row.priority.lower()])


def _satisfaction(writer: Writer, deck: Deck) -> None:
    new_page(writer, "What you said")
    if not any(told.ratings(deck)):
        writer.paragraph("Nobody rated our work in this quarter.", _LARGE)
        return
    said = told.comments(deck)[-_COMMENTS:]
    drawn = writer.chart(told.ratings_chart(deck), _HALF, _CHART)
    words = [
        writer.text(
            f"“{one.text}” ({one.rating} of 5, {one.incident})",
            _QUOTE,
            element=writer.document.child("P"),
        )
        for one in said
    ]
    writer.side_by_side([[drawn], words], [_HALF + 28, _HALF])


def _contracts(writer: Writer, deck: Deck) -> None:
    new_page(writer, "Support in force")
    last = deck.last
    if last.levels:
        columns = (
            Column("Level", 120),
            Column("Licence or project", BODY_WIDTH - 400),
            Column("From", 140),
            Column("Until, inclusive", 140),
        )
        writer.table(
            columns,
            [
                (
                    one.level,
                    one.licence,
                    wording.day(one.starts_on),
                    wording.day(one.ends_on) if one.ends_on else "open-ended",
                )
                for one in last.levels[:10]
            ],
        )
    else:
        writer.paragraph("No support level is in force.", _LARGE)
    if last.gold:
        _gold(writer, deck, last)


def _gold(writer: Writer, deck: Deck, last: ReportContent) -> None:
    writer.h2("Gold incidents")
    columns = (
        Column("Pack", BODY_WIDTH - 300),
        *(Column(title, 100, right=True) for title in ("Size", "Spent in the quarter", "Left")),
    )
    rows = []
    for pack in last.gold:
        spent = sum(
            len(one.spent_on)
            for month in deck.months
            for one in month.gold
            if (one.bought_on, one.size) == (pack.bought_on, pack.size)
        )
        bought = f"bought on {wording.day(pack.bought_on)}"
        rows.append((bought, f"{pack.size:,}", f"{spent:,}", f"{pack.remaining:,}"))
    writer.table(columns, rows)


def _next(writer: Writer, deck: Deck) -> None:
    new_page(writer, "What comes next")
    words = [one.recommendations for one in deck.months if one.recommendations]
    for kind, lines in wording.paragraphs(words[-1]) if words else ():
        if kind == "ul":
            writer.items(lines)
        else:
            writer.paragraph(lines[0], _LARGE)
    if deck.agenda:
        on = f" on {wording.day(deck.review_on)}" if deck.review_on else ""
        writer.h2(f"For the review{on}")
        for kind, lines in wording.paragraphs(deck.agenda):
            if kind == "ul":
                writer.items(lines)
            else:
                writer.paragraph(lines[0], _LARGE)
    _still_open(writer, deck)
    vendor = deck.last.vendor
    reach = " · ".join(part for part in (vendor.support_address, vendor.phone) if part)
    writer.space(10)
    writer.paragraph(f"Further information on every figure is given on request: {reach}", look.NOTE)


def _still_open(writer: Writer, deck: Deck) -> None:
    rows = [one for one in deck.last.incidents if one.ended_at is None]
    writer.h2("Open at the end of the quarter")
    if not rows:
        writer.paragraph("Nothing is open.", _LARGE)
        return
    columns = (
        Column("Incident", 110),
        Column("Subject", BODY_WIDTH - 400),
        Column("Priority", 80),
        Column("State", 100),
        Column("Reported", 110),
    )
    writer.table(
        columns,
        [
            (
                row.number,
                row.subject,
                row.priority,
                row.state,
                wording.short_moment(row.reported_at, deck.timezone),
            )
            for row in rows[:8]
        ],
    )
    if len(rows) > 8:
        writer.paragraph(f"And {len(rows) - 8} more.", look.NOTE)


def _texts(deck: Deck) -> str:
    """Every character of it."""
    parts = [deck.organisation, deck.agenda]
    for one in deck.months:
        parts.append(str(one.as_json()))
    return "".join(parts)
