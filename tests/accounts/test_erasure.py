"""F2: somebody is erased; figures, sums and the shape of talks stay, and nobody is named."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.actions.erasing import erase, go_on
from accounts.actions.exporting import export
from accounts.errors import AlreadyErased, LastManager, NotYourPeople, NotYourself
from accounts.models import ApiToken, Erasure, Invitation, Person, SignIn
from accounts.tasks import erase_owed
from core import keeper
from core.asking import answering
from core.journal import entries_of, record
from core.models import JournalEntry, Tombstone
from core.tasks import index_owed
from entitlements.models import LedgerEntry
from mailroom.models import InboundMail
from notices.models import Notice
from reports.actions.drafting import draft
from reports.actions.issuing import issue
from reports.reads.content import content_of
from reports.rules.content import ReportContent, checksum
from reports.rules.months import Month
from tests import factories as make
from tests.factories import NINE, days
from tests.reports.pdf.test_service_report import text_of
from tickets.enums import MessageKind
from tickets.models import Attachment, Incident, Message

pytestmark = pytest.mark.django_db

MONTH = Month(NINE.year, NINE.month)
LATER = NINE + days(40)
NAME, LAST, ADDRESS, NUMBER = "Zoltan Quuxworth", "Quuxworth", "zoltan@quux.example", "+40215550777"
TEXT_COLUMNS = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
     WHERE table_schema = current_schema()
       AND data_type IN ('text', 'character varying', 'jsonb', 'bytea', 'inet', 'ARRAY', 'tsvector')
"""


