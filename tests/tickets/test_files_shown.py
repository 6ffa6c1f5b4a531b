"""Attached files to look at: line by line, as a mail, as a picture; behind the walls, and inert."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.registries import file_readers
from tests.factories import (
    make_attachment,
    make_contact,
    make_engineer,
    make_incident,
    make_message,
)
from tickets.reads.files import MOST_LINES

pytestmark = pytest.mark.django_db

LOG = b"".join(b"line %d\n" % number for number in range(1, 401))
MAIL = b"""From: Nora <nora@example.org>
To: support@example.org
Subject: IMAP stops
Date: Mon, 12 Jan 2026 10:00:00 +0000

<script>alert(1)</script> since ten.
"""


def attached(name, content, content_type="text/plain", **fields):
    message = make_message(make_incident(reporter=make_contact()), **fields)
    return make_attachment(message, name=name, content=content, content_type=content_type)


def view(client, file, person=None, **asked):
    client.force_login(person or file.message.incident.reporter)
    return client.get(reverse("tickets:attachment_page", args=[file.pk]), asked)


def test_a_log_has_numbered_lines_that_can_be_linked(client):
    page = view(client, attached("storage.log", LOG)).content.decode()

    assert '<span id="L318"><a href="#L318"' in page
    assert "line 318\n" in page


def test_a_long_log_has_pages_and_opens_at_the_one_of_the_line(client):
    file = attached("long.log", b"x\n" * (MOST_LINES + 10))

    first, second = view(client, file), view(client, file, **{"from": str(MOST_LINES + 5)})

    assert f'id="L{MOST_LINES + 1}"' not in first.content.decode()
    assert f'id="L{MOST_LINES + 1}"' in second.content.decode()
    assert view(client, file, **{"from": "x" * 99}).status_code == 200


@pytest.mark.parametrize("content", (b"\xff\xfe\x00gr\xfc\xdfe\x00\n", b"", b"\xef\xbb\xbfok"))
def test_odd_bytes_are_shown_as_far_as_they_can_be_read(client, content):
    assert view(client, attached("odd.log", content)).status_code == 200


def test_html_in_a_log_is_text(client):
    page = view(client, attached("x.log", b"<script>alert(1)</script>")).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_a_mail_is_shown_as_a_mail(client):
    page = view(client, attached("it.eml", MAIL, "message/rfc822")).content.decode()

    assert ".eml" in file_readers
    assert "Nora &lt;nora@example.org&gt;" in page
    assert "since ten." in page
    assert "<script>alert(1)" not in page


def test_a_picture_is_a_picture_and_svg_and_html_are_only_ever_downloads(client):
    picture = attached("a.png", b"\x89PNG", "image/png")

    assert f'src="/attachments/{picture.pk}/"' in view(client, picture).content.decode()
    for name, kind in (("a.svg", "image/svg+xml"), ("a.html", "text/html")):
        file = attached(name, b"<svg onload=alert(1)>", kind)
        page = view(client, file).content.decode()
        assert file.view_url == ""
        assert "can only be downloaded" in page
        assert "onload" not in page


def test_a_file_of_a_note_or_of_another_customer_is_not_found(client):
    note = attached("n.log", LOG, kind="note", author=make_engineer())
    theirs = attached("t.log", LOG)

    assert view(client, note).status_code == 404
    assert view(client, theirs, make_contact()).status_code == 404
    assert view(client, note, make_engineer()).status_code == 200


def test_the_conversation_asks_as_much_for_any_number_of_pictures(client):
    file = attached("a.png", b"x", "image/png")
    incident = file.message.incident
    client.force_login(incident.reporter)
    page, costs = reverse("tickets:detail", args=[incident.number]), []
    client.get(page)
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            body = client.get(page).content.decode()
        costs.append(len(asked))
        make_attachment(file.message, name="b.png", content_type="image/png")

    assert costs[0] == costs[1]
    assert "attachment-picture" in body
