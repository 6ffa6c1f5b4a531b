"""The report's middle: times, breakdowns, Gold incidents, satisfaction, people, every incident."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable

from core.pdf import look
from core.pdf.writer import Cell, Column, Line, Writer
from reports.pdf import engagements
from reports.rules import figures as counting
from reports.rules import wording
from reports.rules.content import GoldPack, IncidentRow, ReportContent, Spans, Tally, TargetRow
from reports.rules.months import Month

_RATINGS = ("1, very poor", "2, poor", "3, fair", "4, good", "5, very good")
_NUMBER = 62.0  # points, of a column of plain counts
_GUTTER = 14.0


def write(writer: Writer, content: ReportContent) -> None:
    _write_times(writer, content)
    _write_breakdowns(writer, content)
    _write_causes(writer, content)
    _write_gold(writer, content)
    _write_satisfaction(writer, content)
    engagements.write(writer, content)
    _write_people(writer, content)
    _write_late(writer, content)
    _write_incidents(writer, content)


def _write_times(writer: Writer, content: ReportContent) -> None:
    measures = (
        ("Time to first answer", content.first_answer),
        ("Time of solving", content.solving),
    )
    trend = [month for month in content.trend if month.reported or month.solved]
    if not trend and not any(spans.measured for _, spans in measures):
        return
    writer.h2("Times")
    label = look.BODY_WIDTH - _NUMBER - 3 * 95
    columns = (
        Column("Time", label),
        Column("Measured", _NUMBER, right=True),
        *(Column(title, 95, right=True) for title in ("Median", "Mean", "Longest")),
    )
    writer.table(columns, [_times_row(name, spans) for name, spans in measures])
    if trend:
        writer.h3("Compared with the months before")
        _write_trend(writer, content)


def _times_row(name: str, spans: Spans) -> Sequence[Cell]:
    times = (spans.median, spans.mean, spans.worst)
    return (Line(name, look.CELL_BOLD), f"{spans.measured:,}", *map(wording.span, times))


def _write_trend(writer: Writer, content: ReportContent) -> None:
    columns = (
        Column("Month", look.BODY_WIDTH - 2 * 95 - 130),
        Column("Reported", 95, right=True),
        Column("Solved", 95, right=True),
        Column("First answer, median", 130, right=True),
    )
    counts, this = content.counts, content.first_answer.median
    earlier = [
        (m.month, m.reported, m.solved, m.median_first_answer_seconds) for m in content.trend
    ]
    months = [*earlier, (content.month, counts.reported, counts.solved, this)]
    rows = [
        (Month.parse(month).label, f"{reported:,}", f"{solved:,}", wording.span(median))
        for month, reported, solved, median in months
    ]
    writer.table(columns, rows, total=True)


def _write_breakdowns(writer: Writer, content: ReportContent) -> None:
    counts = content.counts
    wanted = (
        ("Priority", counts.by_priority),
        ("Service", counts.by_service),
        ("Channel", counts.by_channel),
        ("Escalated to", counts.escalated),
    )
    shown = [(title, tallies) for title, tallies in wanted if any(t.count for t in tallies)]
    if not shown:
        return
    writer.h2("What was reported", room=130)
    each = (look.BODY_WIDTH - (len(wanted) - 1) * _GUTTER) / len(wanted)
    blocks: list[Sequence[Flowable]] = []
    for title, tallies in shown:
        columns = (Column(title, each - 44), Column("Count", 44, right=True))
        blocks.append([writer.made_table(columns, _tally_rows(tallies))])
    writer.side_by_side(blocks, [each + _GUTTER] * len(blocks))


def _write_causes(writer: Writer, content: ReportContent) -> None:
    if not content.counts.by_cause:
        return
    writer.h3("Why it happened, of what was solved")
    columns = (Column("Cause", look.BODY_WIDTH - _NUMBER), Column("Solved", _NUMBER, right=True))
    writer.table(columns, _tally_rows(content.counts.by_cause))


def _tally_rows(tallies: Sequence[Tally]) -> list[Sequence[Cell]]:
    return [(tally.label, f"{tally.count:,}") for tally in tallies if tally.count]


def _write_incidents(writer: Writer, content: ReportContent) -> None:
    writer.h2("Incidents")
    if not content.incidents:
        writer.paragraph("Nothing was reported, worked on or solved in this month.")
        return
    start, _ = content.bounds
    month = Month.parse(content.month)
    groups = (
        (f"Reported in {month.label}", [i for i in content.incidents if i.reported_at >= start]),
        ("Reported before", [i for i in content.incidents if i.reported_at < start]),
    )
    for title, incidents in groups:
        if incidents:
            writer.h3(f"{title} ({len(incidents):,})")
            rows = [_incident_row(incident, content.timezone) for incident in incidents]
            writer.table(_incident_columns(), rows)


def _incident_columns() -> tuple[Column, ...]:
    number, level, answer, solving, state = 80, 68, 70, 58, 54
    subject = look.BODY_WIDTH - number - level - answer - solving - state
    return (
        Column("Incident", number),
        Column("What it was about", subject),
        Column("Level, priority", level),
        Column("First answer", answer, right=True),
        Column("Solved in", solving, right=True),
        Column("State", state),
    )


def _incident_row(incident: IncidentRow, timezone: str) -> Sequence[Cell]:
    where = " · ".join(part for part in (incident.service, incident.channel) if part)
    about = [Line(incident.subject)]
    if incident.solution:
        about.append(Line(incident.solution))
    if incident.cause:
        about.append(Line(incident.cause, look.CELL_QUIET))
    about.append(Line(where, look.CELL_QUIET))
    if incident.people:
        about.append(Line(wording.listed(incident.people), look.CELL_QUIET))
    state = [Line(incident.state)]
    if incident.escalated_to:
        state.append(Line(f"to {incident.escalated_to}", look.CELL_QUIET))
    level = [Line(incident.level), Line(incident.priority, look.CELL_QUIET)]
    if incident.gold_used:
        level.append(Line("1 Gold spent", look.CELL_QUIET))
    reported = wording.short_moment(incident.reported_at, timezone)
    return (
        [Line(incident.number, look.CELL_BOLD), Line(reported, look.CELL_QUIET)],
        about,
        level,
        _answers(incident),
        wording.span(incident.solving_seconds),
        state,
    )


def _answers(incident: IncidentRow) -> Sequence[Line]:
    """The answer to the report, and how many later ones were late: said in words."""
    first = incident.first
    lines = _answer(first) if first else [Line("no target", look.CELL_QUIET)]
    again = sum(one.counts and one.met is False and one.cycle > 1 for one in incident.targets)
    if again:
        later = wording.amount(again, "later answer")
        lines.append(Line(f"{later} late", look.CELL_BOLD, look.BAD))
    return lines


def _answer(target: TargetRow) -> list[Line]:
    given = target.answer_seconds
    lines = [Line(wording.span(given) if given is not None else "not yet")]
    promise = wording.promise(target.target_seconds, in_working_time=target.in_working_time)
    if target.met is None:
        lines.append(Line(f"of {promise}", look.CELL_QUIET))
    elif target.met:
        lines.append(Line(f"of {promise}: met", look.CELL_QUIET, look.GOOD))
    else:
        lines.append(Line(f"of {promise}: late", look.CELL_BOLD, look.BAD))
    return lines


def _write_late(writer: Writer, content: ReportContent) -> None:
    """Each late answer of the month, so that whoever counts them comes to the figure."""
    late = counting.decided(content.incidents, met=False)
    if not late or not content.names_its_rows:
        return
    writer.h2(f"Late answers ({len(late):,})")
    moments = 104.0
    columns = (
        Column("Incident", 80),
        Column("What it was about", look.BODY_WIDTH - 80 - 70 - 2 * moments),
        Column("Which answer", 70),
        Column("Due", moments),
        Column("Answered", moments),
    )
    rows = [_late_row(row, one, content.timezone) for row, one in late]
    writer.table(columns, rows)


def _late_row(incident: IncidentRow, target: TargetRow, timezone: str) -> Sequence[Cell]:
    answered = target.answered_at
    return (
        Line(incident.number, look.CELL_BOLD),
        incident.subject,
        wording.which_answer(target.cycle),
        wording.short_moment(target.due_at, timezone),
        wording.short_moment(answered, timezone) if answered else "not in this month",
    )


def _write_people(writer: Writer, content: ReportContent) -> None:
    if not content.people:
        return
    writer.h2("People involved")
    role = 150.0
    columns = (
        Column("Name", look.BODY_WIDTH - role - 3 * _NUMBER),
        Column("Role", role),
        *(Column(title, _NUMBER, right=True) for title in ("Incidents", "Messages", "Other steps")),
    )
    rows = [
        (p.name, p.role, f"{len(p.incidents):,}", f"{p.answers:,}", f"{p.steps:,}")
        for p in content.people
    ]
    writer.table(columns, rows)


def _write_gold(writer: Writer, content: ReportContent) -> None:
    writer.h2("Gold incidents")
    if not content.gold:
        writer.paragraph("No pack of Gold incidents was held in this month.")
        return
    titles = ("At its start", "Bought", "Spent", "Given back", "Other", "Left at its end")
    columns = (
        Column("Pack", look.BODY_WIDTH - 6 * _NUMBER),
        *(Column(title, _NUMBER, right=True) for title in titles),
    )
    figures = [_pack_figures(pack) for pack in content.gold]
    rows = [
        (f"{pack.size:,} of {wording.day(pack.bought_on)}", *(f"{n:,}" for n in numbers))
        for pack, numbers in zip(content.gold, figures, strict=True)
    ]
    several = len(rows) > 1
    if several:
        rows.append(("All packs", *(f"{sum(column):,}" for column in zip(*figures, strict=True))))
    writer.table(columns, rows, total=several)
    if any(pack.other for pack in content.gold):
        writer.space(5)
        writer.paragraph("“Other” are Gold incidents that expired, came back or were adjusted.")


def _pack_figures(pack: GoldPack) -> tuple[int, ...]:
    """They add up: the last is the sum of the others, with what was spent taken away."""
    moved = (pack.bought, len(pack.spent_on), len(pack.refunded_on), pack.other)
    return (pack.opening, *moved, pack.remaining)


def _write_satisfaction(writer: Writer, content: ReportContent) -> None:
    rated = content.satisfaction
    writer.h2("Satisfaction")
    asked = wording.amount(rated.asked, "solved incident")
    if rated.average is None:
        writer.paragraph(
            f"Nobody answered the question asked after {asked}."
            if rated.asked
            else "Nothing was solved, so nobody was asked."
        )
        return
    answers = wording.amount(rated.answers, "answer")
    writer.paragraph(f"{rated.average:.1f} of 5 on average, from {answers}; asked after {asked}.")
    columns = (
        Column("Rating", 110),
        Column("Answers", _NUMBER, right=True),
        Column("Share", _NUMBER, right=True),
    )
    counted = list(zip(_RATINGS, rated.ratings, strict=True))
    writer.table(
        columns,
        [(name, f"{n:,}", wording.share(n, rated.answers)) for name, n in reversed(counted)],
    )
    if rated.comments:
        writer.h3("In the customer’s words")
    for comment in rated.comments:
        writer.paragraph(
            f"“{comment.text.strip()}” – {comment.incident}, rated {comment.rating} of 5",
            look.QUOTE,
        )
