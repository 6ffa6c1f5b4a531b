"""The report's first page: whose month, the figures at a glance, charts, support in force."""

from __future__ import annotations

from core.pdf import look
from core.pdf.tiles import Tile, write_tiles
from core.pdf.writer import Column, Writer
from reports.rules import wording
from reports.rules.content import ReportContent
from reports.rules.months import Month
from reports.rules.report_charts import trend_chart, weeks_chart

_CHART_HEIGHT = 132.0


def write(writer: Writer, content: ReportContent) -> None:
    _write_title(writer, content)
    write_tiles(writer, (*_work_tiles(content), *_quality_tiles(content)))
    writer.space(10)
    writer.paragraph(_in_words(content))
    _write_charts(writer, content)
    _write_levels(writer, content)


def _write_title(writer: Writer, content: ReportContent) -> None:
    eyebrow = "MONTHLY SERVICE REPORT" + (" – DRAFT" if content.is_draft else "")
    writer.paragraph(eyebrow, look.EYEBROW)
    writer.heading(content.organisation, look.H1, "H1", level=1)
    writer.paragraph(_issued_line(content), look.LEAD)
    if content.revision:
        writer.paragraph(
            f"Revision {content.revision} of {content.revises}: {content.revision_reason}"
        )
    writer.space(11)


def _issued_line(content: ReportContent) -> str:
    parts = [Month.parse(content.month).label, content.country]
    if content.issued_at:
        issued = wording.moment(content.issued_at, content.timezone)
        parts += [f"report {content.number}", f"issued {issued} ({content.timezone})"]
    else:
        known = wording.moment(content.known_at, content.timezone)
        parts += [f"figures as known on {known} ({content.timezone})", "not issued yet"]
    return " · ".join(part for part in parts if part)


def _work_tiles(content: ReportContent) -> tuple[Tile, ...]:
    counts = content.counts
    before = next((m for m in content.trend if m.month == _previous(content)), None)
    since = f" in {Month.parse(before.month).label.split()[0]}" if before else ""
    decided = counts.targets_met + counts.targets_breached
    late = counts.targets_breached
    return (
        Tile("Reported", f"{counts.reported:,}", f"{before.reported:,}{since}" if before else ""),
        Tile("Solved", f"{counts.solved:,}", f"{before.solved:,}{since}" if before else ""),
        Tile("Open at the month’s end", f"{counts.open_at_end:,}", _unanswered(content)),
        Tile(
            "Answered in time",
            wording.share(counts.targets_met, decided),
            f"{counts.targets_met:,} of {decided:,} targets" if decided else "no targets fell due",
            look.BAD if late else look.BLUE,
        ),
    )


def _unanswered(content: ReportContent) -> str:
    closed = content.counts.closed_unanswered
    return f"{closed:,} closed without an answer" if closed else ""


def _quality_tiles(content: ReportContent) -> tuple[Tile, ...]:
    first, solving, rated = content.first_answer, content.solving, content.satisfaction
    spent = sum(len(pack.spent_on) for pack in content.gold)
    return (
        Tile("First answer, median", wording.span(first.median), _longest(first.worst)),
        Tile("Time of solving, median", wording.span(solving.median), _longest(solving.worst)),
        Tile(
            "Satisfaction",
            f"{rated.average:.1f} of 5" if rated.average is not None else wording.NONE,
            wording.amount(rated.answers, "answer"),
        ),
        Tile(
            "Gold incidents left",
            f"{content.gold_remaining:,}" if content.gold else wording.NONE,
            f"{spent:,} spent in the month" if content.gold else "no pack held",
        ),
    )


def _longest(seconds: int | None) -> str:
    return f"longest {wording.span(seconds)}" if seconds is not None else "nothing to measure"


def _in_words(content: ReportContent) -> str:
    counts, month = content.counts, Month.parse(content.month).label
    decided = counts.targets_met + counts.targets_breached
    ended = counts.solved + counts.closed_unanswered
    if not any((counts.reported, ended, counts.open_at_end, decided)):
        return f"A quiet month: nothing was reported, and nothing was open at the end of {month}."
    reported = wording.amount(counts.reported, "incident was", "incidents were")
    if not counts.reported:
        reported = "No incidents were"
    solved = f"{counts.solved:,}" if counts.solved else "none"
    still = f"{counts.open_at_end:,}" if counts.open_at_end else "none"
    verb = "was" if counts.open_at_end == 1 else "were"
    text = f"{reported} reported in {month} and {solved} solved; {still} {verb} open at its end."
    if closed := counts.closed_unanswered:
        text += f" {closed:,} {_was(closed)} closed without an answer."
    if not decided:
        return text
    targets = wording.amount(decided, "response target")
    if not counts.targets_breached:
        all_of = "The only" if decided == 1 else "All"
        return f"{text} {all_of} {targets.removeprefix('1 ')} {_was(decided)} met."
    late = counts.targets_breached
    return (
        f"{text} Of {targets} {counts.targets_met:,} {_was(counts.targets_met)} met, {late:,} late."
    )


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _write_charts(writer: Writer, content: ReportContent) -> None:
    charts = [chart for chart in (weeks_chart(content), trend_chart(content)) if chart.highest]
    if not charts:
        return
    writer.space(6)
    gap = 18
    wide = (look.BODY_WIDTH - gap) / 2
    drawn = [[writer.chart(chart, wide, _CHART_HEIGHT)] for chart in charts]
    writer.side_by_side(drawn, [wide + gap] + [wide] * (len(drawn) - 1))


def _write_levels(writer: Writer, content: ReportContent) -> None:
    writer.h2("Support in force", room=70)
    if not content.levels:
        writer.paragraph("No support level was active in this month.")
        return
    columns = (
        Column("Level", 100),
        Column("Licence or project", look.BODY_WIDTH - 320),
        Column("From", 110),
        Column("Until, inclusive", 110),
    )
    rows = [
        (
            level.level,
            level.licence,
            wording.day(level.starts_on),
            wording.day(level.ends_on) if level.ends_on else "open-ended",
        )
        for level in content.levels
    ]
    writer.table(columns, rows)


def _previous(content: ReportContent) -> str:
    return str(Month.parse(content.month).previous())
