"""What people typed comes back when their session has ended or their page is too old."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import make_contact, make_incident

pytestmark = pytest.mark.django_db

BODY = "Since this morning every client is refused. " * 5
OURS = {"Origin": "http://testserver", "Accept": "text/html"}


@pytest.fixture
def incident():
    return make_incident(reporter=make_contact())


def test_a_message_of_somebody_who_was_signed_out_comes_back_and_can_be_sent(client, incident):
    where = reverse("tickets:detail", args=[incident.number])
    fields = {"body": BODY, "key": "k-1", "files": SimpleUploadedFile("a.log", b"x")}

    answer = client.post(where, fields, headers=OURS)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "You were signed out" in page
    assert BODY in page
    assert "have to be added again" in page
    client.force_login(incident.reporter)  # in another tab
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    sent = client.post(where, {**again, "body": BODY}, headers=OURS)
    assert sent.status_code == 302
    assert incident.messages.filter(body=BODY.strip()).count() == 1


def test_a_page_that_is_too_old_gives_back_what_was_written(incident):
    client = Client(enforce_csrf_checks=True)
    client.force_login(incident.reporter)
    where = reverse("tickets:detail", args=[incident.number])

    old = client.post(where, {"body": BODY, "csrfmiddlewaretoken": "x" * 64}, headers=OURS)
    page = old.content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    key = {"key": "k-2"}
    sent = client.post(where, {"body": BODY, "csrfmiddlewaretoken": token[0]} | key, headers=OURS)

    assert old.status_code == 403
    assert BODY in page
    assert sent.status_code == 302
    assert incident.messages.filter(body=BODY.strip()).count() == 1


@pytest.mark.parametrize("origin", ("https://elsewhere.example", "null", ""))
def test_a_strangers_page_puts_no_words_into_our_forms(incident, origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(incident.reporter)
    where = reverse("tickets:detail", args=[incident.number])

    answer = client.post(where, {"body": BODY}, headers=OURS | {"Origin": origin})

    assert answer.status_code == 403
    assert BODY not in answer.content.decode()


def test_no_password_comes_back():
    client = Client(enforce_csrf_checks=True)

    page = client.post(
        "/accounts/login/", {"login": "a@b.example", "password": "secret-secret"}, headers=OURS
    )

    assert "secret-secret" not in page.content.decode()


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in(client):
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/incidents/new/?a=1"}

    answer = client.get(reverse("tickets:gold_choice"), headers=here)

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fincidents%2Fnew%2F%3Fa%3D1"


def test_a_form_sent_by_a_part_of_a_page_takes_the_place_of_the_whole(client):
    answer = client.post(
        reverse("tickets:new"), {"body": BODY}, headers=OURS | {"HX-Request": "true"}
    )

    assert (answer.status_code, answer["HX-Retarget"]) == (200, "body")
    assert BODY in answer.content.decode()


def test_a_page_that_is_only_read_leads_to_the_sign_in_as_always(client, incident):
    answer = client.get(reverse("tickets:detail", args=[incident.number]))

    assert answer.status_code == 302


def test_staff_keep_their_text_too(client, incident):
    page = client.post(
        reverse("admin:incident", args=[incident.number]), {"body": BODY}, headers=OURS
    )

    assert page.status_code == 403
    assert BODY in page.content.decode()
