"""Mailboxes fetched from a real IMAP server: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from mailroom import tasks
from mailroom.actions.mailboxes import GIVE_UP_AFTER, SILENT_AFTER, mailbox_of, note_failing
from mailroom.doors.imap import Fetcher
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail, Mailbox, UnfetchedMail
from mailroom.text.accounts import ImapAccount
from notices.models import Notice
from tests.factories import make_contact, make_engineer, make_manager
from tests.mailroom.doors import eventually, running
from tests.mailroom.dovecot import dovecot
from tests.mailroom.making import mail
from tickets.models import Incident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("imap")]

ANA = "ana@northwind.example"


def letter(n, body="It stops."):
    return mail(body, Subject=f"Letter {n}", Message_ID=f"<{n}@northwind.example>")


@pytest.fixture
def server():
    with dovecot() as started:
        yield started


@pytest.fixture
def fetcher(server, settings):
    account = ImapAccount.read(f"{server.url}?move_to=Stored")
    settings.IMAP_ACCOUNTS = [account]
    return Fetcher(account, threading.Event())


def test_mails_are_stored_then_moved_and_handled_by_a_worker(server, fetcher):
    make_contact(email=ANA)
    for n in range(3):
        server.deliver(letter(n))

    worked = fetcher.once()

    mailbox = Mailbox.objects.get()
    assert worked
    assert (server.count(), server.count("Stored")) == (0, 3)
    assert (mailbox.failing_since, mailbox.name) == (None, fetcher.account.name)
    assert mailbox.last_ok_at is not None
    assert tasks.handle_mails() == 3
    assert Incident.objects.count() == 3
    assert bytes(InboundMail.objects.first().raw) in [letter(n) for n in range(3)]


def test_without_a_folder_to_move_to_mails_are_marked_and_stay_unread(server, settings):
    fetcher = Fetcher(ImapAccount.read(server.url), threading.Event())
    server.deliver(letter(1))

    fetcher.once()
    fetcher.once()

    assert InboundMail.objects.count() == 1
    assert server.count(criteria="UNSEEN") == 1
    assert server.count(criteria="KEYWORD $AxSupportStored") == 1


def test_a_connection_that_breaks_between_storing_and_marking_doubles_nothing(
    server, fetcher, monkeypatch
):
    server.deliver(letter(1))

    def breaks(uid: int) -> None:
        raise ConnectionResetError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(fetcher, "_mark_stored", breaks)
        first = fetcher.once()
    stored = InboundMail.objects.count()
    second = fetcher.once()

    assert (first, second) == (False, True)
    assert (stored, InboundMail.objects.count(), server.count()) == (1, 1, 0)
    assert Mailbox.objects.get().failing_since is None


def test_new_numbers_of_the_server_double_nothing(server, settings):
    """UIDVALIDITY changes, for example after a restore: every old number is meaningless."""
    fetcher = Fetcher(ImapAccount.read(server.url), threading.Event())
    server.deliver(letter(1))
    fetcher.once()
    before = Mailbox.objects.get().uid_validity
    time.sleep(1.1)  # the server's new number is the second of its making

    for one in (server.folder / "mail").glob("dovecot*"):
        one.unlink()  # its index and its keywords
    server.deliver(letter(2))
    worked = fetcher.once()

    assert worked
    assert Mailbox.objects.get().uid_validity != before
    assert InboundMail.objects.count() == 2


def test_the_same_mail_delivered_twice_is_one_incident(server, fetcher):
    make_contact(email=ANA)
    server.deliver(b"Received: by one.example\r\n" + letter(1))
    server.deliver(b"Received: by two.example\r\n" + letter(1))

    fetcher.once()
    tasks.handle_mails()

    outcomes = set(InboundMail.objects.values_list("outcome", flat=True))
    assert outcomes == {MailOutcome.INCIDENT, MailOutcome.DUPLICATE}
    assert Incident.objects.count() == 1


def test_a_mail_that_can_not_be_read_does_not_stop_the_others_and_is_told_once(server, fetcher):
    lead = make_engineer(is_lead=True)
    for n in range(2):
        server.deliver(letter(n))
    bad = sorted((server.folder / "mail" / "new").glob("*")) or sorted(
        (server.folder / "mail" / "cur").glob("*")
    )
    bad[0].chmod(0)  # the server shows it, and can not give it

    for _ in range(GIVE_UP_AFTER + 2):
        fetcher.once()

    trouble = UnfetchedMail.objects.get()
    assert InboundMail.objects.count() == 1
    assert (trouble.attempts, server.count()) == (GIVE_UP_AFTER, 1)
    assert [one.to for one in Notice.objects.filter(template="mail_unfetched")] == [lead]

    bad[0].chmod(0o644)
    UnfetchedMail.objects.update(tried_at=timezone.now() - timedelta(days=2))
    fetcher.once()

    assert (InboundMail.objects.count(), UnfetchedMail.objects.count()) == (2, 0)


def test_a_mail_above_the_limit_is_kept_by_its_beginning_and_its_sender_told_once(
    server, fetcher, settings
):
    settings.MAIL_MAX_BYTES = 2**20
    ana = make_contact(email=ANA)
    for n in range(2):
        server.deliver(letter(n, "x" * 70 + "\r\n") + b"y" * (2 * 2**20))
    server.deliver(mail("z" * (2 * 2**20), sender="no-reply@northwind.example"))

    fetcher.once()

    kept = InboundMail.objects.kept_for_a_human().filter(sender=ANA)
    assert [one.size > 2**21 for one in kept] == [True, True]
    assert "up to 1 MB are taken" in kept[0].reason
    assert [one.to for one in Notice.objects.filter(template="mail_too_large")] == [ana]
    assert server.count("Stored") == 3


def test_a_server_that_is_away_is_noted_since_when_and_told_to_the_managers_once(
    server, fetcher, settings
):
    manager = make_manager()
    fetcher.once()
    server.stop()

    failed = [fetcher.once(), fetcher.once()]
    since = Mailbox.objects.get().failing_since
    early = tasks.watch_mailboxes()
    Mailbox.objects.update(last_ok_at=timezone.now() - SILENT_AFTER)
    told = [tasks.watch_mailboxes(), tasks.watch_mailboxes()]
    server.start()
    worked = fetcher.once()

    mailbox = Mailbox.objects.get()
    assert (failed, early, told, worked) == ([False, False], 0, [1, 0], True)
    assert since is not None
    assert (mailbox.failing_since, mailbox.last_error, mailbox.told_at) == (None, "", None)
    assert [one.to for one in Notice.objects.filter(template="mailbox_silent")] == [manager]


def test_a_process_that_does_not_run_is_told_as_well(fetcher):
    make_manager()
    Mailbox.objects.create(name=fetcher.account.name, made_at=timezone.now() - SILENT_AFTER)

    assert tasks.watch_mailboxes() == 1
    assert tasks.watch_mailboxes() == 0


def test_a_mailbox_that_is_no_longer_configured_is_silent(settings):
    settings.IMAP_ACCOUNTS = []
    make_manager()
    gone = mailbox_of("old@example.com/INBOX", at=timezone.now() - timedelta(days=9))
    note_failing(gone, "x", at=timezone.now() - timedelta(days=8))

    assert tasks.watch_mailboxes() == 0


def test_a_wrong_password_is_trouble_that_does_not_show_the_password(server, settings):
    url = server.url.replace("p%40ss-word", "wrong-secret")
    fetcher = Fetcher(ImapAccount.read(url), threading.Event())

    assert not fetcher.once()

    assert "Authentication failed" in Mailbox.objects.get().last_error
    assert "wrong-secret" not in Mailbox.objects.get().last_error + repr(fetcher.account)


def test_idle_brings_a_mail_at_once_and_a_stop_is_prompt(server):
    with running("imapd", until="fetching from", IMAP_URL=server.url, IMAP_SECONDS="50") as process:
        assert eventually(lambda: Mailbox.objects.filter(last_ok_at__isnull=False).exists())
        server.deliver(letter(1))
        began = time.monotonic()
        assert eventually(InboundMail.objects.exists)
        took = time.monotonic() - began
        process.send_signal(signal.SIGTERM)
        code = process.wait(15)

    assert took < 10
    assert code == 0


def test_a_server_without_idle_is_asked_again_and_again():
    with (
        dovecot(capability="IMAP4rev1 LITERAL+ UIDPLUS MOVE") as server,
        running("imapd", until="fetching from", IMAP_URL=server.url, IMAP_SECONDS="0.5"),
    ):
        server.deliver(letter(1))
        assert eventually(InboundMail.objects.exists)


def _has_stored(so_many: int) -> bool:
    return InboundMail.objects.count() >= so_many


def test_a_killed_fetcher_loses_and_doubles_nothing(server):
    for n in range(40):
        server.deliver(letter(n))
    url = f"{server.url}?move_to=Stored"
    for so_many in (5, 17, 31):
        with running("imapd", until="fetching from", IMAP_URL=url) as process:
            assert eventually(partial(_has_stored, so_many))
            os.kill(process.pid, signal.SIGKILL)
            process.wait(15)
    cut_off = server.count()
    with running("imapd", until="fetching from", IMAP_URL=url):
        eventually(lambda: not server.count())

    assert cut_off > 0
    assert InboundMail.objects.count() == 40
    assert server.count("Stored") >= 40  # a move that was cut off may leave its copy


@pytest.mark.parametrize(
    ("url", "shown"),
    (
        ("imaps://a%40b.example:p%40w@imap.example", "a@b.example@imap.example/INBOX"),
        ("imap+starttls://ana:x@h:1143/Desk%20in?move_to=Old", "ana@h/Desk in"),
    ),
)
def test_addresses_of_mailboxes_are_read(url, shown):
    account = ImapAccount.read(url)

    assert account.name == shown
    assert account.port in (993, 1143)


@pytest.mark.parametrize("url", ("https://a@b", "imaps://host", "imaps://a:secret@host:port", "x"))
def test_what_is_no_mailbox_is_refused_with_an_example_and_without_the_password(url):
    with pytest.raises(ValueError, match="IMAP_URL is no address") as refused:
        ImapAccount.read(url)

    assert "secret" not in str(refused.value)


def test_the_watchdog_and_the_figures_show_since_when_a_mailbox_is_not_fetched(client, settings):
    account = ImapAccount.read("imaps://support:x@imap.example.com")
    settings.IMAP_ACCOUNTS = [account]
    mailbox = mailbox_of(account.name, at=timezone.now())
    note_failing(mailbox, "ConnectionRefusedError: no", at=timezone.now())
    client.force_login(make_manager())

    shown = client.get("/admin/watchdog/").content.decode()
    figures = client.get("/metrics").content.decode()

    assert "Fetching stopped</strong> since" in shown
    assert "ConnectionRefusedError" in shown
    assert f'axsupport_mailbox_failing{{mailbox="{account.name}"}} 1.0' in figures
