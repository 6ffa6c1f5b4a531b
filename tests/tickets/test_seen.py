"""The last word of an incident, and who has read up to where."""

import threading
from importlib import import_module

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.errors import NotAllowed
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_message,
    make_organisation,
    make_seen,
)
from tests.tickets.desk import filed
from tests.tickets.staff_pages import page_of
from tickets.actions import conversation
from tickets.actions.seen import mark_all_seen, mark_seen
from tickets.enums import MessageKind, State
from tickets.models import Incident, Message, Seen
from tickets.reads.unread import seen_upto, unread_by

pytestmark = pytest.mark.django_db


def word_of(incident):
    return Incident.objects.values_list(
        "last_message_id", "last_at", "last_customer_message_id", "customer_wrote_at"
    ).get(pk=incident.pk)


NEXT_DAY = NINE + days(1)


def unread(person, at=NEXT_DAY):
    return set(Incident.objects.filter(unread_by(person, at)))


# The last word


def test_last_word_is_that_of_whoever_spoke_last_and_the_customers_is_kept_apart():
    incident = filed()
    report = incident.messages.get()
    assert word_of(incident) == (report.pk, NINE, report.pk, NINE)

    engineer = make_engineer()
    answer = conversation.answer(incident, author=engineer, body="Try it.", at=NINE + hours(1))
    assert word_of(incident) == (answer.pk, NINE + hours(1), report.pk, NINE)
    note = conversation.note(incident, author=engineer, body="A bug?", at=NINE + hours(2))
    assert word_of(incident)[:3] == (note.pk, NINE + hours(2), report.pk)
    said = conversation.write(incident, author=incident.reporter, body="No", at=NINE + hours(3))
    assert word_of(incident) == (said.pk, NINE + hours(3)) * 2


def test_what_the_desk_says_by_itself_is_nobodys_word():
    message = make_message()
    make_message(message.incident, kind=MessageKind.AUTOMATIC, author=None, sent_at=NINE + hours(1))
    assert word_of(message.incident)[0] == message.pk


def test_last_word_follows_messages_that_move_and_go():
    one, other = make_message(), make_message(make_incident())
    late = make_message(one.incident, sent_at=NINE + hours(2))

    Message.objects.filter(pk=late.pk).update(incident=other.incident)
    assert word_of(one.incident)[0] == one.pk
    assert word_of(other.incident) == (late.pk, NINE + hours(2)) * 2

    Message.objects.filter(pk=late.pk).delete()
    assert word_of(other.incident)[0] == other.pk
    Message.objects.filter(incident=one.incident).delete()
    assert word_of(one.incident) == (None, None, None, None)


def test_incidents_of_a_release_before_get_their_last_word():
    first, last = make_message(), make_message(kind=MessageKind.NOTE, author=make_engineer())
    silent = make_incident()
    before = [word_of(one) for one in (first.incident, last.incident, silent)]
    everything = ("last_message", "last_at", "last_customer_message", "customer_wrote_at")
    Incident.objects.update(**dict.fromkeys(everything))

    with connection.schema_editor() as editor:
        import_module("tickets.migrations.0033_last_word_filled").fill(None, editor)

    assert [word_of(one) for one in (first.incident, last.incident, silent)] == before


# Who read what


def test_reading_goes_up_and_never_back_nor_past_the_end():
    message = make_message()
    last = make_message(message.incident)
    incident, person = Incident.objects.get(pk=message.incident_id), make_engineer()

    assert seen_upto(incident, person) == 0
    for upto in (message.pk, last.pk + 10**9, message.pk, 0, -5):
        mark_seen(incident, by=person, upto=upto, at=NINE)

    assert seen_upto(incident, person) == last.pk
    assert Seen.objects.count() == 1


def test_what_somebody_does_not_see_they_can_not_have_read():
    incident = Incident.objects.get(pk=make_message().incident_id)
    for stranger in (make_contact(make_organisation()), make_engineer(make_organisation())):
        with pytest.raises(NotAllowed):
            mark_seen(incident, by=stranger, upto=1, at=NINE)


def test_unread_is_what_the_customer_wrote_since_for_each_person_alone():
    engineer, other = make_engineer(), make_engineer()
    incident = filed()
    assert unread(engineer) == unread(other) == {incident}

    assert mark_all_seen(Incident.objects.all(), by=engineer, at=NINE) == 1
    assert (unread(engineer), unread(other)) == (set(), {incident})

    conversation.note(incident, author=other, body="A note", at=NINE + hours(1))
    assert unread(engineer) == set()
    conversation.write(incident, author=incident.reporter, body="And?", at=NINE + hours(2))
    assert unread(engineer) == {incident}


def test_old_words_and_finished_incidents_are_unread_for_nobody():
    engineer = make_engineer()
    make_message(make_incident(state=State.SOLVED), sent_at=NINE)
    incident = make_message(sent_at=NINE).incident

    assert unread(engineer, at=NINE + days(13)) == {incident}
    assert unread(engineer, at=NINE + days(15)) == set()


# The page


def seen_url(incident):
    return reverse("admin:incident_seen", args=[incident.number])


def test_open_page_says_what_it_showed_and_looking_alone_writes_nothing(client):
    incident = Incident.objects.get(pk=make_message(sent_at=timezone.now()).incident_id)
    engineer = make_engineer()
    client.force_login(engineer)

    page = client.get(page_of(incident)).content.decode()
    assert f'data-seen-upto="{incident.last_message_id}"' in page
    assert seen_url(incident) in page
    assert not Seen.objects.exists()
    assert client.get(seen_url(incident)).status_code == 405

    answer = client.post(seen_url(incident), {"upto": incident.last_message_id})
    assert (answer.status_code, seen_upto(incident, engineer)) == (204, incident.last_message_id)


@pytest.mark.parametrize("upto", ("", "x", "-1", "9" * 40, "1.5", "²"))
def test_nonsense_marks_nothing(client, upto):
    incident = make_message().incident
    client.force_login(make_engineer())

    assert client.post(seen_url(incident), {"upto": upto}).status_code == 204
    assert not Seen.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_say_so_at_once_leave_the_further_one():
    with rls.everything():
        message = make_message()
        last = make_message(message.incident)
        incident, person = Incident.objects.get(pk=message.incident_id), make_engineer()

    def say(upto):
        with rls.everything():
            mark_seen(incident, by=person, upto=upto, at=NINE)
        connection.close()

    at_once = [threading.Thread(target=say, args=[one]) for one in (message.pk, last.pk) * 4]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()

    with rls.everything():
        assert Seen.objects.get().upto == last.pk


def test_a_seen_mark_belongs_to_the_incidents_organisation():
    mark = make_seen()
    assert mark.organisation_id == mark.incident.organisation_id
