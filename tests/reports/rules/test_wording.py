from datetime import date

import pytest

from reports.rules import wording
from tests.reports.contents import COMPUTED


@pytest.mark.parametrize(
    ("seconds", "words"),
    (
        (None, "–"),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3900, "1 h 05 min"),
        (21_599, "5 h 59 min"),
        (86_400, "1 d 0 h"),
        (190_000, "2 d 4 h"),
    ),
)
def test_a_span_is_told_in_two_units_rounded_down(seconds, words):
    assert wording.span(seconds) == words


def test_a_promise_says_whether_it_counts_working_time():
    assert wording.promise(6 * 3600, in_working_time=False) == "6 h"
    assert wording.promise(24 * 3600, in_working_time=True) == "24 working h"
    assert wording.promise(5400, in_working_time=False) == "1 h 30 min"


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    ((0, 0, "–"), (0, 9, "0 %"), (9, 9, "100 %"), (999, 1000, "99 %"), (1, 1000, "1 %")),
)
def test_a_share_never_rounds_to_all_or_none(part, whole, words):
    assert wording.share(part, whole) == words


def test_moments_are_told_on_the_zones_own_clock():
    assert wording.moment(COMPUTED, "Europe/Bucharest") == "2 November 2026, 09:45"
    assert wording.short_moment(COMPUTED, "Pacific/Auckland") == "2 Nov 20:45"
    assert wording.day(date(2026, 5, 3)) == "3 May 2026"


def test_amounts_and_lists_of_names_read_as_english():
    assert [wording.amount(n, "answer") for n in (0, 1, 1204)] == [
        "no answers",
        "1 answer",
        "1,204 answers",
    ]
    assert wording.listed(("Ana", "Ion", "Eva", "Max", "Ida")) == "Ana, Ion, Eva and 2 more"


def test_free_text_becomes_paragraphs_and_lists():
    text = "First\nstill first.\n\n- one\n- two\n  goes on\n\nLast.\n* three\n\n\n"

    assert wording.paragraphs(text) == [
        ("p", ("First still first.",)),
        ("ul", ("one", "two goes on")),
        ("p", ("Last.",)),
        ("ul", ("three",)),
    ]
    assert wording.paragraphs(" \n\n") == []
