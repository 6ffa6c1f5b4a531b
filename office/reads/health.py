"""Scores as they are now, and what they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import mean
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from core.charts import BarChart, Series
from core.svg import bar_chart
from office.models import HealthRulesVersion, HealthScore
from office.rules.health import DEFAULT, Part, Rules

TREND = timedelta(days=30)
WEEKS = 18


@dataclass(frozen=True)
class Counting:
    """The rules that count now; version 0 are those that we deliver."""

    version: int
    rules: Rules


@dataclass(frozen=True)
class Week:
    """A week of a score's history; `score` None: nothing was kept."""

    first_on: date
    score: int | None


def counting_rules() -> Counting:
    newest = HealthRulesVersion.objects.order_by("-version").first()
    return Counting(newest.version, newest.rules) if newest else Counting(0, DEFAULT)


def day_of(at: datetime) -> date:
    """Of the desk's zone: on which day a score is kept."""
    return at.astimezone(ZoneInfo(settings.DESK_TIMEZONE)).date()


def scores_before(organisations: Collection[int], *, at: datetime) -> dict[int, int]:
    """What each had about 30 days ago: the last score kept by then, of two weeks at most."""
    day = day_of(at - TREND)
    kept = HealthScore.objects.filter(
        organisation__in=list(organisations), on__lte=day, on__gt=day - timedelta(days=14)
    )
    newest = kept.order_by("organisation", "-on").distinct("organisation")
    return dict(newest.values_list("organisation", "score"))


def weeks_of(organisation: int, *, at: datetime) -> list[Week]:
    """The mean of each of the last 18 weeks, oldest first."""
    today = day_of(at)
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    kept: dict[date, list[int]] = defaultdict(list)
    rows = HealthScore.objects.filter(organisation=organisation, on__gte=first)
    for on, score in rows.values_list("on", "score"):
        kept[on - timedelta(days=on.weekday())].append(score)
    weeks = [first + timedelta(weeks=n) for n in range(WEEKS)]
    return [Week(one, round(mean(kept[one])) if kept[one] else None) for one in weeks]


def score_chart(weeks: Sequence[Week]) -> SafeString:
    """The history, drawn; "" where nothing was kept yet."""
    known = [one for one in weeks if one.score is not None]
    if len(known) < 2:
        return SafeString("")
    chart = BarChart(
        title=f"Score, week by week since {known[0].first_on:%-d %B}",
        categories=tuple(f"{one.first_on.isocalendar().week}" for one in known),
        series=(Series(label="Mean of the week", values=tuple(one.score or 0 for one in known)),),
    )
    # bar_chart escapes every text that it is given.
    return mark_safe(bar_chart(chart, name="score", width=420, height=180))


def kept_parts(score: HealthScore) -> Sequence[Part]:
    return [Part(**facts) for facts in score.parts]
