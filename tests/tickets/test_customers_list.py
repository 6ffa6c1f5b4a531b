"""The customers' list: found, narrowed, ordered, kept by its address, and taken away as a file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from core.sheets import csv_pieces, xlsx_file
from core.tasks import index_owed
from tests.factories import (
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_message,
    make_organisation,
    make_target,
)
from tests.tickets.staff_pages import asks
from tickets.enums import MessageKind, Priority, State

pytestmark = pytest.mark.django_db

LIST = "/incidents/"
BUCHAREST = ZoneInfo("Europe/Bucharest")


@pytest.fixture
def contact(client):
    contact = make_contact(make_organisation(), timezone="Europe/Bucharest")
    client.force_login(contact)
    return contact


def subjects(client, **query) -> list[str]:
    """Of the rows, in their order."""
    body = client.get(LIST, query).content.decode()
    return re.findall(r'dir="auto">(?!<)([^<]+)</a>', body)


@pytest.fixture
def four(contact):
    """Filed on four days, each unlike the others."""
    colleague = make_contact(contact.organisation, name="Ștefan Țăran")
    north = make_licence(contact.organisation, key="AXI-NORTH")
    now = timezone.now()
    made: list[tuple[str, dict[str, Any]]] = [
        ("IMAP hangs", {"licence": north, "priority": Priority.CRITICAL}),
        ("Queue full", {"state": State.WAITING}),
        ("Old story", {"state": State.CLOSED, "reporter": colleague}),
        ("No level", {"level": None, "priority": Priority.LOW}),
    ]
    found = {}
    for days, (subject, fields) in enumerate(made, start=1):
        fields = {"reporter": contact} | fields
        one = make_incident(subject=subject, received_at=now - timedelta(days=days), **fields)
        make_message(one, sent_at=one.received_at, author=one.reporter)
        found[subject] = one
    late = found["IMAP hangs"]
    make_target(late, opened_at=now - hours(9), due_at=now - hours(1))
    return found


ALL = ["IMAP hangs", "Queue full", "Old story", "No level"]
NARROWED = [
    ({"state": "unfinished"}, ["IMAP hangs", "Queue full", "No level"]),
    ({"state": "not_covered"}, ["No level"]),
    ({"state": "new"}, ["IMAP hangs"]),
    ({"whose": "mine"}, ["IMAP hangs", "Queue full", "No level"]),
    ({"whose": "you"}, ["Queue full"]),
    ({"whose": "us"}, ["IMAP hangs"]),
    ({"whose": "late"}, ["IMAP hangs"]),
    ({"licence": "AXI-NORTH"}, ["IMAP hangs"]),
    ({"priority": "4"}, ["No level"]),
    ({"sort": "oldest"}, ALL[::-1]),
    ({"sort": "priority"}, ["IMAP hangs", "Queue full", "Old story", "No level"]),
    ({"sort": "due"}, ["IMAP hangs", "Queue full", "Old story", "No level"]),
    ({"sort": "word"}, ALL),
    ({"q": "-imap", "state": "unfinished"}, ["Queue full", "No level"]),
    # What is none of the choices narrows nothing.
    ({"licence": "NOBODYS", "person": "x", "priority": "9", "sort": "?", "whose": "\0"}, ALL),
    ({"since": "yesterday-ish", "until": "99999-01-01"}, ALL),
    ({"until": "9999-12-31", "since": "0001-01-01"}, ALL),
]


@pytest.mark.parametrize(("query", "expected"), NARROWED)
def test_the_list_is_narrowed_and_ordered(client, four, query, expected):
    assert subjects(client, **query) == expected


def test_days_are_those_of_the_reader(client, contact):
    for hour, subject in ((23, "Before midnight"), (0, "After midnight")):
        at = datetime(2026, 3, 9 + (hour == 0), hour, 30, tzinfo=BUCHAREST)
        make_incident(reporter=contact, subject=subject, received_at=at)

    assert subjects(client, until="2026-03-09") == ["Before midnight"]
    assert subjects(client, since="2026-03-10") == ["After midnight"]


def test_the_list_knows_who_reported(client, four):
    colleague = four["Old story"].reporter

    assert subjects(client, person=str(colleague.pk)) == ["Old story"]


def test_words_are_found_in_messages_but_not_in_notes(client, contact):
    incident = make_incident(reporter=contact, subject="IMAP hangs")
    make_message(incident, body="dovecot: assertion failed", kind=MessageKind.REPORT)
    make_message(incident, body="customer is grumpy", kind=MessageKind.NOTE, author=make_engineer())
    index_owed()

    assert subjects(client, q="dovecot") == ["IMAP hangs"]
    assert subjects(client, q="grumpy") == []


def test_a_number_is_found_however_it_is_written(client, contact):
    incident = make_incident(reporter=contact, subject="IMAP hangs", number="AX-2026-000421")
    make_incident(reporter=contact, subject="Queue full", number="AX-2026-000422")

    for written in (incident.number.lower(), "ax-2026-421", "#421", "number:421"):
        assert subjects(client, q=written) == ["IMAP hangs"], written


def test_nothing_of_another_organisation_is_found_counted_or_offered(client, contact):
    other = make_contact(make_organisation(), name="Stranger")
    make_incident(reporter=other, subject="Their secret", licence=make_licence(other.organisation))

    for query in ({}, {"q": "secret"}, {"person": str(other.pk)}, {"sort": "word"}):
        body = client.get(LIST, query).content.decode()
        assert "Their secret" not in body
        assert "Stranger" not in body
    for kind in ("csv", "xlsx"):
        assert b"Their secret" not in exported(client, kind)


@pytest.mark.parametrize("rows", (1, 3))
def test_a_narrowed_list_costs_the_same_for_any_number_of_rows(client, contact, rows):
    for _ in range(rows):
        one = make_incident(reporter=contact, subject="IMAP", owner=make_engineer())
        make_message(one)
        make_target(one, due_at=timezone.now() + hours(3))

    client.get(LIST)  # calendars are kept

    with asks(11):
        client.get(LIST, {"q": "imap", "whose": "us", "sort": "word", "since": "2020-01-01"})


def test_what_narrows_is_said_and_can_be_left_out_one_by_one(client, four):
    body = client.get(LIST, {"state": "waiting", "q": "queue", "page": "1"}).content.decode()

    assert "State: Waits for you" in body
    assert "Words: queue" in body
    assert 'href="?q=queue"' in body
    assert 'href="?state=waiting"' in body
    assert "Waiting for customer" not in body


def test_pages_keep_what_was_asked(client, contact):
    for n in range(27):
        make_incident(reporter=contact, subject=f"IMAP {n:02d}")

    body = client.get(LIST, {"q": "imap", "sort": "oldest"}).content.decode()

    assert "1 to 25 of 27 incidents" in body
    assert 'href="?q=imap&amp;sort=oldest&amp;page=2"' in body
    assert len(subjects(client, q="imap", sort="oldest", page="2")) == 2


def test_the_last_word_of_a_row_is_never_a_note(client, contact):
    incident = make_incident(reporter=contact)
    at = timezone.now()
    make_message(incident, kind=MessageKind.ANSWER, author=make_engineer(), body="Try this.")
    make_message(
        incident, kind=MessageKind.NOTE, author=make_engineer(), body="Internal.", sent_at=at
    )

    body = client.get(LIST).content.decode()

    assert "Try this." in body
    assert "Internal." not in body


def exported(client, kind: str, **query) -> bytes:
    response = client.get(reverse("tickets:export", args=[kind]), query)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_file_has_what_the_filter_shows_on_all_pages(client, contact):
    for n in range(30):
        make_incident(reporter=contact, subject=f"IMAP {n:02d}")
    make_incident(reporter=contact, subject="Queue full")

    rows = csv_rows(exported(client, "csv", q="imap", sort="oldest"))
    sheet = sheet_of(exported(client, "xlsx", q="imap", sort="oldest"))

    assert [row["Subject"] for row in rows] == [f"IMAP {n:02d}" for n in range(30)]
    assert "IMAP 00" in sheet
    assert "IMAP 29" in sheet
    assert "Queue full" not in sheet


def test_moments_of_the_file_are_those_of_the_reader(client, contact):
    make_incident(reporter=contact, received_at=datetime(2026, 6, 9, 5, 0, tzinfo=UTC))

    (row,) = csv_rows(exported(client, "csv"))

    assert row["Reported"] == "2026-06-09 08:00"
    assert row["State"] == "New"


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://evil.example","x")', "\t=1"]


@pytest.mark.parametrize("typed", FORMULAS)
def test_nothing_that_somebody_typed_is_computed(typed):
    (_, row) = csv.reader(
        io.StringIO(b"".join(csv_pieces(["A"], [[typed]], zone=BUCHAREST)).decode())
    )
    with xlsx_file(["A"], [[typed]], zone=BUCHAREST, title="A") as made:
        sheet = sheet_of(made.read())

    assert row[0] == f"'{typed}"
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower().replace(typed.lower(), "")


def sheet_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = [name for name in book.namelist() if name.endswith((".xml", ".rels"))]
        assert not [name for name in names if "externalLink" in name]
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_a_long_list_is_sent_in_pieces():
    pieces = list(csv_pieces(["A"], ([n] for n in range(1000)), zone=BUCHAREST))

    assert len(pieces) > 4
    assert len(csv_rows(b"".join(pieces))) == 1000


def test_other_kinds_of_files_are_not_there(client, contact):
    assert client.get("/incidents/export.exe").status_code == 404
