"""Mentions in notes, and following: who is told, once, and who is not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.tenancy import working_for
from core.errors import NotAllowed
from notices.models import Notice, Notification
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_follower,
    make_incident,
    make_organisation,
    make_partner,
    make_partner_engineer,
)
from tickets.actions.conversation import answer, note, write
from tickets.actions.following import follow, followers_of, unfollow
from tickets.models import Follower
from tickets.rules.mentions import MOST, mentioned

PEOPLE = {1: "Ana Pop", 2: "Ana Popescu", 3: "Bogdan Ilie", 4: "Ștefan O'Neil", 5: "Bogdan Radu"}


@pytest.mark.parametrize(
    ("body", "found"),
    (
        ("@Ana Pop look", [1]),
        ("@ana   popescu, look", [2]),
        ("(@Ana Popescu)", [2]),
        ("@Ana Popescus?", []),
        ("@Ștefan O'Neil!", [4]),
        ("@ștefan. Please", [4]),
        ("@Ana", []),  # two have it
        ("@Ilie and @Radu", [3, 5]),
        ("@Bogdan Ilie, again @Bogdan Ilie and @ilie", [3]),
        ("mail ana@Pop.example", []),
        ("`@Ana Pop` and ```\n@Bogdan Ilie\n```", []),
        ("```\n@Ana Pop", []),
        ("@", []),
        ("@@Ana Pop", []),
        ("@nobody here", []),
        ("@Ana Pop\n@Bogdan\nIlie", [1, 3]),
    ),
)
def test_who_is_meant(body, found):
    assert mentioned(body, PEOPLE) == found


def test_a_note_that_names_everybody_tells_some():
    people = {number: f"Person {number:03}" for number in range(100)}

    assert len(mentioned(" ".join(f"@{name}" for name in people.values()), people)) == MOST


pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    return make_incident(reporter=make_contact(), owner=make_engineer(name="Olga Owner"))


def told(kind: str) -> list[str]:
    return sorted(str(one.to) for one in Notice.objects.filter(template=kind))


def test_whoever_is_mentioned_is_told_once_and_follows(incident):
    author, ana = make_engineer(name="Writer"), make_engineer(name="Ana Pop")

    note(incident, author=author, body="@Ana Pop, @ana pop: look at @Ana Pop's log.", at=NINE)

    assert told("incident_mentioned") == ["Ana Pop"]
    assert told("incident_followed") == ["Olga Owner"]
    assert ana in followers_of(incident)
    (bell,) = Notification.objects.filter(person=ana)
    assert (bell.kind, bell.facts["number"]) == ("incident_mentioned", incident.number)
    assert "log" not in str(bell.facts)


def test_customers_are_not_mentioned_into_a_note(incident):
    note(incident, author=make_engineer(), body=f"@{incident.reporter} is right.", at=NINE)

    assert told("incident_mentioned") == []
    assert not Follower.objects.exists()


def test_who_may_not_see_it_is_not_told_and_the_author_reads_so(client, incident):
    make_engineer(name="Tess Two", role=Role.TS2)
    make_engineer(make_organisation(), name="Else Where")
    client.force_login(make_engineer(name="Writer"))

    said = send(client, incident, "@Tess Two and @Else Where, please.")

    assert "may not see this incident" in said
    assert "Tess Two, Else Where" in said
    assert told("incident_mentioned") == []
    assert not Follower.objects.exists()


def send(client, incident, body: str) -> str:
    url = reverse("admin:incident_action", args=[incident.number, "note"])
    answered = client.post(url, {"key": f"k{hash(body)}", "body": body}, follow=True)
    return str(answered.content.decode())


def test_a_partner_does_not_reach_who_serves_others_only():
    """Behind the wall of the partner nobody sees whom an engineer of the vendor serves."""
    partner = make_partner()
    organisation = make_organisation(partner=partner)
    incident = make_incident(organisation=organisation, reporter=make_contact(organisation))
    theirs = make_engineer(organisation, name="Serves Them")
    other = make_engineer(make_organisation(), name="Serves Others")
    local = make_partner_engineer(partner)
    for one in (theirs, other):  # a partner sees of the vendor who wrote for its customers
        make_incident(organisation=organisation, owner=one)
    incident.refresh_from_db()

    with working_for(local):
        note(incident, author=local, body="@Serves Them and @Serves Others", at=NINE)

    assert told("incident_mentioned") == ["Serves Them"]


def test_followers_hear_what_is_said_and_not_their_own_words(incident):
    ana = make_follower(incident, person=make_engineer(name="Ana Pop")).person

    answer(incident, author=ana, body="Restart it.", at=NINE)
    assert told("incident_followed") == ["Olga Owner"]
    write(incident, author=incident.reporter, body="It works.", at=NINE + hours(1))

    assert told("incident_followed") == ["Ana Pop", "Olga Owner"]
    assert told("incident_customer_wrote") == ["Olga Owner"]  # and not twice
    assert told("incident_answered") == [str(incident.reporter)]


def test_following_without_access_is_neither_told_nor_listed(incident):
    gone = make_follower(incident, person=make_engineer(make_organisation())).person
    closed = make_follower(incident, person=make_engineer(is_active=False)).person

    write(incident, author=incident.reporter, body="Hello?", at=NINE)

    assert {gone, closed}.isdisjoint(followers_of(incident))
    assert told("incident_followed") == []


def test_unfollowed_means_silence_until_the_next_mention(incident):
    ana = make_engineer(name="Ana Pop")
    follow(incident, by=ana, at=NINE)
    follow(incident, by=ana, at=NINE)
    assert followers_of(incident) == [ana, incident.owner]

    unfollow(incident, by=ana, at=NINE)
    write(incident, author=incident.reporter, body="Hello?", at=NINE)
    assert told("incident_followed") == []

    note(incident, author=incident.owner, body="@Ana Pop", at=NINE)
    assert ana in followers_of(incident)


@pytest.mark.parametrize("make", (make_contact, lambda: make_engineer(make_organisation())))
def test_who_does_not_see_it_can_not_follow(incident, make):
    with pytest.raises(NotAllowed):
        follow(incident, by=make(), at=NINE)


def test_a_customer_sees_nothing_of_who_follows(incident):
    make_follower(incident)

    assert not Follower.objects.visible_to(incident.reporter).exists()
