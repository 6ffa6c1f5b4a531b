"""What customers do in the portal: file, write, attach, close, reopen."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entitlements.enums import Level
from tests.factories import (
    days,
    hours,
    make_attachment,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_message,
    make_pack,
    make_project,
    make_subscription,
    make_target,
)
from tests.tickets.desk import level_of, target_of
from tickets.enums import MessageKind, State
from tickets.models import Attachment, Incident, Message

pytestmark = pytest.mark.django_db

NEW = "/incidents/new/"


@pytest.fixture
def contact(client):
    """Signed in, with Premium and two Gold incidents."""
    today = timezone.now().date()
    contact = make_contact()
    licence = make_licence(contact.organisation)
    make_subscription(licence, starts_on=date(2026, 1, 1), ends_on=today + days(300))
    make_pack(licence, quantity=2)
    client.force_login(contact)
    return contact


def report(contact, **fields):
    """What the form sends as it is shown, filled in."""
    licence = contact.organisation.licences.get()
    return {
        "key": "one-key",
        "licence": licence.pk,
        "service": "troubleshooting",
        "priority": 2,
        "subject": "IMAP hangs",
        "body": "Since this morning.",
        "version": "10.5",
        "use_gold": "no",
    } | fields


def message(body, key="one-key"):
    """What the form below the conversation sends."""
    return {"key": key, "body": body}


def detail(incident) -> str:
    return reverse("tickets:detail", args=[incident.number])


def key_in(page: str) -> str:
    (key,) = re.findall(r'name="key" value="(\w{32})"', page)
    return str(key)


def test_filing_leads_to_the_incident_with_its_promise(client, contact):
    response = client.post(NEW, report(contact), follow=True)

    incident = Incident.objects.get()
    body = response.content.decode()
    assert response.redirect_chain == [(detail(incident), 302)]
    assert (incident.reporter, incident.channel, incident.priority) == (contact, "portal", 2)
    assert (incident.version, level_of(incident)) == ("10.5", Level.PREMIUM)
    assert "A human answers by" in body
    assert "Premium, 6 hours" in re.sub(r"\s+", " ", body)


def test_the_form_has_a_key_that_files_once(client, contact):
    shown = client.get(NEW).content.decode()
    key = key_in(shown)

    first = client.post(NEW, report(contact, key=key))
    second = client.post(NEW, report(contact, key=key))

    assert (first.status_code, first.url) == (302, second.url)
    assert Incident.objects.count() == 1


def test_the_same_form_with_other_words_is_not_lost_and_files_when_sent_again(client, contact):
    client.post(NEW, report(contact))

    refused = client.post(NEW, report(contact, body="And SMTP, too."))

    shown = refused.content.decode()
    key = key_in(shown)
    again = client.post(NEW, report(contact, body="And SMTP, too.", key=key))
    assert refused.status_code == 422
    assert ("And SMTP, too." in shown, "Send it again" in shown) == (True, True)
    assert (again.status_code, Incident.objects.count()) == (302, 2)


WRONG = [
    ({"body": ""}, "This field is required"),
    ({"body": " \n "}, "This field is required"),
    ({"subject": "x" * 201}, "at most 200 characters"),
    ({"subject": "a\0b"}, "Null characters are not allowed"),
    ({"body": "a\0b"}, "Null characters are not allowed"),
    ({"service": "astrology"}, "Select a valid choice"),
    ({"impact": "9"}, "Select a valid choice"),
    ({"licence": "x\0"}, "Null characters are not allowed"),
    ({"use_gold": "perhaps"}, "Select a valid choice"),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG)
def test_a_wrong_report_is_shown_again_with_what_was_typed(client, contact, wrong, says):
    response = client.post(NEW, report(contact, version="10.5-kept") | wrong)

    body = response.content.decode()
    assert response.status_code == 400
    assert says in body
    assert "10.5-kept" in body
    assert not Incident.objects.exists()


def test_the_licence_of_somebody_else_can_not_be_chosen(client, contact):
    theirs = make_licence()

    response = client.post(NEW, report(contact, licence=theirs.pk))

    assert (response.status_code, Incident.objects.exists()) == (400, False)
    assert theirs.key not in response.content.decode()


def test_gold_is_spent_when_it_is_chosen(client, contact):
    client.post(NEW, report(contact, use_gold="yes"))

    incident = Incident.objects.get()
    assert level_of(incident) == Level.GOLD
    assert contact.organisation.licences.get().incident_packs.get().available == 1


def test_gold_is_not_offered_without_a_pack_nor_a_project_without_one(client, contact):
    with_both = client.get(NEW).content.decode()
    client.force_login(make_contact(make_licence().organisation))

    without = client.get(NEW).content.decode()

    assert "Spend a Gold incident?" in with_both
    assert "Spend a Gold incident?" not in without
    assert "No project" not in without


def test_a_project_can_be_named(client, contact):
    today = timezone.now().date()
    project = make_project(
        contact.organisation, starts_on=today - days(9), ends_on=today + days(90)
    )

    client.post(NEW, report(contact, project=project.pk))

    assert level_of(Incident.objects.get()) == Level.GOLIVE


def test_who_has_no_licence_yet_files_too_and_is_told_that_nothing_covers_it(client):
    client.force_login(make_contact())
    shown = client.get(NEW)

    response = client.post(
        NEW,
        {"key": "k", "service": "migration", "priority": 3, "subject": "Hi", "body": "How?"},
        follow=True,
    )

    assert shown.status_code == 200
    assert Incident.objects.get().decision.level is None
    assert "Nothing covers this incident" in response.content.decode()


def test_a_file_comes_with_the_report_and_is_served_as_a_download(client, contact):
    log = SimpleUploadedFile("imap.log", b"refused\n", "text/html")
    client.post(NEW, report(contact, files=[log]))

    attachment = Attachment.objects.get()
    response = client.get(attachment.get_absolute_url())

    assert b"".join(response.streaming_content) == b"refused\n"
    assert response["Content-Disposition"] == 'attachment; filename="imap.log"'
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ("page.html", "image.svg", "x.xhtml", "run.js", "no-extension"))
def test_what_a_browser_would_run_is_never_served_as_what_it_is(client, contact, name):
    script = SimpleUploadedFile(name, b"<script>alert(1)</script>", "text/html")
    client.post(NEW, report(contact, files=[script]))

    response = client.get(Attachment.objects.get().get_absolute_url())

    assert b"".join(response.streaming_content)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox"


def test_a_file_is_the_organisations_own(client, contact):
    attachment = make_attachment(make_message(make_incident(reporter=contact)))
    hidden = make_attachment(
        make_message(attachment.message.incident, kind=MessageKind.NOTE, author=make_engineer())
    )
    noted = client.get(hidden.get_absolute_url())
    client.force_login(make_contact())
    stranger = client.get(attachment.get_absolute_url())
    client.logout()

    assert (noted.status_code, stranger.status_code) == (404, 404)
    assert client.get(attachment.get_absolute_url()).status_code == 302


def test_a_file_that_is_gone_from_the_store_is_a_404(client, contact):
    attachment = make_attachment(make_message(make_incident(reporter=contact)))
    attachment.file.storage.delete(str(attachment.file.name))

    assert client.get(attachment.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("where", (NEW, "detail"))
def test_an_upload_of_60_mb_is_refused_with_413_and_nothing_is_kept(
    client, contact, where, tmp_path
):
    incident = make_incident(reporter=contact) if where == "detail" else None
    big = SimpleUploadedFile("core.dump", bytes(60 * 2**20))

    response = client.post(
        detail(incident) if incident else where, report(contact, files=[big], version="10.5-kept")
    )

    assert response.status_code == 413
    assert "has 60 MB; a file may have 25 MB" in response.content.decode()
    assert "Since this morning." in response.content.decode()
    assert not Message.objects.exists()
    assert not list(tmp_path.glob("files/**/*"))


def test_an_empty_file_is_named(client, contact):
    response = client.post(NEW, report(contact, files=[SimpleUploadedFile("imap.log", b"")]))

    assert response.status_code == 400
    assert "“imap.log” is empty" in response.content.decode()


def test_a_message_is_added_and_owes_an_answer(client, contact):
    now = timezone.now()
    incident = make_incident(reporter=contact, owner=make_engineer())
    make_target(incident, opened_at=now - hours(2), due_at=now + hours(4), met_at=now - hours(1))

    response = client.post(detail(incident), message("Still broken."), follow=True)

    assert "Your message was added" in response.content.decode()
    assert incident.messages.get().body == "Still broken."
    assert target_of(incident).cycle == 2


@pytest.mark.parametrize("body", ("", " ", "a\0b"))
def test_a_message_without_words_is_refused(client, contact, body):
    response = client.post(detail(make_incident(reporter=contact)), message(body))

    assert (response.status_code, Message.objects.exists()) == (400, False)


def test_a_message_on_what_was_closed_long_ago_becomes_an_incident_that_follows_it(client, contact):
    closed_at = timezone.now() - days(20)
    old = make_incident(
        reporter=contact,
        state=State.CLOSED,
        closed_at=closed_at,
        licence=contact.organisation.licences.get(),
    )

    response = client.post(detail(old), message("It is back."), follow=True)

    fresh = Incident.objects.get(follows=old)
    assert response.redirect_chain == [(f"{detail(fresh)}#newest", 302)]
    assert "your message became this new incident" in response.content.decode()


def test_closing_and_reopening(client, contact):
    incident = make_incident(reporter=contact)
    make_target(incident, opened_at=timezone.now() - hours(1), due_at=timezone.now() + hours(1))

    closing = client.post(reverse("tickets:close", args=[incident.number]), follow=True)
    incident.refresh_from_db()
    closed = incident.state
    opening = client.post(reverse("tickets:reopen", args=[incident.number]), follow=True)

    incident.refresh_from_db()
    assert (closed, incident.state) == (State.CLOSED, State.OPEN)
    assert "is closed" in closing.content.decode()
    assert "is open again" in opening.content.decode()
    assert incident.targets.open().count() == 1


def test_closing_twice_is_refused_in_one_sentence(client, contact):
    incident = make_incident(reporter=contact, state=State.CLOSED)

    response = client.post(reverse("tickets:close", args=[incident.number]))

    assert response.status_code == 409
    assert "is closed already" in response.content.decode()


def test_reopening_what_was_closed_long_ago_says_what_to_do(client, contact):
    incident = make_incident(
        reporter=contact, state=State.CLOSED, closed_at=timezone.now() - days(15)
    )

    response = client.post(reverse("tickets:reopen", args=[incident.number]))

    assert response.status_code == 409
    assert "File a new incident" in response.content.decode()


def test_a_message_needs_the_page_it_was_written_on(contact):
    client = Client(enforce_csrf_checks=True)
    client.force_login(contact)
    incident = make_incident(reporter=contact)

    assert client.post(detail(incident), message("Hello")).status_code == 403
    assert not Message.objects.exists()
