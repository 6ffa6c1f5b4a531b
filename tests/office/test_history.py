"""Incidents of other desks: kept as they were, found, and in no figure, sweep, queue or notice."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, Person
from core.search.results import find
from core.search.words import parse
from core.tasks import index_owed
from entitlements.models import CoverageDecision
from notices.models import Notice
from office import tasks
from office.actions.history import working
from office.actions.imports import steps
from office.enums import ImportState
from office.models import DataImport, OldFile, OldIncident, OldMessage, Reference
from reports.reads.content import content_of
from reports.rules.months import Month
from tests import factories as make
from tests.factories import NINE
from tests.office.exports import EXPORTS
from tests.tickets.staff_pages import asks
from tickets import tasks as ticket_tasks
from tickets.models import Dispatch, Incident, ResponseTarget

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize("system", EXPORTS)


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def manager() -> Person:
    return make.make_manager()


@pytest.fixture
def northwind() -> Organisation:
    found = make.make_organisation(name="Northwind", slug="northwind")
    make.make_contact(found, email="ana@northwind.example", name="Ana Pop")
    return found


def looked_through(system: str, by: Person, raw: bytes | None = None) -> DataImport:
    raw = EXPORTS[system][0]() if raw is None else raw
    one = steps.send_file(
        system, io.BytesIO(raw), name="export.zip", size=len(raw), by=by, at=timezone.now()
    )
    tasks.work_imports()
    one.refresh_from_db()
    return one


def kept(system: str, by: Person) -> DataImport:
    one = looked_through(system, by)
    assert one.state == ImportState.CHECKED, one.said
    steps.bring_in(one, leaves_out_bad=True, by=by, at=timezone.now())
    tasks.work_imports()
    one.refresh_from_db()
    assert one.state == ImportState.APPLIED
    return one


@EVERY
def test_conversation_people_and_files_come_as_they_were(system, manager, northwind):
    _, subject, reference = EXPORTS[system]

    one = looked_through(system, manager)
    assert not OldIncident.objects.exists()
    kept_one = kept(system, manager)

    old = OldIncident.objects.get()
    assert (old.subject, old.reference, old.organisation) == (subject, reference, northwind)
    assert old.reporter == northwind.people.get()
    assert old.opened_at == datetime(2024, 3, 1, 9, tzinfo=UTC)
    assert old.closed_at == datetime(2024, 3, 2, 10, 30, tzinfo=UTC)
    first, second = old.messages.order_by("at")
    assert first.at == old.opened_at
    assert first.author == old.reporter
    assert "<" not in first.body
    assert (first.is_internal, second.is_internal) == (False, True)
    assert second.body.startswith("Whisper")
    file = OldFile.objects.get()
    with file.file.open() as opened:
        assert file.size == len(opened.read())
    assert "hush-hush" not in str(
        OldIncident.objects.values() | OldIncident.objects.none().values()
    )
    assert kept_one.count("new") == 1
    assert one.pk != kept_one.pk


@EVERY
def test_they_are_in_no_figure_sweep_queue_or_notice(system, manager, northwind, client):
    make.make_incident(organisation=northwind, received_at=NINE)
    month = Month(2024, 3)
    before = content_of(northwind, month, at=NINE)
    counted: list[Any] = [Incident, ResponseTarget, Dispatch, Notice, CoverageDecision]
    rows = [model.objects.count() for model in counted]

    kept(system, manager)
    for sweep in (ticket_tasks.note_breaches, ticket_tasks.notify_of_warnings):
        assert sweep() == 0
    ticket_tasks.audit_yesterday()

    assert [model.objects.count() for model in counted] == rows
    assert content_of(northwind, month, at=NINE) == before
    client.force_login(manager)
    assert EXPORTS[system][1] not in client.get("/admin/queue/").content.decode()


@EVERY
def test_search_finds_them_and_internal_words_are_the_staffs(system, manager, northwind):
    kept(system, manager)
    index_owed()
    contact = northwind.people.get()
    stranger = make.make_contact()
    subject = EXPORTS[system][1]

    def found(words: str, by: Person) -> list[str]:
        return [hit.kind for hit in find(parse(words, {}), by, NINE).hits]

    assert found(subject, manager) == found(subject, contact) == ["history"]
    assert found("whisper", manager) == ["history"]
    assert found("whisper", contact) == found(subject, stranger) == []


@EVERY
def test_the_same_export_again_keeps_nothing_twice_and_all_can_be_taken_back(
    system, manager, northwind
):
    one = kept(system, manager)
    again = looked_through(system, manager)

    assert (again.count("same"), again.count("new")) == (1, 0)
    path = OldFile.objects.get().file
    steps.undo(one, by=manager, at=NINE)
    tasks.work_imports()
    assert not OldIncident.objects.exists()
    assert not OldMessage.objects.exists()
    assert path.name


def test_what_has_no_customer_here_is_named_and_a_reference_helps(manager):
    one = looked_through("zammad", manager)
    assert [line.values[0] for line in one.lines.all()] == ["20011", "20012"]
    assert all("Nobody here has this customer" in line.said for line in one.lines.all())

    known = make.make_organisation(name="Northwind Ltd")
    Reference.objects.create(organisation=known, kind="organisations", text="3", subject="x:1")
    assert looked_through("zammad", manager).counts == {"new": 1, "bad": 1}


@pytest.mark.parametrize(
    ("raw", "words"),
    (
        (b"no json at all {", "is no JSON"),
        (b"PK\x03\x04broken", "archive is broken"),
        (b'{"model": "x", "pk": 1, "fields": {}}', "There is no ticket"),
    ),
)
def test_what_is_no_export_is_refused_in_words(raw, words, manager):
    one = looked_through("django-helpdesk", manager, raw)

    assert one.state == ImportState.REFUSED
    assert words in one.said


def test_a_worker_that_is_killed_goes_on_behind_what_it_kept(manager, northwind, monkeypatch):
    monkeypatch.setattr("office.actions.history.working.TOGETHER", 1)
    one = looked_through("rt", manager)
    steps.bring_in(one, leaves_out_bad=True, by=manager, at=NINE)
    whole, calls = working._kept, iter(range(9))

    def killed(*args: Any) -> None:
        if next(calls):
            raise RuntimeError("killed in the second batch")
        whole(*args)

    monkeypatch.setattr("office.actions.history.working._kept", killed)
    tasks.work_imports()
    one.refresh_from_db()
    assert (one.state, one.done) == (ImportState.HALTED, 1)
    monkeypatch.undo()
    steps.go_on(one, by=manager, at=NINE)

    tasks.work_imports()

    one.refresh_from_db()
    assert one.state == ImportState.APPLIED
    assert OldIncident.objects.count() == 1


@pytest.mark.parametrize("count", (1, 3))
def test_pages_ask_the_same_for_one_and_three(client, count):
    organisation = make.make_organisation()
    contact = make.make_admin_contact(organisation)
    for _ in range(count):
        old = make.make_old_incident(organisation)
    for _ in range(count):
        make.make_old_file(make.make_old_message(old))
    client.force_login(contact)
    client.get("/earlier/")

    with asks(3):
        assert client.get("/earlier/").status_code == 200
    with asks(5):
        assert client.get(old.get_absolute_url()).status_code == 200


def test_a_contact_who_sees_their_own_alone_sees_those(client):
    organisation = make.make_organisation(shares="own")
    me, other = make.make_contact(organisation), make.make_contact(organisation)
    mine = make.make_old_incident(organisation, reporter=me)
    theirs = make.make_old_incident(organisation, reporter=other)
    whisper = make.make_old_message(mine, is_internal=True, body="psst")
    file = make.make_old_file(whisper)
    client.force_login(me)

    assert client.get(mine.get_absolute_url()).status_code == 200
    assert "psst" not in client.get(mine.get_absolute_url()).content.decode()
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(file.get_absolute_url()).status_code == 404
    assert theirs.subject not in client.get("/earlier/").content.decode()


def test_the_ways_to_them(client, manager):
    organisation = make.make_organisation()
    old = make.make_old_incident(organisation)
    client.force_login(manager)
    page = client.get(reverse("admin:organisation", args=[organisation.slug])).content.decode()
    assert f"/earlier/?organisation={organisation.slug}" in page
    assert old.subject in client.get(f"/earlier/?organisation={organisation.slug}").content.decode()
    client.force_login(make.make_admin_contact(organisation))
    assert "/earlier/" in client.get(reverse("tickets:list")).content.decode()
    assert date(2024, 3, 1) == old.opened_at.date()
