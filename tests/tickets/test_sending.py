"""An answer can be taken back for some seconds, and counts as of the key press all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.actions.people import set_profile
from notices.models import Notice
from tests.factories import (
    NINE,
    hours,
    make_canned,
    make_cause,
    make_contact,
    make_dispatch,
    make_draft,
    make_engineer,
    make_target,
    make_warning,
)
from tests.tickets.desk import filed, target_of, told
from tests.tickets.staff_pages import action_of, answer, answers, asks, form, page_of, reported
from tickets import tasks
from tickets.actions import conversation, sending
from tickets.actions.dispatch.dispatching import dispatch_together
from tickets.actions.lifecycle import close
from tickets.actions.limits import say_outside
from tickets.actions.merging import merge
from tickets.actions.promises.alarms import note_breaches, notify_of_warnings
from tickets.actions.sending import Said, answer_soon, release, seconds_for, send_now, take_back
from tickets.enums import DraftKind, State
from tickets.errors import AnsweredJustNow, EmptyText, IncidentClosed, SentAlready
from tickets.models import Dispatch, Draft, Incident, InternalTarget, ResponseTarget

pytestmark = pytest.mark.django_db

SOON, LATER = timedelta(seconds=10), timedelta(seconds=12)


@pytest.fixture(autouse=True)
def ten_seconds(settings):
    settings.UNDO_SECONDS = 10


@pytest.fixture
def incident():
    return filed()


@pytest.fixture
def engineer():
    return make_engineer()


def log(name="imap.log"):
    return SimpleUploadedFile(name, b"it hangs")


def held(incident, author, body="Restart it.", at=NINE + hours(1), **fields):
    found = answer_soon(incident, Said(body, **fields), author=author, at=at)
    assert found is not None
    return found


# It goes out


def test_it_goes_out_by_itself_and_counts_as_of_the_key_press(incident, engineer):
    pressed_at = NINE + hours(1)
    macro = make_canned(owner=engineer, priority=1)
    draft = held(incident, engineer, files=[log()], then=State.WAITING, macro=macro)
    assert answers(incident) == []
    assert target_of(incident).met_at is None
    assert not release(draft.pk, at=pressed_at + SOON - timedelta(seconds=1))

    assert release(draft.pk, at=pressed_at + LATER)
    assert not release(draft.pk, at=pressed_at + LATER)  # once

    incident.refresh_from_db()
    (message,) = incident.messages.filter(kind="answer")
    assert (message.body, message.sent_at, message.format) == (
        "Restart it.",
        pressed_at,
        "markdown",
    )
    assert [one.name for one in message.attachments.all()] == ["imap.log"]
    assert target_of(incident).met_at == pressed_at
    assert (incident.state, incident.priority) == (State.WAITING, 1)
    assert told(incident, "incident_answered") == {incident.reporter.email}
    assert not Draft.objects.exists()


def test_the_sweep_sends_what_is_due_alone(incident, engineer):
    now = timezone.now()
    held(incident, engineer, at=now - LATER)
    other = filed()
    held(other, engineer, at=now)

    assert tasks.send_answers() == 1
    assert (answers(incident), answers(other)) == (["Restart it."], [])


def test_a_breach_and_a_warning_wait_for_what_was_pressed_in_time(incident, engineer):
    target = target_of(incident)
    warning = make_warning(target, due_at=target.due_at - timedelta(seconds=5), percent=99)
    draft = held(incident, engineer, at=target.due_at - timedelta(seconds=2))
    at = target.due_at + timedelta(seconds=3)

    assert notify_of_warnings([warning.pk], at=at) == 0
    assert note_breaches([target.pk], at=at) == 0
    assert release(draft.pk, at=at + SOON)
    assert note_breaches([target.pk], at=at + SOON) == 0
    met_at = target_of(incident).met_at
    assert met_at is not None
    assert met_at <= target.due_at


def test_a_breach_does_not_wait_for_what_came_late_or_can_not_be_sent(incident, engineer):
    late = make_target(opened_at=NINE - hours(1), due_at=NINE)
    held(late.incident, engineer, at=NINE + timedelta(seconds=1))
    stuck = target_of(incident)
    held(incident, engineer, at=stuck.due_at - timedelta(seconds=1))

    soon, hour = NINE + timedelta(seconds=5), stuck.due_at + hours(1)
    assert ResponseTarget.objects.breached_unnoted(soon).filter(pk=late.pk).exists()
    assert ResponseTarget.objects.breached_unnoted(hour).filter(pk=stuck.pk).exists()


def test_what_the_customer_writes_meanwhile_is_owed_an_answer_from_then_on(incident, engineer):
    draft = held(incident, engineer, then=State.WAITING)
    wrote_at = draft.pressed_at + timedelta(seconds=5)
    conversation.write(incident, author=incident.reporter, body="It hangs again.", at=wrote_at)

    assert release(draft.pk, at=draft.pressed_at + LATER)

    first, second = incident.targets.order_by("cycle")
    assert (first.met_at, second.opened_at) == (draft.pressed_at, wrote_at)
    incident.refresh_from_db()
    assert (incident.state, incident.due_at) == (State.OPEN, second.due_at)


def test_a_mail_from_before_the_key_press_that_was_read_after_it_is_owed_an_answer(
    incident, engineer
):
    draft = held(incident, engineer)
    received_at = draft.pressed_at - timedelta(seconds=30)
    conversation.write(incident, author=incident.reporter, body="And POP3.", at=received_at)

    assert release(draft.pk, at=draft.pressed_at + LATER)

    first, second = incident.targets.order_by("cycle")
    assert (first.met_at, second.opened_at) == (draft.pressed_at, received_at)


def test_a_colleagues_answer_that_can_be_taken_back_is_read_before_a_second_one(incident, engineer):
    draft = held(incident, engineer)
    colleague = make_engineer(undo_seconds=0)

    with pytest.raises(AnsweredJustNow, match=str(engineer)):
        answer_soon(incident, Said("Restart it!"), author=colleague, at=draft.pressed_at)

    assert release(draft.pk, at=draft.pressed_at + LATER)
    answer_soon(incident, Said("Did it help?"), author=colleague, at=draft.pressed_at + hours(1))
    assert answers(incident) == ["Restart it.", "Did it help?"]


def test_when_it_went_out_stands_in_the_journal_for_who_asks_what_changed(incident, engineer):
    draft = held(incident, engineer)
    polled_at = draft.pressed_at + timedelta(seconds=5)

    assert release(draft.pk, at=draft.pressed_at + LATER)

    assert Incident.objects.changed_since(polled_at).filter(pk=incident.pk).exists()


def test_after_an_outage_it_goes_out_before_breaches_are_noted(incident, engineer):
    now = timezone.now()
    ResponseTarget.objects.update(opened_at=now - hours(2), due_at=now - timedelta(minutes=30))
    held(incident, engineer, at=now - timedelta(minutes=31))

    assert tasks.note_breaches() == 0

    assert answers(incident) == ["Restart it."]


def test_a_tiers_own_target_and_dispatch_wait_for_it_too(incident, engineer):
    own = InternalTarget.objects.get(incident=incident)
    held(incident, engineer, at=own.due_at - timedelta(seconds=2))

    soon, hour = own.due_at + timedelta(seconds=3), own.due_at + hours(1)
    assert not InternalTarget.objects.breached_unnoted(soon).exists()
    assert InternalTarget.objects.breached_unnoted(hour).exists()
    assert not InternalTarget.objects.to_warn(own.due_at - timedelta(seconds=1)).exists()
    make_engineer()
    assert dispatch_together([incident.pk], at=soon) == 0


def test_who_answered_and_closes_it_does_not_wait_for_the_seconds(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    me = make_engineer()
    incident = reported(owner=me)
    client.force_login(me)
    client.post(
        action_of(incident, "answer"),
        answer(incident, then="solved", solution="A restart.", cause=make_cause("other").key),
    )
    assert answers(incident) == []

    closing = form()
    assert client.post(action_of(incident, "close"), closing).status_code == 302

    assert answers(incident) == ["Restart IMAP."]
    incident.refresh_from_db()
    assert incident.state == State.CLOSED


def test_what_is_refused_by_then_is_a_draft_again_and_its_author_is_told(incident, engineer):
    draft = held(incident, engineer, files=[log()])
    close(incident, by=incident.reporter, at=draft.pressed_at + timedelta(seconds=5))

    assert not release(draft.pk, at=draft.pressed_at + LATER)

    back = Draft.objects.get()
    assert (back.kind, back.body, back.files.get().name) == ("answer", "Restart it.", "imap.log")
    assert Notice.objects.get(template="answer_not_sent").to == engineer


def test_a_second_answer_lets_the_first_go(incident, engineer):
    held(incident, engineer, "One.")
    held(incident, engineer, "Two.", at=NINE + hours(1) + timedelta(seconds=4))
    assert answers(incident) == ["One."]
    send_now(incident, by=engineer, at=NINE + hours(1) + timedelta(seconds=5))
    assert answers(incident) == ["One.", "Two."]


def test_what_an_answer_would_refuse_is_refused_at_once(incident, engineer):
    with pytest.raises(EmptyText):
        held(incident, engineer, " \n")
    close(incident, by=incident.reporter, at=NINE)
    with pytest.raises(IncidentClosed):
        held(incident, engineer)


def test_each_person_chooses_for_how_long(incident, engineer, settings):
    assert seconds_for(engineer) == 10
    said = {"name": engineer.name, "timezone": engineer.timezone, "language": "en", "phone": ""}
    set_profile(engineer, **said, at=NINE, undo_seconds=0)
    assert answer_soon(incident, Said("At once."), author=engineer, at=NINE) is None
    assert answers(incident) == ["At once."]
    set_profile(engineer, **said, at=NINE, undo_seconds=30)
    assert seconds_for(engineer) == 30
    set_profile(engineer, **said, at=NINE)
    settings.UNDO_SECONDS = 10_000
    assert seconds_for(engineer) == sending.LONGEST


def test_a_page_of_the_profile_keeps_the_choice_and_customers_have_none(client, engineer):
    profile = reverse("accounts:profile")
    client.force_login(engineer)
    said = {"name": engineer.name, "timezone": engineer.timezone, "language": "en"}
    assert client.post(profile, said | {"undo_seconds": "5"}).status_code == 302
    engineer.refresh_from_db()
    assert engineer.undo_seconds == 5
    client.force_login(make_contact())
    assert "undo_seconds" not in client.get(profile).content.decode()


# It is taken back


def test_undo_puts_the_text_back_with_its_files_before_what_was_begun_since(incident, engineer):
    held(incident, engineer, files=[log()], then=State.WAITING)
    make_draft(incident, person=engineer, body="And then")

    take_back(incident, by=engineer, at=NINE + hours(1))

    back = Draft.objects.get()
    assert (back.kind, back.body) == (DraftKind.ANSWER, "Restart it.\n\nAnd then")
    assert (back.fields["then"], back.files.get().name) == (State.WAITING, "imap.log")
    with pytest.raises(SentAlready):
        take_back(incident, by=engineer, at=NINE + hours(1))


def test_on_the_page_it_says_so_and_undo_shows_the_text_again(client, settings):
    engineer, other = make_engineer(), make_engineer()
    incident = reported(owner=engineer)
    undo = reverse("admin:incident_sending", args=[incident.number])
    client.force_login(engineer)
    with asks(10):
        client.get(page_of(incident))

    client.post(
        action_of(incident, "answer"),
        answer(incident, then="solved", solution="A restart.", cause=make_cause("other").key),
    )

    assert answers(incident) == []
    with asks(11):  # its files
        page = client.get(page_of(incident)).content.decode()
    assert 'Sending in <span data-sending="10">' in page
    client.force_login(other)
    assert "data-sending" not in client.get(page_of(incident)).content.decode()
    assert client.post(undo, {"do": "undo"}).status_code == 409
    client.force_login(engineer)
    assert client.get(undo).url.endswith("#sending")
    assert client.post(undo, {"do": "undo"}).url.endswith("#answer")
    page = client.get(page_of(incident)).content.decode()
    assert "Restart IMAP.</textarea>" in page
    assert "data-sending" not in page
    # Elsewhere the line goes along; without JavaScript its link leads to the page with the button.
    back = client.post(action_of(incident, "answer"), answer(incident, after="back"), follow=True)
    assert f'data-undo data-key="z" href="{undo}"' in back.content.decode()
    client.post(undo, {"do": "now"})
    assert answers(incident) == ["Restart IMAP."]
    assert client.post(undo, {"do": "x"}).status_code == 404


# What comes in between


def test_a_duplicate_that_is_merged_meanwhile_was_answered(incident, engineer):
    other = filed(licence=incident.licence, reporter=incident.reporter)
    held(incident, engineer, at=NINE + hours(1))

    merge(incident, into=other, by=engineer, at=NINE + hours(1) + timedelta(seconds=3))

    assert answers(incident) == ["Restart it."]
    assert target_of(incident).met_at == NINE + hours(1)
    assert not Draft.objects.filter(kind=DraftKind.SENDING).exists()


def test_what_was_outside_the_limits_is_inside_when_the_answer_goes_on(incident, engineer):
    say_outside(incident, body="It is the firewall.", by=engineer, at=NINE + hours(1))
    draft = held(incident, engineer, "We go on.", at=NINE + hours(2))

    assert release(draft.pk, at=NINE + hours(2) + LATER)

    incident.refresh_from_db()
    assert (incident.state, incident.outside_at) == (State.OPEN, None)


def test_an_answer_whose_file_is_gone_is_a_draft_again_and_its_author_is_told(incident, engineer):
    draft = held(incident, engineer, files=[log()], at=NINE + hours(1))
    kept = draft.files.get()
    kept.file.storage.delete(kept.file.name)

    assert not release(draft.pk, at=NINE + hours(1) + LATER)

    assert answers(incident) == []
    assert Draft.objects.get(incident=incident).kind == DraftKind.ANSWER
    assert told(incident, "answer_not_sent") == {engineer.email}


def test_whose_account_was_closed_sends_no_more(incident, engineer):
    draft = held(incident, engineer, at=NINE + hours(1))
    type(engineer).objects.filter(pk=engineer.pk).update(is_active=False)

    assert not release(draft.pk, at=NINE + hours(1) + LATER)

    assert answers(incident) == []
    incident.refresh_from_db()
    assert incident.owner is None


def test_who_answered_in_time_is_not_said_to_have_left_it(incident, engineer):
    given = make_dispatch(incident, to=engineer, take_by=NINE + hours(1))
    held(incident, engineer, at=NINE + hours(1) - timedelta(seconds=2))

    at = NINE + hours(1) + timedelta(seconds=1)
    assert not Dispatch.objects.due(at).filter(pk=given.pk).exists()
