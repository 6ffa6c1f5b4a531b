"""Calls: owed like mails, placed once by the worker, again after a failure; numbers are checked."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings as desk_settings
from django.db import IntegrityError, transaction

from core import rls
from notices.enums import Way
from notices.models import Notice
from notices.sending.calling import Call, CallFailed, number_of, place
from notices.sending.delivery import send_one
from tests.at_once import at_once
from tests.factories import NINE, hours, make_engineer, make_incident, make_notice

pytestmark = pytest.mark.django_db

NUMBER = "+40215550100"
CALL = Call("notice.1", NUMBER, "Ana", "The response target is breached.", "http://desk.example/1")


def make_call(**fields: Any) -> Notice:
    to = fields.pop("to", None) or make_engineer(phone="+40 21 555 0100", name="Ana Pop")
    return make_notice(
        to=to,
        way=Way.CALL,
        template="response_target_call",
        context={"number": "AX-2026-000001", "subject": "IMAP", "url": "http://desk.example/1"},
        **fields,
    )


class Bridge:
    """A telephone bridge on the loopback; it answers with `status`."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []
        self.status = 202


@pytest.fixture
def bridge(settings: Any) -> Iterator[Bridge]:
    found = Bridge()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.asked.append((dict(self.headers), json.loads(body)))
            self.send_response(found.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.CALL_BACKEND = "notices.sending.calling.WebhookBackend"
    settings.CALL_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/calls"
    settings.CALL_WEBHOOK_TOKEN = "secret"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_call_is_logged_with_its_number_and_words_and_noted_as_placed(caplog):
    notice = make_call()

    placed = [send_one(notice.pk, at=NINE), send_one(notice.pk, at=NINE)]

    notice.refresh_from_db()
    assert (placed, notice.sent_at) == ([True, False], NINE)
    said = [record.message for record in caplog.records if NUMBER in record.getMessage()]
    assert len(said) == 1
    assert "The response target of incident AX-2026-000001 is breached" in said[0]


def test_a_bridge_is_asked_with_key_and_token(bridge):
    notice = make_call()

    assert send_one(notice.pk, at=NINE)

    ((headers, body),) = bridge.asked
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"] == body["key"] == f"notice.{notice.pk}"
    assert (body["number"], body["name"]) == (NUMBER, "Ana Pop")
    assert body["url"] == "http://desk.example/1"


@pytest.mark.parametrize("status", (302, 404, 500))
def test_a_bridge_that_refuses_is_asked_again_later_and_that_is_shown(bridge, status):
    notice = make_call(about=make_incident())
    bridge.status = status

    refused = send_one(notice.pk, at=NINE)
    too_early = send_one(notice.pk, at=NINE + hours(0.01))
    notice.refresh_from_db()
    bridge.status = 200
    later = send_one(notice.pk, at=NINE + hours(1))

    assert (refused, too_early, later) == (False, False, True)
    assert f"HTTP Error {status}" in notice.last_error
    assert len({headers["Idempotency-Key"] for headers, _ in bridge.asked}) == 1


def test_no_bridge_at_all_is_a_failure_like_any_other(settings):
    settings.CALL_BACKEND = "notices.sending.calling.WebhookBackend"
    settings.CALL_WEBHOOK_URL = "http://127.0.0.1:1/"

    with pytest.raises(CallFailed, match="did not take the call"):
        place(CALL)


def test_whose_number_was_lost_since_is_not_called(caplog):
    notice = make_call(to=make_engineer(phone="unknown"))

    assert not send_one(notice.pk, at=NINE)

    notice.refresh_from_db()
    assert "no telephone number that can be called" in notice.last_error


@pytest.mark.parametrize(
    ("phone", "number"),
    (
        ("+40 21 555 0100", NUMBER),
        ("+40 (21) 555-0100", NUMBER),
        ("021 555 0100", ""),  # of which country?
        ("+40 21 555", ""),
        ("+999 123456789", ""),
        ("", ""),
        ("112", ""),
    ),
)
def test_a_number_needs_its_country_and_a_range_of_it(phone, number):
    assert number_of(make_engineer(phone=phone)) == number


def test_the_database_refuses_to_call_an_address():
    with pytest.raises(IntegrityError, match="notice_calls_a_person"), transaction.atomic():
        make_notice(to=None, address="a@b.example", way=Way.CALL)


class DiesBefore:
    """A worker that is killed between the claim and the call."""

    def place(self, call: Call) -> None:
        os._exit(9)


def _send(notice: int, backend: str, number: int) -> bool:
    desk_settings.CALL_BACKEND = backend
    with rls.everything():
        return send_one(notice, at=NINE)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_between_claim_and_call_leaves_the_call_owed_and_it_is_placed_once():
    notice = make_call()

    with pytest.raises(BrokenProcessPool):
        at_once(partial(_send, notice.pk, "tests.notices.test_calling.DiesBefore"), 1)
    owed = Notice.objects.owed(NINE).count()
    placed = at_once(partial(_send, notice.pk, "notices.sending.calling.LogBackend"), 4)

    assert owed == 1
    assert sorted(placed) == [False, False, False, True]
