"""The server that mail servers deliver to: a process of its own, spoken to over its socket."""

from __future__ import annotations

import os
import signal
import smtplib
import socket as sockets
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from mailroom import tasks
from mailroom.doors.listening import Listen
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from notices.rules.threads import reply_address
from tests.factories import make_contact
from tests.mailroom.doors import client, lmtp, running
from tests.mailroom.making import delivery_report, mail
from tickets.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)

SUPPORT = "support@axigen.example"
ANA = "ana@northwind.example"


def signed(number: str = "AX-2025-000001") -> str:
    return reply_address(number, secret=settings.SECRET_KEY, domain="axigen.example")


@pytest.fixture(scope="module")
def door(django_db_setup, tmp_path_factory):
    """One server for all tests that need nothing special of it: a start takes a second."""
    with lmtp(tmp_path_factory.mktemp("door"), SECRET_KEY=settings.SECRET_KEY) as socket:
        yield socket


def test_a_mail_is_answered_for_each_recipient_after_it_is_stored_and_a_worker_handles_it(door):
    make_contact(email=ANA)

    with client(door) as line:
        line.ehlo_or_helo_if_needed()
        features = line.esmtp_features
        line.mail(ANA)
        replies = [line.rcpt(one)[0] for one in (SUPPORT, "SUPPORT@Axigen.Example", signed())]
        strangers = [
            line.rcpt(one)
            for one in ("ion@axigen.example", "support+AX-2025-000001.x@axigen.example")
        ]
        line.putcmd("DATA")
        assert line.getreply()[0] == 354
        line.send(mail("Line one\r\n.. dots\r\n") + b"\r\n.\r\n")
        after = [line.getreply() for _ in replies]

    stored = InboundMail.objects.get()
    assert features["size"] == str(settings.MAIL_MAX_BYTES)
    assert "smtputf8" in features
    assert replies == [250, 250, 250]
    assert [code for code, _ in strangers] == [550, 550]
    assert b"no address of this desk" in strangers[0][1]
    assert after == [(250, f"2.0.0 Stored as {stored.pk}".encode())] * 3
    assert bytes(stored.raw).startswith(b"Return-Path: <ana@northwind.example>\r\nDelivered-To: ")
    assert b"\r\nLine one\r\n. dots\r\n" in bytes(stored.raw)
    assert (stored.outcome, tasks.handle_mails()) == (MailOutcome.RECEIVED, 1)
    assert Incident.objects.get().reporter.email == ANA


def test_a_blind_copy_to_a_signed_address_finds_its_incident(door):
    person = make_contact(email=ANA)
    with client(door) as line:
        line.sendmail(ANA, [SUPPORT], mail("It stops."))
    tasks.handle_mails()
    incident = Incident.objects.get(reporter=person)

    with client(door) as line:
        more = mail("More.", Message_ID="<2@northwind.example>", To="undisclosed-recipients:;")
        line.sendmail(ANA, [signed(incident.number)], more)
    tasks.handle_mails()

    assert [one.body for one in incident.messages.order_by("pk")] == ["It stops.", "More."]


def test_a_bounce_comes_with_an_empty_sender_and_opens_nothing(door):
    with client(door) as line:
        line.sendmail("", [SUPPORT], delivery_report((ANA, "failed", "5.1.1")))
    tasks.handle_mails()

    stored = InboundMail.objects.get()
    assert stored.outcome == MailOutcome.AUTOMATIC
    assert bytes(stored.raw).startswith(b"Return-Path: <>\r\n")


def test_addresses_in_unicode_are_taken(door):
    with client(door) as line:
        line.ehlo_or_helo_if_needed()
        line.sendmail("ană@pošta.example", [SUPPORT], mail("Hi"), mail_options=("SMTPUTF8",))

    head = bytes(InboundMail.objects.get().raw).decode()
    assert head.startswith("Return-Path: <ană@pošta.example>")


def test_a_mail_above_the_limit_is_refused_with_a_sentence_announced_or_not(tmp_path):
    with lmtp(tmp_path, MAIL_MAX_BYTES="1048576") as socket, client(socket) as line:
        line.ehlo_or_helo_if_needed()
        announced = line.mail(ANA, [f"SIZE={5 * 2**20}"])
        line.mail(ANA)
        line.rcpt(SUPPORT)
        unannounced = line.data(mail("x\r\n" * 2**20))
        line.rset()
        smaller = line.sendmail(ANA, [SUPPORT], mail("Small enough"))

    sentence = b"up to 1 MB are taken. Send large files by a link."
    assert (announced[0], unannounced[0]) == (552, 552)
    assert sentence in announced[1]
    assert sentence in unannounced[1]
    assert smaller == {}
    assert InboundMail.objects.count() == 1


