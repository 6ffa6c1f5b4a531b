import re
from xml.etree import ElementTree

import pytest

from reports.rules.charts import BarChart, Series, axis, layout
from reports.rules.svg import bar_chart

CHART = BarChart(
    title="Reported & solved",
    categories=("1–4", "<5–11>"),
    series=(Series(label="Reported", values=(3, 0)), Series(label="Solved", values=(8, 2))),
)


@pytest.mark.parametrize("highest", (0, 1, 2, 3, 4, 5, 9, 11, 40, 41, 99, 300, 12_345))
def test_an_axis_starts_at_zero_and_has_few_round_steps_of_whole_numbers(highest):
    ticks = axis(highest)

    assert ticks[0] == 0
    assert ticks[-1] >= max(highest, 1)
    assert 2 <= len(ticks) <= 5
    assert len({b - a for a, b in zip(ticks, ticks[1:], strict=False)}) == 1


def test_bars_stand_on_zero_in_proportion_to_their_values():
    bars = layout(CHART, width=200, height=100).bars

    heights = {(bar.series, bar.category): bar.height for bar in bars}
    assert heights == {(0, 0): 37.5, (0, 1): 0.0, (1, 0): 100.0, (1, 1): 25.0}
    assert all(bar.x >= 0 and bar.x + bar.width <= 200 for bar in bars)


def test_a_chart_is_told_in_words():
    assert CHART.description == "1–4: 3 reported, 8 solved; <5–11>: 0 reported, 2 solved."


@pytest.mark.parametrize("values", ((1,), (1, 2, 3), (1, -1)))
def test_values_that_do_not_fit_the_categories_are_refused(values):
    with pytest.raises(ValueError, match="“Reported”"):
        BarChart(title="", categories=("a", "b"), series=(Series(label="Reported", values=values),))


def test_the_svg_is_well_formed_has_title_and_description_and_nothing_a_strict_policy_forbids():
    text = bar_chart(CHART, name="weeks")

    root = ElementTree.fromstring(text)
    named = {child.get("id"): child.text for child in root if child.get("id")}
    assert named == {"weeks-title": CHART.title, "weeks-desc": CHART.description}
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "weeks-title weeks-desc")
    assert not re.search(r"style=|<style|<script|\son\w+=|href", text)


def test_an_empty_chart_still_draws_its_axis():
    empty = BarChart(title="By week", categories=(), series=())

    assert "Nothing to show." in bar_chart(empty, name="weeks")


def test_a_name_that_could_break_out_of_an_id_is_refused():
    with pytest.raises(ValueError, match="id"):
        bar_chart(CHART, name='x" onload="alert(1)')
