"""Charts for the pages: SVG made on the server, readable without seeing it, styled by CSS alone.

No script, no `style`: a strict content security policy lets it through. The classes are
`chart`, `chart-bar chart-bar-1` (2, ...), `chart-grid`, `chart-tick`, `chart-label`, `chart-value`
and `chart-key`; colours given as attributes are what shows where the page has no rule for them.
"""

from __future__ import annotations

from html import escape

from core.charts import BarChart, Layout, layout

_COLOURS = ("#0b3d63", "#f08a24", "#8fbce0", "#536170")
_INK, _QUIET, _GRID = "#17212b", "#536170", "#dfe5ea"
_LEFT, _TOP, _BOTTOM = 34, 34, 24  # room for the axis, the key and the categories


def bar_chart(chart: BarChart, *, name: str, width: int = 560, height: int = 240) -> str:
    """A whole `<svg>` element, safe to mark as such: every text in it is escaped here.

    `name` makes the ids of title and description unique on the page (letters, digits, "-").
    """
    if not name.replace("-", "").isalnum():
        raise ValueError(f"“{name}” can not be part of an id.")
    plot = layout(chart, width - _LEFT, height - _TOP - _BOTTOM)
    parts = [
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' role="img" aria-labelledby="{name}-title {name}-desc" font-size="12">',
        f'<title id="{name}-title">{escape(chart.title)}</title>',
        f'<desc id="{name}-desc">{escape(chart.description)}</desc>',
        '<g aria-hidden="true">',
        *_key(chart),
        *_grid(plot, width, height),
        *_bars(chart, plot, height),
        *_categories(chart, plot, height),
        "</g></svg>",
    ]
    return "".join(parts)


def _key(chart: BarChart) -> list[str]:
    parts, x = [], _LEFT
    for number, series in enumerate(chart.series):
        parts.append(
            f'<rect class="chart-bar chart-bar-{number + 1}" x="{x}" y="4" width="10" height="10"'
            f' rx="2" fill="{_colour(number)}"/>'
        )
        parts.append(_text("chart-key", x + 15, 13, series.label, anchor="start"))
        x += 33 + 7 * len(series.label)
    return parts


def _grid(plot: Layout, width: int, height: int) -> list[str]:
    parts = []
    for value, up in plot.ticks:
        y = height - _BOTTOM - up
        parts.append(
            f'<line class="chart-grid" x1="{_LEFT}" y1="{y:.1f}" x2="{width}" y2="{y:.1f}"'
            f' stroke="{_GRID}"/>'
        )
        parts.append(_text("chart-tick", _LEFT - 8, y + 4, f"{value:,}", anchor="end"))
    return parts


def _bars(chart: BarChart, plot: Layout, height: int) -> list[str]:
    parts = []
    for bar in plot.bars:
        if not bar.value:
            continue
        x, y = _LEFT + bar.x, height - _BOTTOM - bar.height
        parts.append(
            f'<rect class="chart-bar chart-bar-{bar.series + 1}" x="{x:.1f}" y="{y:.1f}"'
            f' width="{bar.width:.1f}" height="{bar.height:.1f}" fill="{_colour(bar.series)}"/>'
        )
        parts.append(_text("chart-value", x + bar.width / 2, y - 4, f"{bar.value:,}", colour=_INK))
    return parts


def _categories(chart: BarChart, plot: Layout, height: int) -> list[str]:
    return [
        _text("chart-label", _LEFT + middle, height - 6, label)
        for label, middle in zip(chart.categories, plot.middles, strict=True)
    ]


def _text(
    kind: str, x: float, y: float, text: str, *, anchor: str = "middle", colour: str = _QUIET
) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(text)}</text>"
    )


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]