def test_a_line_of_any_length_comes_through(door):
    body = "x" * 300_000 + "\r\n" + "." * 100_000 + "\r\n"
    with client(door) as line:
        line.sendmail(ANA, [SUPPORT], mail(body))

    assert body.encode() in bytes(InboundMail.objects.get().raw)


def test_without_a_database_the_mail_server_tries_again_later(tmp_path):
    nowhere = f"postgres://axsupport@/{tmp_path}/axsupport".replace("@//", "@/%2F")

    with (
        lmtp(tmp_path, DATABASE_URL=nowhere) as socket,
        client(socket) as line,
        pytest.raises(smtplib.SMTPDataError) as refused,
    ):
        line.sendmail(ANA, [SUPPORT], mail("Help"))

    assert refused.value.smtp_code == 451


def test_a_stop_finishes_the_mail_in_hand_and_takes_nothing_new(tmp_path):
    path = tmp_path / "lmtp.sock"
    with running("lmtpd", "--listen", str(path), until="LMTP on") as process:
        idle, line = client(path), client(path)
        line.ehlo_or_helo_if_needed()
        line.mail(ANA)
        line.rcpt(SUPPORT)
        line.putcmd("DATA")
        line.getreply()
        line.send(b"From: ana@northwind.example\r\n")
        process.send_signal(signal.SIGTERM)
        goodbye = idle.getreply()
        line.send(b"Subject: In hand\r\n\r\nText\r\n.\r\n")
        reply, after = line.getreply(), line.getreply()
        process.wait(30)
        idle.close()
        line.close()

    assert goodbye[0] == 421
    assert (reply[0], after[0]) == (250, 421)
    assert process.returncode == 0
    assert b"In hand" in bytes(InboundMail.objects.get().raw)
    assert not path.exists()


def test_the_answer_waits_for_the_commit(door):
    """A mail that is acknowledged before it is committed is lost when the machine stops."""
    answered = threading.Event()

    def deliver() -> None:
        with client(door) as line:
            line.sendmail(ANA, [SUPPORT], mail("Slowly"))
        answered.set()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tickets_inboundmail IN ACCESS EXCLUSIVE MODE")
        sending = threading.Thread(target=deliver)
        sending.start()
        early = answered.wait(1.0)
    sending.join()

    assert (early, answered.is_set(), InboundMail.objects.count()) == (False, True, 1)


def test_a_sender_that_hangs_up_in_the_middle_leaves_nothing(door):
    line = client(door)
    line.ehlo_or_helo_if_needed()
    line.mail(ANA)
    line.rcpt(SUPPORT)
    line.putcmd("DATA")
    line.getreply()
    line.send(b"Subject: Half of\r\n")
    line.close()

    with client(door) as other:
        other.sendmail(ANA, [SUPPORT], mail("Whole"))

    assert b"Half of" not in bytes(InboundMail.objects.get().raw)


def test_it_speaks_smtp_too():
    with sockets.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with (
        running("lmtpd", "--smtp", "--listen", f"127.0.0.1:{port}", until="SMTP on"),
        smtplib.SMTP("127.0.0.1", port) as line,
    ):
        refused = line.sendmail(ANA, [SUPPORT, "ion@axigen.example"], mail("Hi"))

    assert refused == {
        "ion@axigen.example": (550, b"5.1.1 <ion@axigen.example> is no address of this desk")
    }
    assert InboundMail.objects.count() == 1


def test_a_socket_that_a_killed_server_left_behind_is_replaced(tmp_path):
    path = tmp_path / "lmtp.sock"
    with running("lmtpd", "--listen", str(path), until="LMTP on") as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    left_behind = path.exists()

    with lmtp(tmp_path) as socket, client(socket) as line:
        line.sendmail(ANA, [SUPPORT], mail("Hi"))

    assert left_behind
    assert InboundMail.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    (
        ("127.0.0.1:24", "127.0.0.1:24"),
        ("[::1]:24", "[::1]:24"),
        ("unix:/run/desk/lmtp.sock", "/run/desk/lmtp.sock"),
    ),
)
def test_places_to_listen_on_are_read(text, shown):
    assert str(Listen.read(text)) == shown


@pytest.mark.parametrize("text", ("24", "localhost", "a:b", "host:99999", "::1:24"))
def test_what_is_no_place_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:24"):
        Listen.read(text)


def test_places_are_paths_of_their_own():
    assert Listen.read("/a/b").path == Path("/a/b")
