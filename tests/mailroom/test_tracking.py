"""What a mail provider reports of our mails, by its signed webhook."""

from __future__ import annotations

import base64
import json

import pytest

from notices.models import BouncingAddress, Notice
from notices.sending.delivery import mark_delivered, send_one
from tests.factories import NINE, hours, make_engineer, make_notice
from tests.tickets.desk import covered, filed, target_of
from tests.tickets.staff_pages import with_tabs
from tickets.actions.conversation import answer
from tickets.models import Incident

pytestmark = pytest.mark.django_db

SECRET = "hook:of-the-desk"
HOOK = "/anymail/postmark/tracking/"


@pytest.fixture(autouse=True)
def configured(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def report(client, secret=SECRET, **event):
    keys = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    body = json.dumps({"MessageID": "pm-1", "Recipient": "nora@x.example"} | event)
    return client.post(HOOK, body, content_type="application/json", headers=keys)


def answered():
    """An answer that was mailed to its reporter through the provider."""
    incident = filed(covered())
    answer(incident, author=make_engineer(), body="Restart it.", at=NINE + hours(1))
    sent = Notice.objects.filter(template="incident_answered")
    sent.update(sent_at=NINE + hours(1), provider_id="pm-1")
    return incident, sent.get()


def delivered(notice, **fields):
    return {
        "RecordType": "Delivery",
        "Recipient": notice.recipient,
        "DeliveredAt": "2026-03-02T10:00:05Z",
        "Details": "250 OK",
    } | fields


def bounced(notice, **fields):
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Email": notice.recipient,
        "Recipient": notice.recipient,
        "BouncedAt": "2026-03-02T10:00:05Z",
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 No such user",
    } | fields


def test_a_delivery_is_shown_on_the_incidents_page(client):
    incident, notice = answered()

    taken = report(client, **delivered(notice))
    report(client, **delivered(notice, DeliveredAt="2026-03-02T11:11:11Z"))

    notice.refresh_from_db()
    assert taken.status_code == 200
    assert notice.delivered_at.isoformat() == "2026-03-02T10:00:05+00:00"
    client.force_login(make_engineer(timezone="UTC"))
    assert "delivered 10:00" in with_tabs(client, incident)


def test_a_return_takes_the_answer_back_as_a_bounce_by_mail_does(client):
    incident, notice = answered()
    assert target_of(incident).met_at

    for _ in range(2):
        assert report(client, **bounced(notice)).status_code == 200

    assert target_of(incident).met_at is None
    assert incident.messages.get(kind="answer").taken_back_at
    assert BouncingAddress.objects.get().address == notice.recipient.lower()
    assert Notice.objects.filter(template="answer_bounced").count() == 1


def test_a_notice_that_is_no_answer_marks_the_address_alone(client):
    notice = make_notice(sent_at=NINE, provider_id="pm-1", template="incident_filed")

    report(client, **bounced(notice))

    notice.refresh_from_db()
    assert notice.bounced_at
    assert not Incident.objects.exclude(messages=None).exists()


@pytest.mark.parametrize(
    "event",
    (
        {"MessageID": "somebody else's"},
        {"MessageID": ""},
        {"RecordType": "Open"},
        {"Recipient": "other@x.example", "Email": "other@x.example"},
    ),
)
def test_what_is_not_about_a_mail_of_ours_changes_nothing(client, event):
    _, notice = answered()

    assert report(client, **bounced(notice) | event).status_code == 200

    notice.refresh_from_db()
    assert notice.bounced_at is None


def test_nobody_reports_without_the_secret(client):
    _, notice = answered()

    assert report(client, secret="hook:guessed", **bounced(notice)).status_code == 403
    notice.refresh_from_db()
    assert notice.bounced_at is None


def test_what_was_not_sent_was_not_delivered():
    notice = make_notice()

    mark_delivered(notice, at=NINE)

    assert Notice.objects.get().delivered_at is None


def test_what_a_provider_calls_the_mail_is_kept(settings):
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    notice = make_notice(template="incident_answered", context={"number": "AX-1", "subject": "x"})

    assert send_one(notice.pk, at=notice.next_at)

    assert Notice.objects.get().provider_id
