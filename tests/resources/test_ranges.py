"""Versions and the ranges of advisories. Pure."""

from __future__ import annotations

import pytest

from resources.rules.ranges import is_affected, numbers_in, span_of


@pytest.mark.parametrize(
    ("text", "numbers"),
    (
        ("10.6.1", (10, 6, 1)),
        ("AXIGEN 10.6.1 (Debian 12)", (10, 6, 1)),
        ("Debian 12, build 10.6.1", (10, 6, 1)),
        ("Five5", None),
        ("10", (10,)),
        ("the newest", None),
        ("", None),
        ("1.2.3.4.5.6.7.8", None),
        ("10.6.1\0", (10, 6, 1)),
    ),
)
def test_a_version_is_its_numbers(text, numbers):
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("version", "ranges", "affected"),
    (
        ("10.5.0", ["10.5.0 to 10.6.1"], True),
        ("10.6.1", ["10.5.0 to 10.6.1"], True),
        ("10.6.1.4", ["10.5.0 to 10.6.1"], True),  # a build of the last one
        ("10.6.2", ["10.5.0 to 10.6.1"], False),
        ("10.4.9", ["10.5.0 to 10.6.1"], False),
        ("10.10.0", ["10.5.0 to 10.6.1"], False),  # numbers, not letters
        ("10.6", ["10.6.1 to 10.6.3"], True),  # any of 10.6 may be one
        ("10.6", ["10.6.1 and later"], True),
        ("10.6.2", ["before 10.6.2"], False),
        ("9", ["before 10.6.2"], True),
        ("10.6.7", ["10.6"], True),
        ("10.7", ["10.6"], False),
        ("10.7", ["10.6", "10.7"], True),
        ("4.0", ["all"], True),
        ("4.0", [], False),
        ("we do not know", ["all"], None),
    ),
)
def test_what_may_be_inside_is_affected(version, ranges, affected):
    assert is_affected(version, ranges) is affected


@pytest.mark.parametrize("text", ("", "newest", "10.6 to", "10.6.2 to 10.6.1", "<10.6", "1..2"))
def test_what_is_no_range_is_not_read(text):
    assert span_of(text) is None
