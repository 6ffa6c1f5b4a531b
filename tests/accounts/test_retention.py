"""F2: what is kept for so many days goes, bounded and over an index; the rest stays for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.customers_leaving import (
    close_organisation,
    delete_organisation,
    reopen_organisation,
)
from accounts.errors import NotYourPeople, OrganisationHasWork, OrganisationOpen
from accounts.models import Organisation, Person
from accounts.tasks import forget_old
from core import keeper, retention
from core.clock import database_now
from core.journal import record
from core.models import JournalEntry, Tombstone
from mailroom.models import InboundMail
from reports.actions.drafting import draft
from reports.actions.issuing import issue
from reports.actions.revising import revise
from reports.errors import JournalGone
from reports.rules.months import Month
from resources.actions.forum import following, posting
from resources.models import AuthorCard, Following, Post
from tests import factories as make
from tests.accounts.test_erasure import places_of
from tests.factories import NINE, days
from tests.strangers import MARKER, World, make_world, snapshot
from tests.tickets.test_plans import copies, fill
from tickets.enums import State
from tickets.models import Message

pytestmark = pytest.mark.django_db
ASKED = 22  # 12 questions, the rest are savepoints, as tests nest transactions
SETTINGS = (
    "KEEP_RAW_MAILS_DAYS",
    "KEEP_SUPPRESSED_MAILS_DAYS",
    "KEEP_JOURNAL_DAYS",
    "KEEP_CLOSED_ORGANISATIONS_DAYS",
)


@pytest.fixture
def manager() -> Person:
    return make.make_manager()


def ago(count: int) -> Any:
    return database_now() - timedelta(days=count)


def taken(count: int) -> InboundMail:
    incident = make.make_incident()
    message = make.make_message(incident, has_layout=True)
    return make.make_mail(
        organisation=incident.organisation,
        incident=incident,
        became=message,
        outcome="message",
        received_at=ago(count),
    )


def test_without_settings_everything_is_kept_for_ever(settings):
    taken(5000)
    make.make_mail(outcome="dismissed", received_at=ago(5000))
    record("test.made", make.make_organisation(closed_at=ago(5000)), at=ago(5000), by=None)

    assert [getattr(settings, name) for name in SETTINGS] == [0, 0, 0, 0]
    assert forget_old() == 0
    assert not Tombstone.objects.exists()


def test_originals_go_and_what_they_became_stays(settings):
    settings.KEEP_RAW_MAILS_DAYS = 30
    old, young = taken(31), taken(29)
    held = make.make_mail(received_at=ago(400))

    assert forget_old() == 1

    for one in (old, young, held):
        one.refresh_from_db()
    assert (bytes(old.raw), old.raw_gone_at is None) == (b"", False)
    assert bytes(young.raw)
    assert bytes(held.raw)
    message = Message.objects.get(mails=old)
    assert (message.has_layout, bool(message.body)) == (False, True)
    stone = Tombstone.objects.get()
    assert (stone.kind, stone.count, stone.oldest) == ("mail.raw", 1, old.received_at.date())
    assert forget_old() == 0


def test_mails_that_opened_nothing_go_whole_and_kept_ones_wait_for_their_human(settings):
    settings.KEEP_SUPPRESSED_MAILS_DAYS = 10
    for outcome in ("automatic", "duplicate", "dismissed", "held", "unreadable", "received"):
        make.make_mail(outcome=outcome, received_at=ago(11))
    make.make_mail(outcome="automatic", received_at=ago(9))

    assert forget_old() == 3

    left = sorted(InboundMail.objects.values_list("outcome", flat=True))
    assert left == ["automatic", "held", "received", "unreadable"]


def test_the_journal_goes_but_for_what_is_not_finished(settings):
    settings.KEEP_JOURNAL_DAYS = 400
    going_on = make.make_incident()
    lately = make.make_incident(state=State.CLOSED, solved_at=ago(100), closed_at=ago(90))
    long_ago = make.make_incident(state=State.CLOSED, solved_at=ago(700), closed_at=ago(690))
    for incident in (going_on, lately, long_ago):
        record("incident.filed", incident, at=ago(800), by=None)
    record("person.profile", make.make_contact(), at=ago(800), by=None)
    record("person.profile", make.make_contact(), at=ago(399), by=None)
    JournalEntry.objects.create(kind="demo.loaded", subject="demo", at=ago(800))

    assert forget_old() == 2

    kinds = ("demo.loaded", "incident.filed", "person.profile")
    left = JournalEntry.objects.filter(kind__in=kinds).values_list("kind", flat=True)
    assert sorted(left) == ["demo.loaded", "incident.filed", "incident.filed", "person.profile"]
    assert JournalEntry.objects.filter(subject=f"tickets.incident:{long_ago.pk}").count() == 0


def test_a_report_of_which_the_journal_is_gone_is_told_no_other_way(settings, manager):
    organisation = make.make_organisation(timezone="UTC")
    report = issue(draft(organisation, Month(2024, 3), at=ago(1)), by=manager, at=ago(1))
    settings.KEEP_JOURNAL_DAYS = 400
    record("test.made", organisation, at=datetime(2024, 3, 9, tzinfo=UTC), by=None)
    forget_old()

    with pytest.raises(JournalGone, match="March 2024"):
        revise(report, reason="wrong", by=manager, at=ago(0))
    with pytest.raises(JournalGone):
        issue(draft(organisation, Month(2024, 2), at=ago(1)), by=manager, at=ago(0))


@pytest.mark.parametrize(
    ("name", "value"), (("KEEP_JOURNAL_DAYS", "89"), ("KEEP_RAW_MAILS_DAYS", "-1"))
)
def test_too_few_days_end_with_a_sentence(name, value):
    done = subprocess.run(
        [sys.executable, "-c", "import axsupport.settings"],
        env=os.environ | {name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, name in done.stderr) == (os.EX_TEMPFAIL, True)
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_the_keeper_nothing_goes(settings, monkeypatch):
    settings.KEEP_RAW_MAILS_DAYS = settings.KEEP_JOURNAL_DAYS = 100
    mail = taken(500)
    monkeypatch.setattr("core.keeper.missing", lambda: "the role is missing.")

    assert forget_old() == 0

    mail.refresh_from_db()
    assert bytes(mail.raw)


def test_a_run_is_bounded_and_the_next_one_goes_on(settings, monkeypatch):
    settings.KEEP_SUPPRESSED_MAILS_DAYS = 1
    monkeypatch.setattr("accounts.tasks.TOGETHER", 2)
    monkeypatch.setattr("accounts.tasks.ROUNDS", 2)
    for _ in range(7):
        make.make_mail(outcome="automatic", received_at=ago(3))

    assert [forget_old(), forget_old(), forget_old()] == [4, 3, 0]


@pytest.mark.parametrize(
    ("kind", "index"),
    (("mail.raw", "mail_raw_kept"), ("mail.suppressed", "mail_that_opened_nothing")),
)
def test_what_is_due_is_read_over_a_partial_index(settings, kind, index):
    settings.KEEP_RAW_MAILS_DAYS = settings.KEEP_SUPPRESSED_MAILS_DAYS = 3
    incident = make.make_incident()
    mail = make.make_mail(received_at=ago(1), organisation=incident.organisation)
    fill(InboundMail, copies(mail, message_id=lambda n: f"<{n}@x.example>"))
    (found,) = [one for one in retention.kinds() if one.key == kind]

    at = database_now()

    with CaptureQueriesContext(connection) as asked:
        list(found.due(at).values_list("pk", flat=True)[:100])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked.captured_queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert index in plan


def test_a_closed_organisation_goes_after_its_days_with_all_that_is_there(
    settings, manager, django_capture_on_commit_callbacks
):
    settings.KEEP_CLOSED_ORGANISATIONS_DAYS = 30
    world, other = make_world_and_another()
    before = snapshot(other)
    Organisation.objects.filter(pk=world.organisation.pk).update(closed_at=ago(31))
    file = world.rows["tickets.attachment"].file

    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old() > 30

    assert not Organisation.objects.filter(pk=world.organisation.pk).exists()
    assert {name: rows for name, rows in snapshot(world).items() if rows} == {}
    assert not file.storage.exists(file.name)
    assert snapshot(other) == before
    connection.check_constraints()
    kinds = set(Tombstone.objects.values_list("kind", flat=True))
    assert kinds == {"ledger.organisation", "journal.organisation", "organisation.deleted"}
    assert keeper.broken_at() is None
    # The vendor's own people and partners stay, and what is theirs.
    theirs = {"accounts_partner.name", "rota_swap.words", "rota_absence.reason"}
    theirs |= {"tickets_cannedanswer.title", "tickets_savedview.name"}
    theirs |= {"office_pictureschedule.query"}
    assert places_of(MARKER) <= theirs


def make_world_and_another() -> tuple[Any, Any]:
    world = make_world()
    other = make.make_incident()
    make.make_message(other)
    record("incident.filed", other, at=NINE, by=other.reporter)
    make.make_pack(make.make_licence(other.organisation))
    return world, World(other.organisation, other.reporter, other, {})


def test_whoever_moved_away_keeps_their_account_and_whoever_moved_here_stays_as_nobody(manager):
    closed, other = make.make_organisation(), make.make_organisation()
    moved_here = make.make_contact(closed, name="Mihai Movedhere", email="mihai@moved.example")
    before = make.make_incident(organisation=other, reporter=moved_here, subject="By Mihai")
    moved_away = make.make_contact(other)
    make.make_incident(organisation=closed, reporter=moved_away)
    Organisation.objects.filter(pk=closed.pk).update(closed_at=NINE)

    delete_organisation(closed.pk, at=NINE + days(1))

    connection.check_constraints()
    moved_here.refresh_from_db()
    before.refresh_from_db()
    assert (moved_here.organisation, moved_here.erased_at) == (other, NINE + days(1))
    assert before.reporter == moved_here
    assert Person.objects.filter(pk=moved_away.pk, is_active=True).exists()


def test_what_its_people_wrote_in_the_forum_names_nobody_any_more():
    closed, other = (
        make.make_organisation(name="Northwind"),
        make.make_organisation(name="Fabrikam"),
    )
    for one in (closed, other):
        make.make_forum_choice(one, full_name=True, with_company=True)
    ana, bo = (
        make.make_contact(closed, name="Ana Popescu"),
        make.make_contact(other, name="Bo Berg"),
    )
    topic = posting.ask(make.make_board(), title="Hi", body="Regards, Ana Popescu", by=ana, at=NINE)
    make.make_post(topic, by=bo, body="Hello Ana, restart it.")
    following.follow(topic, wanted=True, by=bo, at=NINE)
    Organisation.objects.filter(pk=closed.pk).update(closed_at=NINE)

    delete_organisation(closed.pk, at=NINE + days(1))

    connection.check_constraints()
    cards = set(AuthorCard.objects.values_list("name", "company"))
    assert cards == {("Former member", ""), ("Bo Berg", "Fabrikam")}
    said = " ".join(Post.objects.values_list("body", flat=True))
    assert "Ana" not in said
    assert "restart it" in said
    assert [one.card.name for one in Following.objects.select_related("card")] == ["Bo Berg"]


def test_a_licence_that_came_from_there_stays(manager):
    closed = make.make_organisation(closed_at=NINE)
    old = make.make_licence(closed, transferred_at=NINE)
    new = make.make_licence(key="NEW-1", predecessor=old)

    delete_organisation(closed.pk, at=NINE + days(1))

    connection.check_constraints()
    new.refresh_from_db()
    assert new.predecessor is None


def test_an_open_organisation_is_never_deleted():
    with pytest.raises(OrganisationOpen):
        delete_organisation(make.make_organisation().pk, at=NINE)


def test_closing_takes_the_people_out_and_deletes_nothing(manager):
    organisation = make.make_organisation()
    contact = make.make_admin_contact(organisation)
    invitation = make.make_invitation(organisation=organisation)
    make.make_incident(
        organisation=organisation, state=State.CLOSED, solved_at=NINE, closed_at=NINE
    )

    close_organisation(organisation, by=manager, at=NINE)
    close_organisation(organisation, by=manager, at=NINE + days(1))

    for one in (contact, organisation, invitation):
        one.refresh_from_db()
    assert (contact.is_active, organisation.closed_at) == (False, NINE)
    assert invitation.withdrawn_at == NINE
    assert JournalEntry.objects.filter(kind="organisation.closed").count() == 1

    reopen_organisation(organisation, by=manager, at=NINE + days(2))
    organisation.refresh_from_db()
    assert organisation.closed_at is None


def test_who_waits_for_an_answer_keeps_the_organisation_open(manager):
    incident = make.make_incident()

    with pytest.raises(OrganisationHasWork, match="1 incidents"):
        close_organisation(incident.organisation, by=manager, at=NINE)
    with pytest.raises(NotYourPeople):
        close_organisation(make.make_organisation(), by=make.make_tam(), at=NINE)
    with pytest.raises(NotYourPeople):
        reopen_organisation(make.make_organisation(), by=make.make_tam(), at=NINE)


@pytest.fixture
def page(client, manager, settings) -> Any:
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(manager)
    return client


def asked(client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("rows", (1, 3))
def test_the_page_says_what_would_go_in_few_questions(page, settings, rows):
    settings.KEEP_RAW_MAILS_DAYS = settings.KEEP_SUPPRESSED_MAILS_DAYS = 10
    settings.KEEP_JOURNAL_DAYS = settings.KEEP_CLOSED_ORGANISATIONS_DAYS = 400
    for n in range(rows):
        taken(20)
        make.make_organisation(closed_at=ago(n + 1))
        record("export", make.make_contact(), at=ago(1), by=make.make_manager(), what="person")
        record("test.made", make.make_organisation(), at=ago(500 + n), by=None)
        keeper.forget("journal.old", at=NINE, keys=[JournalEntry.objects.latest("pk").pk])
    said = page.get(reverse("admin:privacy")).content.decode()

    assert "Originals of mails" in said
    assert "KEEP_RAW_MAILS_DAYS" in said
    assert "Exported" in said
    assert "Old journal entries removed" in said
    assert asked(page, reverse("admin:privacy")) <= ASKED


def test_an_organisation_s_page_says_what_would_go_and_closes_it(page, manager):
    world = make_world()
    url = reverse("admin:privacy_organisation", args=[world.organisation.pk])
    said = page.get(url).content.decode()
    assert "Messages" in said

    refused = page.post(reverse("admin:privacy_close", args=[world.organisation.pk]))
    assert refused.status_code == 409

    other = make.make_organisation()
    page.post(reverse("admin:privacy_close", args=[other.pk]))
    other.refresh_from_db()
    assert other.closed_at is not None
    page.post(reverse("admin:privacy_reopen", args=[other.pk]))
    other.refresh_from_db()
    assert other.closed_at is None
