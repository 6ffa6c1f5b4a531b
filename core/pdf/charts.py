"""The bar chart of the PDF, from the geometry that the pages use too."""

from __future__ import annotations

from reportlab.platypus import Flowable

from core.charts import BarChart, Layout, layout
from core.pdf import look
from core.pdf.tagging import Element
from core.pdf.typeface import BOLD, REGULAR, width

_LEFT, _TOP, _BOTTOM = 20, 34, 16  # room for the axis, title and key, the categories
_COLOURS = (look.BLUE, look.ACCENT, look.BLUE_MIDDLE, look.QUIET)


class ChartDrawing(Flowable):
    """One figure; its alternative text carries every value.

    Drawn here and not with reportlab.graphics, which brings an axis of its own and a reference
    to Helvetica, a font that the file does not carry.
    """

    def __init__(self, chart: BarChart, wide: float, high: float, element: Element) -> None:
        super().__init__()
        self.chart, self.width, self.height, self.element = chart, wide, high, element

    def wrap(self, *_available: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        plot = layout(self.chart, self.width - _LEFT, self.height - _TOP - _BOTTOM)
        with self.canv.piece(self.element):
            self._draw_heading()
            self.canv.translate(_LEFT, _BOTTOM)
            self._draw_axis(plot)
            self._draw_bars(plot)

    def _draw_heading(self) -> None:
        canvas = self.canv
        canvas.setFillColor(look.INK)
        canvas.setFont(BOLD, 8.5)
        canvas.drawString(0, self.height - 10, self.chart.title)
        x = 0.0
        canvas.setFont(REGULAR, 7.5)
        for number, series in enumerate(self.chart.series):
            canvas.setFillColor(_COLOURS[number])
            canvas.roundRect(x, self.height - 24, 6.5, 6.5, 1.2, stroke=0, fill=1)
            canvas.setFillColor(look.QUIET)
            canvas.drawString(x + 10, self.height - 23.5, series.label)
            x += 24 + width(series.label, REGULAR, 7.5)

    def _draw_axis(self, plot: Layout) -> None:
        canvas = self.canv
        canvas.setFont(REGULAR, 7)
        canvas.setFillColor(look.QUIET)
        canvas.setLineWidth(0.5)
        for value, y in plot.ticks:
            canvas.setStrokeColor(look.LINE if value else look.BLUE_MIDDLE)
            canvas.line(0, y, self.width - _LEFT, y)
            canvas.drawRightString(-5, y - 2.5, f"{value:,}")
        for label, middle in zip(self.chart.categories, plot.middles, strict=True):
            canvas.drawCentredString(middle, -11, label)

    def _draw_bars(self, plot: Layout) -> None:
        canvas = self.canv
        canvas.setFont(REGULAR, 7)
        for bar in plot.bars:
            if not bar.value:
                continue
            canvas.setFillColor(_COLOURS[bar.series])
            canvas.rect(bar.x, 0, bar.width, bar.height, stroke=0, fill=1)
            canvas.setFillColor(look.INK)
            canvas.drawCentredString(bar.x + bar.width / 2, bar.height + 2.5, f"{bar.value:,}")
