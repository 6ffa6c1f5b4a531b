import re
from xml.etree import ElementTree

import pytest

from core.charts import BarChart, Series, axis, layout
from core.svg import bar_chart

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


def test_an_axis_takes_the_smallest_round_step_that_fits():
    assert [axis(highest)[-1] for highest in (4, 5, 8, 9, 20, 21, 40, 41)] == [
        4,
        6,
        8,
        10,
        20,
        30,
        40,
        60,
    ]


def test_groups_of_bars_stand_in_the_middle_of_their_places():
    found = layout(CHART, width=200, height=100)

    assert found.middles == (50, 150)
    assert found.ticks == ((0, 0), (2, 25), (4, 50), (6, 75), (8, 100))
    first = [bar for bar in found.bars if bar.category == 0]
    assert [bar.x for bar in first] == pytest.approx([22, 50])
    assert [bar.width for bar in first] == pytest.approx([25.2, 25.2])


def test_bars_get_no_wider_than_a_part_of_their_height_and_nothing_is_divided_by_nought():
    one = BarChart(title="", categories=("a",), series=(Series(label="Reported", values=(1,)),))
    bare = BarChart(title="", categories=("a",), series=())

    [bar] = layout(one, width=1000, height=100).bars
    assert [bar.x, bar.width] == pytest.approx([486, 25.2])
    assert layout(bare, width=100, height=100).middles == (50,)


def drawn(name: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(bar_chart(CHART, name="weeks"))
    return [one for one in root.iter() if one.get("class", "").startswith(name)]


def number(drawn: ElementTree.Element, name: str) -> float:
    return float(drawn.get(name) or "nan")


def test_the_key_names_each_series_beside_its_colour_from_left_to_right():
    squares = [one for one in drawn("chart-bar") if one.get("y") == "4"]
    words = drawn("chart-key")

    assert [one.get("x") for one in squares] == ["34", "123"]
    assert [(one.text, one.get("x")) for one in words] == [
        ("Reported", "49.0"),
        ("Solved", "138.0"),
    ]
    assert [one.get("class") for one in squares] == [
        "chart-bar chart-bar-1",
        "chart-bar chart-bar-2",
    ]


def test_the_grid_has_a_line_for_each_step_with_its_number():
    lines, ticks = drawn("chart-grid"), drawn("chart-tick")

    assert [one.get("y1") for one in lines] == ["216.0", "170.5", "125.0", "79.5", "34.0"]
    assert {(one.get("x1"), one.get("x2")) for one in lines} == {("34", "560")}
    assert all(one.get("y1") == one.get("y2") for one in lines)
    assert [(one.text, one.get("x"), one.get("y")) for one in ticks][:2] == [
        ("0", "26.0", "220.0"),
        ("2", "26.0", "174.5"),
    ]


def test_bars_stand_on_the_axis_with_their_values_and_nought_has_none():
    bars = [one for one in drawn("chart-bar") if one.get("y") != "4"]
    values = drawn("chart-value")

    assert [(one.get("y"), one.get("height")) for one in bars] == [
        ("147.8", "68.2"),
        ("34.0", "182.0"),
        ("170.5", "45.5"),
    ]
    assert [one.text for one in values] == ["3", "8", "2"]
    for bar, value in zip(bars, values, strict=True):
        left = number(bar, "x")
        assert number(value, "x") == pytest.approx(left + number(bar, "width") / 2, abs=0.2)
        assert number(value, "y") == pytest.approx(number(bar, "y") - 4, abs=0.1)
        assert left >= 34


def test_categories_stand_below_the_middle_of_their_bars():
    labels = drawn("chart-label")

    assert [(one.text, one.get("x"), one.get("y")) for one in labels] == [
        ("1–4", "165.5", "234.0"),
        ("<5–11>", "428.5", "234.0"),
    ]
