"""The system planning of a project: its versions, what a page and the report show of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from accounts.models import Person
from core.charts import BarChart
from core.svg import bar_chart
from engagements.models import Engagement, Requirements, Sizing
from engagements.rules.assumptions import checked
from engagements.rules.ownership import Ownership
from engagements.rules.planning_paper import (
    EXPECTED,
    PlanningPaper,
    Row,
    charts_of,
    cost_chart,
    givens_of,
    needs_said,
    recommendations,
    rows_of,
    sums_of,
    volume,
)
from engagements.rules.requirements import NUMBERS
from engagements.rules.sizing import YEARS


def versions_for(engagement: Engagement, reader: Person) -> list[Sizing]:
    """The newest first; a customer sees those that were handed over. One query."""
    found = Sizing.objects.filter(engagement=engagement).select_related("made_by", "paper")
    if reader.is_customer:
        found = found.filter(paper__isnull=False)
    return list(found.order_by("-number"))


def paper_of(engagement: Engagement, sizing: Sizing) -> PlanningPaper:
    """What the version says; no query but for names that are not fetched."""
    sums = sums_of(sizing.needs, sizing.assumptions)
    return PlanningPaper(
        number=engagement.number,
        title=engagement.title,
        organisation=engagement.organisation.name,
        timezone=engagement.organisation.timezone,
        version=sizing.number,
        as_of=sizing.made_at,
        written_by=str(sizing.made_by),
        currency=sizing.currency,
        golive_on=sizing.golive_on,
        requirements=needs_said(sizing.needs, sums.needs),
        sums=sums,
        givens=givens_of(checked(sizing.assumptions), sizing.currency, sizing.ours),
        recommendations=recommendations(sums, sizing.currency, sizing.golive_on),
        advice=sizing.advice,
    )


@dataclass(frozen=True)
class Drawn:
    title: str
    svg: SafeString


@dataclass(frozen=True)
class PlanningPage:
    sizing: Sizing
    versions: Sequence[Sizing]
    paper: PlanningPaper
    rows: Sequence[Row]
    charts: Sequence[Drawn]
    is_stale: bool  # the sheet says something else by now

    @property
    def expected(self) -> Ownership:
        return self.paper.sums.costs[EXPECTED]

    @property
    def kinds(self) -> list[Row]:
        """The cost of each kind by year, and in all."""
        years = self.expected.years
        return [
            Row(kind, (*(f"{year.parts[at]:,}" for year in years), f"{whole:,}"))
            for at, (kind, whole) in enumerate(self.expected.by_kind)
        ]

    @property
    def totals(self) -> list[str]:
        return [*(f"{year.total:,}" for year in self.expected.years), f"{self.expected.total:,}"]

    @property
    def cases(self) -> list[Row]:
        return [
            Row(
                one.growth.case.name,
                (
                    f"{one.growth.years[YEARS].users:,}",
                    volume(one.growth.years[YEARS].storage),
                    f"{one.total:,}",
                    f"{one.a_mailbox_and_month}",
                ),
            )
            for one in self.paper.sums.costs
        ]

    @property
    def storage(self) -> str:
        return volume(self.paper.sums.first.storage)

    @property
    def total(self) -> str:
        return f"{self.expected.total:,}"


def page_of_planning(
    engagement: Engagement, reader: Person, number: int | None
) -> PlanningPage | None:
    """Version `number`, else the newest that the reader sees; None where there is none.

    One query, and one for the sheet where it was not fetched with the engagement.
    """
    versions = versions_for(engagement, reader)
    sizing = next((one for one in versions if number in (None, one.number)), None)
    if sizing is None:
        return None
    paper = paper_of(engagement, sizing)
    sums = paper.sums
    drawn = [*charts_of(sums.growths), cost_chart(sums.costs, sizing.currency)]
    return PlanningPage(
        sizing=sizing,
        versions=versions,
        paper=paper,
        rows=rows_of(sums.growths[EXPECTED]),
        charts=[_drawn(one, place) for place, one in enumerate(drawn)],
        is_stale=sizing == versions[0] and not reader.is_customer and _is_stale(engagement, sizing),
    )


def _is_stale(engagement: Engagement, sizing: Sizing) -> bool:
    sheet: Requirements | None = getattr(engagement, "requirements", None)
    values = sheet.values if sheet else {}
    said = {one.key: values[one.key] for one in NUMBERS if one.key in values}
    return bool(said != sizing.needs)


def _drawn(chart: BarChart, place: int) -> Drawn:
    # bar_chart escapes every text that it is given.
    return Drawn(chart.title, mark_safe(bar_chart(chart, name=f"planning-{place}", width=640)))
