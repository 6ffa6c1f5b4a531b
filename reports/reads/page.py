"""A report's content as its page shows it: in words, in the organisation's time zone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from core.svg import bar_chart
from reports.rules import figures as counting
from reports.rules import wording
from reports.rules.content import IncidentRow, ReportContent, TargetRow
from reports.rules.engaged import (
    ContractRow,
    EngagementRow,
    FindingRow,
    PaperRow,
    TrainingRow,
    in_words,
    term,
)
from reports.rules.figures import Figure
from reports.rules.months import Month
from reports.rules.report_charts import trend_chart, weeks_chart

LINKED = 200  # rows; with more, the numbers behind the figures are plain text


@dataclass(frozen=True)
class Row:
    """An incident's line."""

    incident: IncidentRow
    reported: str
    answered: str
    solved: str
    people: str


@dataclass(frozen=True)
class Late:
    """An answer that was late in the month."""

    incident: IncidentRow
    which: str
    due: str
    answered: str


@dataclass(frozen=True)
class Paper:
    """A document of an engagement, and what became of it in the month."""

    name: str
    said: str
    is_back: bool


@dataclass(frozen=True)
class EngagementLine:
    row: EngagementRow
    light_badge: str  # the badge's class
    papers: list[Paper]


@dataclass(frozen=True)
class EngagedPart:
    """Projects, visits, assessments, audits and trainings, in words."""

    words: str
    engagements: list[EngagementLine]
    contracts: list[tuple[ContractRow, str]]  # with when it runs
    trainings: list[tuple[TrainingRow, str]]
    findings: tuple[FindingRow, ...]


@dataclass(frozen=True)
class Page:
    content: ReportContent
    month: str
    as_of: str
    known: str
    first_answer: str
    solving: str
    kept: str
    late_note: str
    open_note: str
    average: str
    charts: list[tuple[str, SafeString]]  # its title, and the drawing
    rows: list[Row]
    late: list[Late]
    engaged: EngagedPart | None  # None: there was nothing
    figures: tuple[Figure, ...]
    links: bool  # whether the numbers behind the figures lead to their rows

    @property
    def revision(self) -> str:
        return f"Revision {self.content.revision} of {self.content.revises}"

    @property
    def anchors(self) -> dict[str, str]:
        """By figure, where its incidents stand on the page."""
        return {one.key: f"#figure-{one.key}" for one in self.figures}


def page_of(content: ReportContent) -> Page:
    """All that the templates need, so that they decide nothing."""
    counts = content.counts
    average = content.satisfaction.average
    late, closed = counts.targets_breached, counts.closed_unanswered
    return Page(
        content=content,
        month=Month.parse(content.month).label,
        as_of=wording.moment(content.as_of, content.timezone),
        known=wording.moment(content.known_at, content.timezone),
        first_answer=wording.span(content.first_answer.median),
        solving=wording.span(content.solving.median),
        kept=wording.share(counts.targets_met, counts.targets_met + late),
        late_note=f"{late:,} late" if late else "",
        open_note=f"{closed:,} closed without an answer" if closed else "",
        average=f"{average:.1f} of 5" if average is not None else "no answers",
        charts=_charts(content),
        rows=[_row(incident, content.timezone) for incident in content.incidents],
        late=_late(content),
        engaged=_engaged(content) if content.engaged else None,
        figures=counting.figures(content),
        links=len(content.incidents) <= LINKED,
    )


def _charts(content: ReportContent) -> list[tuple[str, SafeString]]:
    charts = (("weeks", weeks_chart(content)), ("months", trend_chart(content)))
    # bar_chart escapes every text that it is given.
    return [
        (chart.title, mark_safe(bar_chart(chart, name=name)))
        for name, chart in charts
        if chart.highest
    ]


def _late(content: ReportContent) -> list[Late]:
    if not content.names_its_rows:
        return []
    decided = counting.decided(content.incidents, met=False)
    return [_late_line(row, one, content.timezone) for row, one in decided]


def _late_line(incident: IncidentRow, target: TargetRow, timezone: str) -> Late:
    answered = target.answered_at
    return Late(
        incident=incident,
        which=wording.which_answer(target.cycle),
        due=wording.short_moment(target.due_at, timezone),
        answered=wording.short_moment(answered, timezone) if answered else "not in this month",
    )


def _engaged(content: ReportContent) -> EngagedPart:
    part = content.engaged
    return EngagedPart(
        words=in_words(part, content.bounds),
        engagements=[_engagement(one, content.timezone) for one in part.engagements],
        contracts=[(one, term(one.starts_on, one.ends_on)) for one in part.contracts],
        trainings=[(one, term(one.first_on, one.last_on)) for one in part.trainings],
        findings=part.findings,
    )


_BADGES = {"On track": "badge-green", "At risk": "badge-warm", "Late": "badge-red"}


def _engagement(one: EngagementRow, timezone: str) -> EngagementLine:
    papers = [_paper(paper, timezone) for paper in one.papers]
    return EngagementLine(one, _BADGES.get(one.light, ""), papers)


def _paper(paper: PaperRow, timezone: str) -> Paper:
    said = f"handed over {wording.short_moment(paper.sent_at, timezone)}"
    if paper.verdict_at is not None:
        when = wording.short_moment(paper.verdict_at, timezone)
        said = f"{paper.verdict.lower()} by {paper.signed_name}, {when}"
    return Paper(f"{paper.title}, version {paper.version}", said, paper.verdict == "Sent back")


def _row(incident: IncidentRow, timezone: str) -> Row:
    first = incident.first
    return Row(
        incident=incident,
        reported=wording.short_moment(incident.reported_at, timezone),
        answered=wording.span(first.answer_seconds if first else None),
        solved=wording.span(incident.solving_seconds),
        people=wording.listed(incident.people),
    )
