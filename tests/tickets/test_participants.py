"""Colleagues who are notified of an incident: they join, are mailed, and leave for good."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from core import rls
from core.errors import NotAllowed
from notices.models import Notice
from tests.at_once import at_once
from tests.factories import (
    NINE,
    hours,
    make_admin_contact,
    make_contact,
    make_engineer,
    make_organisation,
    make_participant,
)
from tests.mailroom.arriving import arrived
from tests.mailroom.making import FILTER, mail, proven
from tests.tickets.desk import covered, filed, told
from tests.tickets.staff_pages import with_tabs
from tickets.actions import participants
from tickets.actions.conversation import answer, write
from tickets.errors import NoColleague, TooManyParticipants
from tickets.models import Incident

pytestmark = pytest.mark.django_db


def opened(raw: bytes) -> Incident:
    arrived(raw)
    return Incident.objects.get()


def followers(incident: Incident) -> list[str]:
    return [one.person.email for one in incident.participants.told()]


def test_a_colleague_who_joins_is_mailed_each_answer_and_asked_for_no_rating():
    incident = filed()
    bob = make_contact(incident.organisation, email="bob@northwind.example")

    assert participants.join(incident, bob, by=bob, at=NINE)
    assert not participants.join(incident, bob, by=bob, at=NINE)
    answer(incident, author=make_engineer(), body="Restart it.", at=NINE + hours(1), then="solved")

    assert told(incident, "incident_solved") == {incident.reporter.email, bob.email}
    solved = Notice.objects.filter(template="incident_solved")
    assert [one.to for one in solved if one.context["rating_url"]] == [incident.reporter]


def test_whoever_writes_on_a_colleagues_incident_reads_the_answer():
    incident = filed()
    bob = make_contact(incident.organisation, email="bob@northwind.example")

    write(incident, author=bob, body="Here, too.", at=NINE + hours(1))
    write(incident, author=incident.reporter, body="Thanks.", at=NINE + hours(2))

    assert followers(incident) == [bob.email]


def test_colleagues_in_copy_of_a_mail_join_and_strangers_do_not(ana, settings):
    settings.MAIL_AUTHSERV_IDS = {FILTER}
    bob = make_contact(ana.organisation, email="Bob@Northwind.example")
    make_contact(make_organisation(), email="eve@elsewhere.example")
    make_contact(ana.organisation, email="gone@northwind.example", is_active=False)
    copied = "Bob <bob@northwind.example>, eve@elsewhere.example, gone@northwind.example"

    incident = opened(proven(mail("IMAP stops.", Cc=copied)))

    assert followers(incident) == [bob.email]
    assert told(incident, "incident_filed") == {ana.email}


def test_who_left_is_not_brought_back_by_the_next_copy_but_by_their_own_word(ana):
    bob = make_contact(ana.organisation, email="bob@northwind.example")
    incident = opened(mail("IMAP stops.", Cc=bob.email))
    participants.leave(incident, bob, by=bob, at=NINE + hours(1))

    answered = mail(f"Again [{incident.number}]", Cc=bob.email, Subject=f"Re: {incident.number}")
    arrived(answered.replace(b"<1@", b"<2@"))
    assert followers(incident) == []

    write(incident, author=bob, body="I am back.", at=NINE + hours(3))
    assert followers(incident) == [bob.email]


def test_only_colleagues_join_and_only_so_many(monkeypatch):
    incident = filed()
    reporter = incident.reporter
    monkeypatch.setattr(participants, "MOST", 1)
    participants.join(incident, make_contact(incident.organisation), by=reporter, at=NINE)

    with pytest.raises(NoColleague, match="only people of"):
        participants.join(incident, make_contact(), by=reporter, at=NINE)
    with pytest.raises(NoColleague):
        participants.join(incident, make_engineer(), by=reporter, at=NINE)
    with pytest.raises(TooManyParticipants, match="1 people are notified already"):
        participants.join(incident, make_contact(incident.organisation), by=reporter, at=NINE)
    with pytest.raises(NotAllowed):
        participants.join(incident, reporter, by=make_contact(), at=NINE)


def test_others_are_taken_off_by_the_reporter_and_the_admin_contact_only():
    incident = filed()
    one, two = (make_participant(incident).person for _ in range(2))

    with pytest.raises(NotAllowed):
        participants.leave(incident, one, by=two, at=NINE)
    assert participants.leave(incident, one, by=incident.reporter, at=NINE)
    admin = make_admin_contact(incident.organisation)
    assert participants.leave(incident, two, by=admin, at=NINE)
    assert not participants.leave(incident, two, by=admin, at=NINE)


@pytest.mark.django_db(transaction=True)
def test_six_who_add_the_same_colleague_at_once_add_them_once():
    with rls.everything():
        incident = filed()
        bob = make_contact(incident.organisation)

    joined = at_once(partial(join_once, incident.pk, bob.pk), 6)

    assert sorted(joined) == [False] * 5 + [True]


def join_once(incident: int, person: int, _: int) -> bool:
    with rls.everything():
        here = Incident.objects.get(pk=incident)
        bob = Person.objects.get(pk=person)
        return participants.join(here, bob, by=here.reporter, at=NINE)


def test_the_portals_page_adds_and_removes(client: Client):
    incident = filed()
    bob = make_contact(incident.organisation, name="Bob Bee")
    client.force_login(bob)
    page = reverse("tickets:detail", args=[incident.number])

    assert "Mail me, too" in client.get(page).text
    joined = client.post(reverse("tickets:join", args=[incident.number]), {"person": bob.pk})
    assert joined["Location"] == page
    shown = client.get(page).text
    assert "You are notified of each answer from now on." in shown
    assert "Leave</button>" in shown
    client.post(reverse("tickets:leave", args=[incident.number]), {"person": bob.pk})
    assert followers(incident) == []


def test_the_engineer_sees_who_is_told_and_what_happened(client: Client):
    incident = filed()
    participants.join(
        incident,
        make_contact(incident.organisation, name="Bob Bee"),
        by=incident.reporter,
        at=NINE,
    )
    client.force_login(make_engineer())

    shown = with_tabs(client, incident)

    assert "<p>Bob Bee</p>" in shown
    assert "Bob Bee is notified of the answers, too" in shown


@pytest.mark.parametrize("asked", ("", "x", "-1", "9" * 30))
def test_a_person_who_is_none_is_not_found(client: Client, asked: str):
    incident = filed()
    client.force_login(incident.reporter)

    answered = client.post(reverse("tickets:join", args=[incident.number]), {"person": asked})

    assert answered.status_code == 404


def test_a_stranger_is_not_found_either(client: Client):
    incident = filed(covered())
    client.force_login(incident.reporter)

    url = reverse("tickets:join", args=[incident.number])

    assert client.post(url, {"person": make_contact().pk}).status_code == 404
