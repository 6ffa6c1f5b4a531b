"""Scores of an audit and where a finding stands: pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.rules.audits import Standing, Tried, may_be, overall, score, standing

TODAY = date(2026, 3, 2)


def tried(*results, severity="high"):
    return [Tried("security", severity, one) for one in results]


def test_what_was_not_run_or_not_verified_never_passes():
    found = score("security", tried("ok", "", "unverifiable", "failed"))

    assert (found.percent, found.passed, found.cases) == (25, 1, 4)
    assert found.reason == "1 of 4 passed, 1 failed, 1 unverifiable, 1 not run."
    assert score("security", tried("", "")).percent == 0
    assert score("performance", tried("ok")).percent is None


def test_severity_weighs_and_in_part_counts_half():
    found = score("security", [*tried("failed", severity="critical"), *tried("ok", severity="low")])

    assert found.percent == 11  # 1 of 9
    assert score("security", tried("partial", "ok")).percent == 75


@given(st.lists(st.sampled_from(["ok", "partial", "failed", "unverifiable", ""]), min_size=1))
def test_only_what_passed_wholly_gives_all(results):
    found = score("security", tried(*results))

    assert (found.percent == 100) == (set(results) == {"ok"})
    assert 0 <= (found.percent or 0) <= 100


@pytest.mark.parametrize("result", ("ok", "partial", "failed"))
def test_what_was_not_reached_is_unverifiable(result):
    assert not may_be(result, was_reached=False)
    assert may_be("unverifiable", was_reached=False)
    assert may_be(result, was_reached=True)


@pytest.mark.parametrize(
    ("fields", "found"),
    (
        ({}, Standing.OPEN),
        ({"due_on": TODAY}, Standing.OPEN),
        ({"due_on": TODAY - timedelta(days=1)}, Standing.LATE),
        ({"accepted_until": TODAY}, Standing.ACCEPTED),
        ({"accepted_until": TODAY - timedelta(days=1)}, Standing.OPEN),
        ({"accepted_until": TODAY, "is_fixed": True}, Standing.FIXED),
    ),
)
def test_an_acceptance_is_over_by_itself_and_a_passed_retest_ends_all(fields, found):
    defaults = {"is_fixed": False, "accepted_until": None, "due_on": None}

    assert standing(**defaults | fields, today=TODAY) == found


def test_the_whole_is_said_in_a_sentence():
    cases = tried("ok", "")

    assert overall([score("security", cases)], cases) == "1 of 2 cases were run: security 50 %."
    assert overall([], []) == "No case was chosen yet."
