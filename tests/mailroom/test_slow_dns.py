"""A slow name server holds no connection of the database: the DNS is asked before a transaction."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rrset
import pytest
from django.db import connection

from core import rls
from mailroom import tasks
from mailroom.actions import intake
from mailroom.models import InboundMail
from tests.factories import NINE, make_contact
from tests.mailroom.arriving import ANA
from tests.mailroom.making import mail
from tests.mailroom.test_authentication import ANAS, RECORD, signed
from tests.tickets.desk import covered

SLOW = 1.5  # seconds, within which the test looks at the database
# Others that have a transaction open: at work, or idle within it.
BUSY = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND backend_type = 'client backend' AND xact_start IS NOT NULL
"""


class Slow(socketserver.BaseRequestHandler):
    asked = threading.Event()

    def handle(self) -> None:
        data, line = self.request
        question = dns.message.from_wire(data)
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        name = question.question[0].name
        pieces = " ".join(f'"{RECORD[at : at + 200]}"' for at in range(0, len(RECORD), 200))
        reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", pieces))
        self.asked.set()
        time.sleep(SLOW)
        line.sendto(reply.to_wire(), self.client_address)


@pytest.fixture
def slow_names(settings) -> Iterator[None]:
    Slow.asked.clear()
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.MAIL_DNS_SERVER = f"127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


def sweep() -> None:
    try:
        tasks.handle_mails()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_while_the_dns_is_asked_no_transaction_is_open(slow_names):
    make_contact(covered().organisation, email=ANA)
    with rls.everything():
        stored = intake.store(signed(mail("Help")), at=NINE, wakes=False)
    worker = threading.Thread(target=sweep)

    worker.start()
    assert Slow.asked.wait(20)
    time.sleep(0.2)
    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        busy = cursor.fetchone()[0]
    worker.join(20)

    with rls.everything():
        stored = InboundMail.objects.get(pk=stored.pk)
    assert busy == 0
    assert (stored.proof, ANAS in stored.proof_why) == ("proven", True)
    assert stored.incident is not None


@pytest.mark.django_db
def test_what_is_handled_or_in_hand_is_not_asked_about(monkeypatch):
    asked: list[bytes] = []
    monkeypatch.setattr(intake, "_look", lambda raw: asked.append(raw))
    stored = intake.store(mail("Help"), at=NINE, wakes=False)
    InboundMail.objects.filter(pk=stored.pk).update(handled_at=NINE)

    assert intake.look_at(stored.pk) is None
    assert intake.look_at(0) is None
    assert asked == []


@pytest.mark.django_db
def test_a_reading_that_breaks_stops_no_mail_behind_it(monkeypatch):
    make_contact(covered().organisation, email=ANA)
    first, second = (
        intake.store(mail("Help", Message_ID=f"<{n}@x.example>"), at=NINE, wakes=False)
        for n in range(2)
    )
    look_at = intake.look_at

    def breaks(pk: int) -> object:
        if pk == first.pk:
            raise ValueError("odd")
        return look_at(pk)

    monkeypatch.setattr(tasks, "look_at", breaks)

    assert tasks.handle_mails() == 2
    assert InboundMail.objects.filter(outcome="incident").count() == 2
    assert second.pk > first.pk
