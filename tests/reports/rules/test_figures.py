import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from reports.pdf.service_report import render
from reports.reads.page import page_of
from reports.rules import figures as counting
from reports.rules.content import Comment, ReportContent, Satisfaction, Spans, checksum
from tests.reports.contents import COMPUTED, make_draft, make_empty, make_northwind


@pytest.mark.parametrize("make", (make_empty, make_northwind, make_draft))
def test_a_report_reads_back_from_json_as_it_was(make):
    content = make()

    stored = json.loads(json.dumps(content.as_json()))

    assert ReportContent.from_json(stored) == content
    assert checksum(ReportContent.from_json(stored)) == checksum(content)


def test_the_checksum_is_of_the_content_alone():
    """A literal: it must not change with Python, the order of keys, or the zone of a moment."""
    content = make_empty()
    elsewhere = replace(content, as_of=COMPUTED.astimezone(timezone(timedelta(hours=9))))

    assert checksum(content) == "93c36af50f9a3cd082e30dacf2f02e9a292b74fc923dc00930a51b7c6fba4a5a"
    assert checksum(elsewhere) == checksum(content)


@pytest.mark.parametrize(
    "change",
    (
        {"recommendations": "Update."},
        {"organisation": "Northwind Traderș"},
        {"as_of": COMPUTED + timedelta(seconds=1)},
        {"number": "SR-2026-10-0008", "issued_at": COMPUTED},
    ),
)
def test_any_change_changes_the_checksum(change):
    assert checksum(replace(make_empty(), **change)) != checksum(make_empty())


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    (
        (("month",), "October", "month"),
        (("counts", "reported"), "11", "ReportContent.counts.reported"),
        (("counts", "solved"), True, "ReportContent.counts.solved"),
        (("incidents", 0, "reported_at"), "2026-10-01T08:00:00", "no time zone"),
        (("incidents", 0, "people"), "Ana", "a list is expected"),
        (("gold", 0, "remaining"), 9, "does not add up"),
        (("revision",), 1, "says what it revises"),
        (("surprise",), 1, "surprise"),
        (("issued_at",), None, "together"),
        (("schema",), 5, "schema 5"),
    ),
)
def test_json_that_does_not_fit_is_refused_where_it_does_not_fit(path, value, complaint):
    raw = make_northwind().as_json()
    place = raw
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(ValueError, match=complaint):
        ReportContent.from_json(raw)


def test_a_moment_without_zone_is_never_frozen():
    content = replace(make_empty(), as_of=datetime(2026, 11, 2, 7, 45))  # noqa: DTZ001

    with pytest.raises(ValueError, match="no time zone"):
        content.as_json()


def test_issuing_gives_number_and_moment_and_changes_nothing_else():
    at = datetime(2026, 11, 3, tzinfo=UTC)

    issued = make_draft().issued(number="SR-2026-10-0001", at=at)

    assert not issued.is_draft
    assert replace(issued, number=None, issued_at=None) == make_draft()


def test_spans_are_summed_up_in_whole_seconds():
    assert Spans.of([60, 30, 91]) == Spans(measured=3, median=60, mean=60, worst=91)
    assert Spans.of([]) == Spans(measured=0, median=None, mean=None, worst=None)


def test_the_average_is_of_those_who_answered():
    given = tuple(Comment(incident="", rating=n, text="") for n in (2, 4, 4, 4, 5, 5, 5, 5))
    rated = Satisfaction(asked=9, given=given)

    assert (rated.answers, rated.average, rated.ratings) == (8, 4.25, (0, 1, 0, 3, 4))
    assert replace(rated, given=()).average is None


def test_a_report_of_the_first_schema_is_read_and_names_no_rows():
    raw = json.loads((Path(__file__).parent / "schema_1.json").read_text())

    content = ReportContent.from_json(raw)

    assert (content.number, content.schema) == ("SR-2026-10-0007", 1)
    assert (content.counts.reported, content.counts.targets_breached) == (5, 1)
    assert content.satisfaction.ratings == (0, 1, 0, 3, 4)
    assert [one.remaining for one in content.gold] == [2, 5]
    assert counting.figures(content) == ()
    assert page_of(content).late == []
    assert render(content).startswith(b"%PDF-")
