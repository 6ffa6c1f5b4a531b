"""The charts of a service report: the same on its page and in its PDF."""

from __future__ import annotations

from core.charts import BarChart, Series
from reports.rules.content import ReportContent
from reports.rules.months import Month


def weeks_chart(content: ReportContent) -> BarChart:
    return BarChart(
        title="By week",
        categories=tuple(_week_label(w.first_on.day, w.last_on.day) for w in content.weeks),
        series=(
            Series(label="Reported", values=tuple(week.reported for week in content.weeks)),
            Series(label="Solved", values=tuple(week.solved for week in content.weeks)),
        ),
    )


def _week_label(first: int, last: int) -> str:
    return f"{first}–{last}" if first != last else f"{first}"


def trend_chart(content: ReportContent) -> BarChart:
    months = [Month.parse(month.month) for month in content.trend]
    months.append(Month.parse(content.month))
    return BarChart(
        title="By month",
        categories=tuple(f"{m.label[:3]} {m.year % 100:02}" for m in months),
        series=(
            Series(
                label="Reported",
                values=(*(m.reported for m in content.trend), content.counts.reported),
            ),
            Series(
                label="Solved", values=(*(m.solved for m in content.trend), content.counts.solved)
            ),
        ),
    )