def places_of(*words: str) -> set[str]:
    """Where any of the words stands: a search over every text column of the database."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(TEXT_COLUMNS)
        for table, column, kind in cursor.fetchall():
            text = f"encode({column}, 'escape')" if kind == "bytea" else f'"{column}"::text'
            for word in words:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" WHERE {text} ILIKE %s', [f"%{word}%"]
                )
                if cursor.fetchone()[0]:
                    found.add(f"{table}.{column}")
    return found


def mail_of(sender: str, body: str) -> bytes:
    packed = base64.encodebytes(body.encode()).decode()
    return (
        f"From: {sender}\nTo: support@desk.example\nSubject: Help\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{packed}"
    ).encode()


@pytest.fixture
def manager() -> Person:
    return make.make_manager()


@pytest.fixture
def zoltan() -> Person:
    organisation = make.make_organisation(timezone="UTC")
    make.make_tam(organisation)
    return make.make_contact(organisation, name=NAME, email=ADDRESS, phone=NUMBER)


def _what_the_account_holds(zoltan: Person) -> None:
    make.make_sign_in(zoltan, address="203.0.113.77")
    make.make_token(zoltan)
    make.make_passkey(zoltan)
    make.make_choices(zoltan)
    make.make_quiet_hours(zoltan)
    make.make_bouncing(zoltan)
    make.make_phone_number(zoltan)


@pytest.fixture
def incident(zoltan: Person, manager: Person) -> Incident:
    """All that is there of somebody after a month: talk, mails, a ledger, a report."""
    organisation = zoltan.organisation
    assert organisation is not None
    licence = make.make_licence(organisation)
    make.make_subscription(licence)
    pack = make.make_pack(licence)
    made = make.make_incident(
        organisation=organisation,
        reporter=zoltan,
        licence=licence,
        subject=f"{NAME} waits",
    )
    first = make.make_message(made, author=zoltan, body=f"Hello, {NAME} here ({ADDRESS}).")
    make.make_attachment(first, name=f"{LAST}.log", content=f"user={ADDRESS}".encode())
    engineer = make.make_engineer()
    make.make_message(
        made,
        kind=MessageKind.ANSWER,
        author=engineer,
        body=f"Dear Mr {LAST}, hello Zoltan!",
        sent_at=NINE + timedelta(hours=1),
    )
    make.make_target(made, met_at=NINE + timedelta(hours=1), met_by=engineer)
    make.make_mail(
        organisation=organisation,
        incident=made,
        became=first,
        outcome="incident",
        sender=ADDRESS,
        subject=f"From {NAME}",
        raw=mail_of(f"{NAME} <{ADDRESS}>", f"I am {NAME}"),
    )
    make.make_mail(
        organisation=organisation,
        outcome="dismissed",
        sender="boss@quux2.example",
        raw=mail_of("boss@quux2.example", f"Ask {NAME} about it"),
    )
    make.make_ledger_entry(pack, reason=f"asked by {NAME}", by=zoltan)
    record("test.told", made, at=NINE, by=zoltan, note=f"told by {NAME} <{ADDRESS}>")
    before = {"name": "Zoltan Oldname"}
    record("person.profile", zoltan, at=NINE, by=zoltan, changed=["name"], before=before)
    with answering("203.0.113.77", "abc123"):
        record("signin.done", zoltan, at=NINE, by=zoltan, method="password")
    make.make_notice(to=zoltan, about=made, context={"text": f"Dear {NAME}"}, sent_at=NINE)
    make.make_notice(to=None, address=ADDRESS, about=made, context={}, sent_at=NINE)
    _what_the_account_holds(zoltan)
    make.make_call_back(zoltan, topic=f"{NAME} wants to talk", incident=made)
    make.make_call(made, contact=zoltan)
    make.make_participant(made, person=zoltan)
    make.make_invitation(organisation=organisation, email=ADDRESS, name=NAME)
    issue(draft(organisation, MONTH, at=LATER), by=manager, at=LATER)
    index_owed()
    return made


@pytest.fixture
def stranger() -> Incident:
    """Somebody elsewhere, whose rows never move."""
    other = make.make_contact(name="Zoltana Quux", email="zoltana@quux.example.org")
    made = make.make_incident(organisation=other.organisation, reporter=other, subject="Mine")
    make.make_message(made, author=other, body="Hello Zoltan, and zoltana@quux.example.org")
    return made


def shape(incident: Incident) -> list[tuple[Any, ...]]:
    found = incident.messages.order_by("pk")
    return [
        (one.pk, one.kind, one.channel, one.author_id, one.sent_at, one.attachments.count())
        for one in found
    ]


def figures(incident: Incident) -> dict[str, Any]:
    content = content_of(incident.organisation, MONTH, at=LATER)
    return {
        "counts": content.counts,
        "first answer": content.first_answer,
        "solving": content.solving,
        "gold": content.gold,
        "weeks": content.weeks,
    }


def ledger(incident: Incident) -> list[tuple[Any, ...]]:
    rows = LedgerEntry.objects.filter(organisation=incident.organisation).order_by("pk")
    return list(rows.values_list("pk", "kind", "debit", "credit", "quantity", "balance", "by"))


def snapshot(incident: Incident) -> list[Any]:
    rows = Message.objects.filter(organisation=incident.organisation).values_list()
    return [list(rows), list(Person.objects.filter(organisation=incident.organisation).values())]


def erase_whole(person: Person, manager: Person, *, with_texts: bool = False) -> Erasure:
    made = erase(person, with_texts=with_texts, by=manager, at=LATER)
    erase_owed()
    index_owed()
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("with_texts", (False, True))
def test_nobody_is_named_any_more_and_everything_counts_the_same(
    zoltan, incident, stranger, manager, with_texts, django_capture_on_commit_callbacks
):
    before = shape(incident), figures(incident), ledger(incident), snapshot(stranger)
    indexed = {"core_searchdocument.vector", "core_searchword.word"}
    assert places_of(LAST, ADDRESS) > indexed

    with django_capture_on_commit_callbacks(execute=True):
        made = erase_whole(zoltan, manager, with_texts=with_texts)

    assert made.done_at is not None
    assert places_of(LAST, ADDRESS, "Oldname", NUMBER, "203.0.113.77") == set()
    assert (shape(incident), figures(incident), ledger(incident), snapshot(stranger)) == before
    body = Message.objects.filter(incident=incident).order_by("pk").first().body
    assert body == ("[erased]" if with_texts else "Hello, [erased] here ([erased]).")
    file = Attachment.objects.get(message__incident=incident)
    with file.file.open() as opened:
        kept = opened.read()
    assert kept.startswith(b"The person who sent" if with_texts else b"user=[erased]")


def test_the_account_is_nobody_s_at_once(zoltan, incident, manager):
    erase(zoltan, with_texts=False, by=manager, at=LATER)

    zoltan.refresh_from_db()
    assert (zoltan.name, zoltan.is_active, zoltan.phone) == (
        f"Erased person {zoltan.pk}",
        False,
        "",
    )
    assert not zoltan.has_usable_password()
    assert [model.objects.filter(person=zoltan).count() for model in (SignIn, ApiToken)] == [0, 0]
    assert not Invitation.objects.filter(email=ADDRESS).exists()
    assert not Session.objects.exists()
    assert zoltan.authenticator_set.count() == 0


def test_the_issued_report_is_the_same_but_for_the_name(zoltan, incident, manager):
    report = zoltan.organisation.service_reports.get()
    before = ReportContent.from_json(report.content)
    assert NAME in text_of(bytes(report.document.pdf))

    erase_whole(zoltan, manager)

    report = zoltan.organisation.service_reports.get()
    after = ReportContent.from_json(report.content)
    assert (after.counts, after.gold, after.first_answer) == (
        before.counts,
        before.gold,
        before.first_answer,
    )
    assert report.checksum == checksum(after)
    said = text_of(bytes(report.document.pdf))
    assert LAST not in said
    assert "[erased]" in said


def test_mails_that_name_them_lose_their_original_and_others_keep_it(zoltan, incident, manager):
    kept = make.make_mail(organisation=zoltan.organisation, raw=b"From: x@y.example\n\nHello\n")

    erase_whole(zoltan, manager)

    left = InboundMail.objects.filter(organisation=zoltan.organisation, raw_gone_at=None)
    assert list(left) == [kept]
    gone = InboundMail.objects.filter(raw_gone_at__isnull=False)
    assert [bytes(one.raw) for one in gone] == [b"", b""]


def test_it_is_noted_and_leaves_tombstones(zoltan, incident, manager):
    erase_whole(zoltan, manager)

    kinds = set(Tombstone.objects.values_list("kind", flat=True))
    assert kinds == {"person.erased", "journal.person", "ledger.person"}
    assert set(Tombstone.objects.values_list("by", flat=True)) == {manager.pk}
    assert keeper.broken_at() is None
    (noted,) = entries_of(zoltan).filter(kind="person.erased")
    assert (noted.by, noted.is_security) == (manager, True)


def test_a_namesake_elsewhere_keeps_the_name(zoltan, incident, manager):
    other = make.make_contact(name=NAME, email="other@elsewhere.example")
    theirs = make.make_incident(organisation=other.organisation, reporter=other)
    message = make.make_message(theirs, author=other, body=f"{NAME} again")

    erase_whole(zoltan, manager)

    other.refresh_from_db()
    message.refresh_from_db()
    assert (other.name, message.body) == (NAME, f"{NAME} again")
    assert places_of(ADDRESS) == set()
    assert NAME not in "".join(
        Message.objects.filter(incident=incident).values_list("body", flat=True)
    )


def test_it_goes_on_where_it_was_interrupted(zoltan, incident, manager, monkeypatch):
    monkeypatch.setattr("accounts.actions.blotting.BATCH", 1)
    made = erase(zoltan, with_texts=False, by=manager, at=LATER)
    steps = 0
    while go_on(made.pk, at=LATER):
        steps += 1
        assert steps < 2000
    assert steps > 30
    assert go_on(made.pk, at=LATER) is False
    index_owed()
    assert places_of(LAST, ADDRESS) == set()


def test_without_the_keeper_nothing_begins(zoltan, manager, monkeypatch):
    monkeypatch.setattr("core.keeper.missing", lambda: "the role is missing.")

    with pytest.raises(keeper.NoKeeper, match="the role is missing"):
        erase(zoltan, with_texts=False, by=manager, at=LATER)

    zoltan.refresh_from_db()
    assert zoltan.name == NAME


def test_who_may_and_who_may_not(zoltan, manager):
    for other in (
        make.make_admin_contact(zoltan.organisation),
        make.make_tam(),
        make.make_engineer(),
    ):
        with pytest.raises(NotYourPeople):
            erase(zoltan, with_texts=False, by=other, at=LATER)
        with pytest.raises(NotYourPeople):
            export(zoltan, by=other, at=LATER)
    with pytest.raises(NotYourself):
        erase(manager, with_texts=False, by=manager, at=LATER)
    erase(zoltan, with_texts=False, by=manager, at=LATER)
    with pytest.raises(AlreadyErased):
        erase(zoltan, with_texts=False, by=manager, at=LATER)


def test_the_last_manager_stays(manager):
    other = make.make_manager(is_active=False)

    with pytest.raises(LastManager):
        erase(manager, with_texts=False, by=other, at=LATER)


def unpacked(pieces) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def rows_in(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(name).decode().splitlines()]


def test_the_export_holds_what_the_desk_holds(zoltan, incident, stranger, manager):
    archive = unpacked(export(zoltan, by=manager, at=LATER))

    assert archive.testzip() is None
    (account,) = rows_in(archive, "accounts/person.jsonl")
    assert (account["email"], account["phone"]) == (ADDRESS, NUMBER)
    assert "password" not in account
    (message,) = rows_in(archive, "tickets/message.jsonl")
    assert NAME in message["body"]
    names = archive.namelist()
    (file,) = [one for one in names if one.startswith("tickets/attachment/")]
    assert archive.read(file) == f"user={ADDRESS}".encode()
    (mail,) = [one for one in names if one.endswith(".eml")]
    assert b"base64" in archive.read(mail)
    everything = b"".join(archive.read(one) for one in names)
    assert b"Zoltana" not in everything
    assert b'"digest"' not in everything
    assert JournalEntry.objects.get(kind="export").by == manager


def test_the_export_reads_batch_by_batch(zoltan, incident, manager, monkeypatch):
    monkeypatch.setattr("accounts.actions.exporting.ROWS", 2)
    for n in range(5):
        make.make_message(incident, author=zoltan, body=f"number {n}")

    archive = unpacked(export(zoltan, by=manager, at=LATER))

    files = [one for one in archive.namelist() if one.startswith("tickets/message")]
    assert sum(len(rows_in(archive, one)) for one in files) == 6


@pytest.fixture
def page(client: Client, manager: Person, settings: Any) -> Client:
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(manager)
    return client


def test_the_page_says_before_what_would_go(page, zoltan, incident):
    said = page.get(reverse("admin:privacy_person", args=[zoltan.pk])).content.decode()

    assert "Messages that they wrote" in said
    assert "Second factors" in said
    assert NINE.strftime("%-d %b %Y") in said


def test_a_manager_exports_from_the_page_and_a_get_gives_nothing(page, zoltan, incident):
    url = reverse("admin:privacy_export", args=[zoltan.pk])

    assert page.get(url).status_code == 405
    answer = page.post(url)

    assert answer["Content-Type"] == "application/zip"
    assert unpacked(answer.streaming_content).testzip() is None
    assert JournalEntry.objects.filter(kind="export", is_security=True).count() == 1


def test_nothing_is_erased_before_the_address_is_written(page, zoltan):
    url = reverse("admin:privacy_erase", args=[zoltan.pk])

    page.post(url, {"sure": "yes"})
    zoltan.refresh_from_db()
    assert zoltan.erased_at is None

    page.post(url, {"sure": ADDRESS.upper()})
    zoltan.refresh_from_db()
    assert zoltan.erased_at is not None
    said = page.get(reverse("admin:privacy")).content.decode()
    assert f"Erased person {zoltan.pk}" in said


@pytest.mark.parametrize("make_person", (make.make_engineer, make.make_tam, make.make_contact))
def test_for_everybody_else_there_is_no_such_page(client, zoltan, make_person, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(make_person())

    for name, args in (("privacy", []), ("privacy_person", [zoltan.pk])):
        assert client.get(reverse(f"admin:{name}", args=args)).status_code == 404
    for name in ("privacy_export", "privacy_erase"):
        assert client.post(reverse(f"admin:{name}", args=[zoltan.pk])).status_code == 404
    assert not Notice.objects.filter(key__startswith="export").exists()


def test_a_mail_that_search_reads_is_blotted_whatever_it_is_called(
    zoltan, incident, manager, django_capture_on_commit_callbacks
):
    sent = make.make_attachment(
        incident.messages.earliest("pk"),
        name="forwarded",
        content_type="message/rfc822",
        content=f"Subject: {NAME} waits\n\nHello\n".encode(),
    )

    with django_capture_on_commit_callbacks(execute=True):
        erase_whole(zoltan, manager)

    sent.refresh_from_db()
    with sent.file.open() as opened:
        assert opened.read() == b"Subject: [erased] waits\n\nHello\n"
