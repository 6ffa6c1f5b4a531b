"""A report's content as its page shows it: in words, in the organisation's time zone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from reports.rules import wording
from reports.rules.figures import IncidentRow, ReportContent
from reports.rules.months import Month
from reports.rules.report_charts import trend_chart, weeks_chart
from reports.rules.svg import bar_chart


@dataclass(frozen=True)
class Row:
    """An incident's line."""

    incident: IncidentRow
    reported: str
    answered: str
    solved: str
    people: str


@dataclass(frozen=True)
class Page:
    content: ReportContent
    month: str
    first_answer: str
    solving: str
    kept: str
    average: str
    charts: list[tuple[str, SafeString]]  # its title, and the drawing
    rows: list[Row]


def page_of(content: ReportContent) -> Page:
    """All that the templates need, so that they decide nothing."""
    counts = content.counts
    average = content.satisfaction.average
    charts = (("weeks", weeks_chart(content)), ("months", trend_chart(content)))
    return Page(
        content=content,
        month=Month.parse(content.month).label,
        first_answer=wording.span(content.first_answer.median),
        solving=wording.span(content.solving.median),
        kept=wording.share(counts.targets_met, counts.targets_met + counts.targets_breached),
        average=f"{average:.1f} of 5" if average is not None else "no answers",
        # bar_chart escapes every text that it is given.
        charts=[
            (chart.title, mark_safe(bar_chart(chart, name=name)))
            for name, chart in charts
            if chart.highest
        ],
        rows=[_row(incident, content.timezone) for incident in content.incidents],
    )


def _row(incident: IncidentRow, timezone: str) -> Row:
    return Row(
        incident=incident,
        reported=wording.short_moment(incident.reported_at, timezone),
        answered=wording.span(incident.first_answer_seconds),
        solved=wording.span(incident.solving_seconds),
        people=wording.listed(incident.people),
    )
