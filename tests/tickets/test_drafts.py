"""What people type is kept, comes back, is theirs alone, and is gone once it was sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import rls
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_draft,
    make_draft_file,
    make_engineer,
    make_incident,
    make_licence,
    make_organisation,
    make_subscription,
)
from tests.tickets.desk import filed
from tickets.actions.conversation import write
from tickets.actions.dispatch.ownership import take
from tickets.actions.drafts import (
    KEPT,
    MOST_BYTES,
    DraftOf,
    add_file,
    discard,
    forget_drafts,
    move_drafts,
    save_draft,
)
from tickets.enums import DraftKind
from tickets.errors import DraftChanged, DraftTooLarge, EmptyFile, TooManyFiles
from tickets.models import Draft, DraftFile, Message

pytestmark = pytest.mark.django_db

LONG = "    indented\n\n*stars* and  spaces  \n" * 20


@pytest.fixture
def incident():
    return filed()


@pytest.fixture
def engineer():
    return make_engineer()


@pytest.fixture
def of(engineer, incident):
    return DraftOf(engineer, DraftKind.ANSWER, incident)


def saved(of, body="Please look at", *, version=0, **fields):
    return save_draft(of, body=body, version=version, at=NINE, **fields)


def log(name="imap.log", content=b"x"):
    return SimpleUploadedFile(name, content)


def test_what_is_typed_is_kept_to_the_letter(of):
    assert saved(of, LONG) == 1

    assert of.found().body == LONG


def test_a_second_tab_overwrites_nothing_and_is_told(of):
    saved(of)
    saved(of, "In the first tab", version=1)

    with pytest.raises(DraftChanged):
        saved(of, "In the second tab", version=1)

    assert of.found().body == "In the first tab"


def test_two_tabs_that_begin_at_once_are_told_as_well(of):
    saved(of, "In the first tab")

    with pytest.raises(DraftChanged):
        saved(of, "In the second tab")


def test_a_tab_does_not_bring_back_what_another_one_sent(of):
    version = saved(of)
    discard(of)

    with pytest.raises(DraftChanged):
        saved(of, "more", version=version)

    assert of.found() is None


def test_two_megabytes_are_refused_in_words_and_not_cut(of):
    saved(of, "short")

    with pytest.raises(DraftTooLarge) as refusal:
        saved(of, "x" * (MOST_BYTES + 1), version=1)

    assert "nothing was cut" in str(refusal.value)
    assert of.found().body == "short"


def test_an_emptied_text_leaves_no_draft_unless_files_hang_on_it(of):
    assert saved(of, " ", version=saved(of)) == 0
    assert of.found() is None

    add_file(of, log(), at=NINE)
    assert saved(of, "", version=1) == 2


def test_one_draft_for_each_person_incident_and_kind(of, incident, engineer):
    saved(of)
    saved(DraftOf(engineer, DraftKind.NOTE, incident), "a note")
    saved(DraftOf(make_engineer(), DraftKind.ANSWER, incident), "a colleague's")

    assert of.found().body == "Please look at"
    with pytest.raises(IntegrityError), transaction.atomic():
        make_draft(incident, person=engineer)


def test_a_report_has_no_incident_and_everything_else_has_one(incident):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_draft(incident, kind=DraftKind.REPORT)


def test_nobody_else_sees_it_whatever_their_role(client, incident, engineer):
    make_draft(incident, person=engineer, body="not yet for you")

    for other in (make_engineer(), make_engineer(is_lead=True)):
        client.force_login(other)
        page = client.get(reverse("admin:incident", args=[incident.number]))
        kept = client.get(reverse("admin:incident_draft", args=[incident.number, "answer"]))
        assert "not yet for you" not in page.content.decode()
        assert kept.json()["body"] == ""


def test_the_database_shows_it_to_no_other_tenant(incident):
    make_draft_file(make_draft(incident))

    with rls.only([make_organisation().pk]):
        assert not Draft.objects.exists()
        assert not DraftFile.objects.exists()


# On the pages


def draft_url(incident, kind="answer"):
    return reverse("admin:incident_draft", args=[incident.number, kind])


def act(client, incident, name, **fields):
    return client.post(reverse("admin:incident_action", args=[incident.number, name]), fields)


def test_it_is_taken_up_after_signing_in_again_and_after_a_colleagues_change(
    client, incident, engineer
):
    client.force_login(engineer)
    said = client.post(
        draft_url(incident),
        {"do": "save", "body": LONG, "version": "0", "fields": '{"then": "waiting"}'},
    ).json()
    client.logout()
    take(incident, by=make_engineer(), at=NINE + hours(1))  # now somebody else's
    write(incident, author=incident.reporter, body="Any news?", at=NINE + hours(2))

    client.force_login(engineer)
    page = client.get(reverse("admin:incident", args=[incident.number]))

    form = page.context["forms"]["answer"]
    assert said["version"] == 1
    assert form["body"].value() == LONG
    assert form["then"].value() == "waiting"
    assert form["draft"].value() == 1


def test_the_sending_that_used_it_deletes_it_in_its_transaction(client, incident, engineer, of):
    client.force_login(engineer)
    version = saved(of, "Restart IMAP.")

    act(
        client,
        incident,
        "answer",
        key="k",
        body="Restart IMAP.",
        then="open",
        draft=version,
        seen=incident.messages.latest("pk").pk,
    )

    assert incident.messages.latest("pk").body == "Restart IMAP."
    assert of.found() is None


def test_what_another_tab_wrote_since_is_not_thrown_away(client, incident, engineer, of):
    client.force_login(engineer)
    saved(of, "another text", version=saved(of, "Restart IMAP."))

    act(
        client,
        incident,
        "answer",
        key="k",
        body="Restart IMAP.",
        then="open",
        draft=1,
        seen=incident.messages.latest("pk").pk,
    )

    assert of.found().body == "another text"


def test_a_refused_answer_keeps_its_draft(client, incident, engineer, of):
    client.force_login(engineer)
    version = saved(of, "Restart IMAP.")

    refused = act(
        client,
        incident,
        "answer",
        key="k",
        body="Restart IMAP.",
        then="open",
        draft=version,
        seen=0,
    )

    assert refused.status_code == 409
    assert of.found().body == "Restart IMAP."


def test_chosen_files_survive_a_refusal_and_go_with_the_next_try(client, incident, engineer, of):
    client.force_login(engineer)
    address = reverse("admin:incident_action", args=[incident.number, "answer"])
    fields = {"key": "k", "body": "See the log.", "then": "open", "seen": 0}

    refused = client.post(address, {**fields, "files": [log("a.log", b"kept"), log("b.log", b"")]})

    form = refused.context["forms"]["answer"]
    (kept,) = form.draft_files
    assert refused.status_code == 409
    assert 'name="kept"' in refused.content.decode()
    assert "is empty" in str(form.errors["files"])  # the bad one cost the other nothing
    seen = {"seen": form["seen"].value(), "draft": form["draft"].value(), "kept": kept.pk}
    client.post(address, {**fields, **seen, "key": form["key"].value()})
    message = incident.messages.latest("pk")
    (attachment,) = message.attachments.all()
    assert attachment.name == "a.log"
    assert Path(attachment.file.path).read_bytes() == b"kept"
    assert of.found() is None


def test_files_are_uploaded_at_once_within_the_limits_of_a_message(client, incident, engineer, of):
    client.force_login(engineer)

    first = client.post(draft_url(incident), {"do": "file", "file": log("../../etc/x.log")})
    empty = client.post(draft_url(incident), {"do": "file", "file": log("e.log", b"")})

    assert first.json()["name"] == "x.log"
    assert (empty.status_code, empty.json()["code"]) == (400, "empty_file")
    for _ in range(settings.ATTACHMENTS_MAX_COUNT - 1):
        add_file(of, log(), at=NINE)
    with pytest.raises(TooManyFiles):
        add_file(of, log(), at=NINE)
    with pytest.raises(EmptyFile):
        add_file(of, log("x", b""), at=NINE)


def test_somebody_elses_file_goes_with_no_message_of_mine(client, incident, engineer):
    theirs = make_draft_file(make_draft(incident))
    client.force_login(engineer)

    act(client, incident, "note", key="k", body="mine", kept=theirs.pk)

    assert not Message.objects.latest("pk").attachments.exists()


def test_the_bytes_go_with_the_draft(of, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        file = add_file(of, log(), at=NINE)
    path = Path(file.file.path)
    assert path.exists()

    with django_capture_on_commit_callbacks(execute=True):
        discard(of)

    assert not path.exists()


def test_after_three_months_it_is_forgotten(of):
    saved(of)

    assert forget_drafts(NINE + KEPT - timedelta(days=1), most=10) == 0
    assert forget_drafts(NINE + KEPT + timedelta(days=1), most=10) == 1
    assert of.found() is None


def test_a_merge_takes_drafts_along(of, incident, engineer):
    other = make_incident(organisation=incident.organisation, reporter=incident.reporter)
    saved(of, "on the old one")
    make_draft(other, person=engineer, body="on the new one")

    assert move_drafts(incident, other) == 1

    there = DraftOf(engineer, DraftKind.ANSWER, other).found()
    assert there.body == "on the new one\n\non the old one"
    assert of.found() is None


@pytest.mark.parametrize("given", ({}, {"do": "dance"}, {"do": "file"}))
def test_nonsense_is_refused(client, incident, engineer, given):
    client.force_login(engineer)

    assert client.post(draft_url(incident), given).status_code == 400


def test_the_page_asks_as_much_with_drafts_as_without(client, incident, engineer):
    client.force_login(engineer)
    page = reverse("admin:incident", args=[incident.number])
    client.get(page)
    with CaptureQueriesContext(connection) as without:
        client.get(page)
    for kind in ("answer", "note"):
        for _ in range(3):
            add_file(DraftOf(engineer, DraftKind(kind), incident), log(), at=NINE)
    with CaptureQueriesContext(connection) as having:
        client.get(page)

    assert len(having) <= len(without) + 1  # the files, once for both


# In the portal


def reporting(**fields: Any):
    contact = make_contact()
    make_subscription(make_licence(contact.organisation))
    return contact


def test_a_report_is_kept_with_all_its_fields_and_gone_when_it_is_filed(client):
    contact = reporting()
    client.force_login(contact)
    where = reverse("tickets:report_draft")
    fields = '{"subject": "IMAP stops", "version": "10.6"}'
    client.post(where, {"do": "save", "body": LONG, "version": 0, "fields": fields})
    client.post(where, {"do": "file", "file": log("a.log", b"kept")})

    page = client.get(reverse("tickets:new"))

    form = page.context["form"]
    (kept,) = form.draft_files
    assert [form[name].value() for name in ("subject", "version", "body")] == [
        "IMAP stops",
        "10.6",
        LONG,
    ]
    filled = {name: form[name].value() for name in form.fields if name not in ("files", "kept")}
    filled = {name: value for name, value in filled.items() if value is not None}
    filled |= {"licence": contact.organisation.licences.get().pk, "service": "troubleshooting"}
    sent = client.post(reverse("tickets:new"), {**filled, "kept": kept.pk})
    assert sent.status_code == 302
    message = Message.objects.latest("pk")
    assert [one.name for one in message.attachments.all()] == ["a.log"]
    assert DraftOf(contact, DraftKind.REPORT).found() is None


def test_a_customers_message_is_kept_and_its_files_survive_a_refusal(client):
    contact = reporting()
    incident = make_incident(reporter=contact)
    client.force_login(contact)
    where = reverse("tickets:detail", args=[incident.number])

    refused = client.post(where, {"key": "k" * 65, "body": "x", "files": [log("a.log", b"kept")]})

    form = refused.context["form"]
    (kept,) = form.draft_files
    assert refused.status_code == 400
    fields = {"key": "k", "body": "x", "kept": kept.pk, "draft": form["draft"].value()}
    assert client.post(where, fields).status_code == 302
    assert Message.objects.latest("pk").attachments.get().name == "a.log"
    assert not Draft.objects.exists()
