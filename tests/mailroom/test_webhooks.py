"""Mails that providers hand in by HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import pytest

from mailroom import tasks
from mailroom.models import InboundMail
from notices.models import Notice
from tests.factories import make_contact
from tests.mailroom.making import file, mail, multipart, part
from tickets.models import Incident

pytestmark = pytest.mark.django_db

SECRET = "hook:of-the-desk"
ANA = "ana@northwind.example"
POSTMARK = "/anymail/postmark/inbound/"
MAILGUN = "/anymail/mailgun/inbound_mime/"


@pytest.fixture(autouse=True)
def configured(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": "signing"}


def basic(secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}


def postmark(client, raw: bytes, **more):
    event = {
        "FromFull": {"Email": ANA, "Name": "Ana", "MailboxHash": ""},
        "OriginalRecipient": "support@axigen.example",
        "RawEmail": raw.decode(),
        "Headers": [{"Name": "Return-Path", "Value": f"<{ANA}>"}],
    }
    return client.post(POSTMARK, json.dumps(event), content_type="application/json", **more)


def signed(raw: bytes, *, key: str = "signing") -> dict[str, str]:
    stamp, token = str(int(time.time())), "t" * 50
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "timestamp": stamp,
        "token": token,
        "signature": signature,
        "sender": ANA,
        "recipient": "support@axigen.example",
        "body-mime": raw.decode(),
    }


def test_a_providers_mail_is_stored_whole_and_handled_by_a_worker(client):
    make_contact(email=ANA)
    raw = multipart(part("See the logs: ăîș"), file(b"refused\n", "text/plain", "imap.log"))

    answer = postmark(client, raw, headers=basic())
    handled = tasks.handle_mails()

    incident = Incident.objects.get()
    stored = bytes(InboundMail.objects.get().raw)
    assert (answer.status_code, handled) == (200, 1)
    assert stored.startswith(b"Return-Path: <")
    assert raw.replace(b"\r\n", b"\n") in stored.replace(b"\r\n", b"\n")
    assert incident.messages.get().body == "See the logs: ăîș"
    assert [one.name for one in incident.messages.get().attachments.all()] == ["imap.log"]


def test_a_signed_mail_is_taken_and_one_signed_with_another_key_is_not(client):
    taken = client.post(MAILGUN, signed(mail("Hi")), headers=basic())
    refused = client.post(MAILGUN, signed(mail("Hi"), key="guessed"), headers=basic())

    assert (taken.status_code, refused.status_code) == (200, 400)
    assert InboundMail.objects.count() == 1


@pytest.mark.parametrize("headers", ({}, basic("hook:guessed"), {"Authorization": "Bearer x"}))
def test_whoever_does_not_know_the_secret_hands_in_nothing(client, headers):
    assert postmark(client, mail("Hi"), headers=headers).status_code == 403
    assert not InboundMail.objects.exists()


def test_without_a_secret_there_is_no_door(client, settings):
    settings.ANYMAIL = {}

    assert postmark(client, mail("Hi"), headers=basic(":")).status_code == 404
    assert not InboundMail.objects.exists()


def test_a_mail_that_a_provider_delivers_again_is_one_incident(client):
    make_contact(email=ANA)
    for _ in range(2):
        postmark(client, mail("Help"), headers=basic())

    tasks.handle_mails()

    assert (InboundMail.objects.count(), Incident.objects.count()) == (2, 1)


def test_a_mail_above_the_limit_is_kept_by_its_beginning_and_its_sender_told(client, settings):
    settings.MAIL_MAX_BYTES = 300_000
    ana = make_contact(email=ANA)

    answer = postmark(client, mail("x" * 70 + "\r\n" + "y" * 400_000), headers=basic())

    kept = InboundMail.objects.kept_for_a_human().get()
    assert answer.status_code == 200
    assert "is with Postmark" in kept.reason
    assert [one.to for one in Notice.objects.filter(template="mail_too_large")] == [ana]
    assert tasks.handle_mails() == 0
