"""Side conversations (X4): who reads them, who is told, what they never touch."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.tenancy import working_for
from core.errors import NotAllowed
from core.models import JournalEntry
from core.search.indexing import index
from core.search.results import find
from notices.models import Notice, Notification
from tests.factories import (
    NINE,
    hours,
    make_aside,
    make_aside_member,
    make_aside_message,
    make_engineer,
    make_incident,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
)
from tests.tickets.desk import filed, target_of
from tickets.actions.asides import AsideWords, ask_too, leave_aside, open_aside, say_aside
from tickets.actions.merging import merge
from tickets.actions.splitting import split
from tickets.errors import AsideFull, AsideNobody, AsideUnseen, EmptyText
from tickets.models import Aside, AsideMessage, Incident, Message
from tickets.reads.asides import asides_of, askable
from tickets.reads.search.conditions import parsed_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_engineer(name="Olga Owner", email="olga@axsupport.example")


@pytest.fixture
def developer():
    return make_engineer(role=Role.TS3, name="Dev Three", email="dev@axsupport.example")


@pytest.fixture
def incident(owner):
    return filed()


def asked(incident, by, *people, body="Is it the **index**?"):
    return open_aside(incident, AsideWords(body), people=people, by=by, at=NINE)


def told(aside) -> list[str]:
    found = Notice.objects.filter(template="incident_aside", subject=f"tickets.aside:{aside.pk}")
    return sorted(str(one.to) for one in found)


def test_it_meets_no_target_moves_no_state_and_no_customer_is_told(incident, owner, developer):
    incident.refresh_from_db()
    before = (incident.state, incident.last_message_id, incident.tier, incident.owner_id)

    aside = asked(incident, owner, developer)
    say_aside(aside, AsideWords("Yes."), author=developer, at=NINE + hours(1))

    incident.refresh_from_db()
    assert (incident.state, incident.last_message_id, incident.tier, incident.owner_id) == before
    assert target_of(incident).met_at is None
    assert not Message.objects.filter(incident=incident, sent_at__gt=NINE).exists()
    assert told(aside) == ["Dev Three", "Olga Owner"]
    assert [
        one.kind for one in JournalEntry.objects.filter(subject=f"tickets.aside:{aside.pk}")
    ] == [
        "aside.opened",
        "aside.said",
        "aside.said",
    ]
    assert not JournalEntry.objects.filter(
        subject=f"tickets.incident:{incident.pk}", kind__startswith="aside."
    ).exists()
    (bell,) = Notification.objects.filter(person=developer)
    assert "index" not in str(bell.facts)


def test_who_is_asked_at_ts3_sees_the_incident_while_they_take_part(incident, owner, developer):
    other = make_incident()
    assert not Incident.objects.visible_to(developer).exists()

    aside = asked(incident, owner, developer)

    assert list(Incident.objects.visible_to(developer)) == [incident]
    assert other not in Incident.objects.visible_to(developer)
    leave_aside(aside, person=developer, by=developer, at=NINE)
    assert not Incident.objects.visible_to(developer).exists()
    assert not Aside.objects.visible_to(developer).exists()
    with pytest.raises(NotAllowed):
        say_aside(aside, AsideWords("Late."), author=developer, at=NINE)


def test_a_partners_people_read_those_in_which_they_take_part(developer):
    partner = make_partner()
    organisation = make_organisation(partner=partner)
    incident = make_incident(organisation=organisation, owner=(owner := make_engineer()))
    local, colleague = make_partner_engineer(partner), make_partner_engineer(partner)
    ours, theirs = asked(incident, owner, developer), asked(incident, owner, local)

    for person, seen in ((local, [theirs]), (colleague, []), (owner, [ours, theirs])):
        with working_for(person):
            assert list(Aside.objects.visible_to(person)) == seen
            assert [one.aside for one in asides_of(incident, person)] == seen
            assert AsideMessage.objects.visible_to(person).count() == len(seen)


def test_no_customer_reaches_one_whatever_a_query_forgets(incident, owner, developer):
    asked(incident, owner, developer)

    with working_for(incident.reporter):
        assert Incident.objects.filter(pk=incident.pk).exists()
        assert not Aside.objects.exists()
        assert not AsideMessage.objects.exists()
        assert not Aside.objects.visible_to(incident.reporter).exists()


def test_who_may_not_see_the_incident_is_refused(incident, owner):
    elsewhere = make_engineer(make_organisation(), name="Else Where")
    strange = make_partner_engineer()
    for one in (elsewhere, strange, incident.reporter):
        with pytest.raises(AsideUnseen):
            asked(incident, owner, one)
        with pytest.raises(NotAllowed):
            asked(incident, one, owner)
    names = [name for _, people in askable(incident, owner) for _, name in people]
    assert "Else Where" not in names
    assert str(incident.reporter) not in names


def test_nothing_and_nobody_is_refused(incident, owner, developer):
    with pytest.raises(AsideNobody):
        asked(incident, owner, owner)
    with pytest.raises(EmptyText):
        asked(incident, owner, developer, body=" \n ")
    aside = asked(incident, owner, developer)
    for _ in range(18):
        make_aside_member(aside, person=make_engineer())
    with pytest.raises(AsideFull):
        ask_too(aside, person=make_engineer(), by=owner, at=NINE)


def test_who_is_asked_later_is_told_once_and_who_lost_sight_is_told_nothing(
    incident, owner, developer
):
    aside = asked(incident, owner, developer)
    lead = make_manager(name="Mia Manager")
    ask_too(aside, person=lead, by=owner, at=NINE)
    ask_too(aside, person=lead, by=owner, at=NINE + hours(1))
    assert told(aside) == ["Dev Three", "Mia Manager"]
    Notice.objects.all().delete()
    local = make_partner_engineer(make_partner())
    make_aside_member(aside, person=local)

    say_aside(aside, AsideWords("More."), author=owner, at=NINE)

    assert told(aside) == ["Dev Three", "Mia Manager"]


def test_search_finds_it_for_who_reads_it_and_for_nobody_else(incident, owner, developer):
    partner_of_it = make_partner()
    incident.organisation.partner = partner_of_it
    incident.organisation.save()
    local = make_partner_engineer(partner_of_it)
    aside = asked(incident, owner, developer, body="Smells like zyzzyva corruption.")
    index("aside", [aside.pk])
    index("incident", [incident.pk])

    def found(person, words):
        with working_for(person):
            return [one.kind for one in find(parsed_for(words, person), person, NINE).hits]

    assert found(owner, "zyzzyva") == found(developer, "zyzzyva") == ["aside"]
    for stranger in (incident.reporter, local, make_engineer(role=Role.TS2)):
        assert found(stranger, "zyzzyva") == []
        assert found(stranger, "zyzzyvaa") == [], "no word of it mends theirs"


def test_merged_it_stands_on_the_other_and_split_it_stays(owner, developer):
    first = filed()
    second = filed(first.licence, reporter=first.reporter)
    aside = asked(second, owner, developer)
    words = make_message_of(second)

    made = split(second, messages=[words.pk], subject="Of its own", by=owner, at=NINE)

    assert asides_of(made, owner) == []
    merge(second, into=first, by=owner, at=NINE)
    assert [one.aside for one in asides_of(first, owner)] == [aside]
    assert Incident.objects.visible_to(developer).filter(pk=second.pk).exists()


def make_message_of(incident):
    from tickets.actions.conversation import write  # noqa: PLC0415 -- one test needs it

    return write(incident, author=incident.reporter, body="And printing?", at=NINE)


@pytest.mark.parametrize("how_many", (1, 3))
def test_the_tab_costs_the_same_for_one_and_three(
    client, incident, owner, django_assert_num_queries, how_many
):
    for _ in range(how_many):
        aside = make_aside(incident)
        make_aside_member(aside)
        make_aside_message(aside)
    client.force_login(owner)
    url = reverse("admin:incident_aside", args=[incident.number])
    client.get(url, headers={"HX-Request": "true"})

    with django_assert_num_queries(TAB_STATEMENTS):
        shown = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert shown.count("Is it the index?") >= how_many


TAB_STATEMENTS = 17  # 11 of the desk, the others savepoints of a test


def test_the_page_asks_writes_asks_more_and_leaves(client, incident, owner, developer):
    client.force_login(owner)
    lead = make_manager(name="Mia Manager")

    def post(name, *rest, **fields):
        url = reverse(f"admin:incident_aside_{name}", args=[incident.number, *rest])
        return client.post(url, fields, headers={"HX-Request": "true"})

    empty = post("new", key="k0", to=developer.pk, body="")
    assert empty.status_code == 400
    for _ in range(2):  # a double click asks once
        assert (
            b"Dev Three" in post("new", key="k1", to=developer.pk, body="Is it the index?").content
        )
    (aside,) = Aside.objects.all()
    assert "Sure?" in post("say", aside.pk, key="k2", body="Sure?").content.decode()
    assert b"Mia Manager" in post("ask", aside.pk, person=lead.pk).content
    assert post("ask", aside.pk, person=10**9).status_code == 404
    assert post("leave", aside.pk, person=lead.pk).status_code == 200
    shown = client.get(reverse("admin:incident", args=[incident.number])).content.decode()
    assert 'Aside <span class="count">1</span>' in shown
    assert "Is it the index?" not in shown, "it costs nothing until it is opened"
    client.force_login(developer)
    left = post("leave", aside.pk, person=developer.pk)
    assert left.headers["HX-Redirect"] == "/admin/queue/"


def test_a_customers_page_and_history_say_nothing_of_it(client, incident, owner, developer):
    asked(incident, owner, developer, body="Zyzzyva.")
    client.force_login(incident.reporter)

    shown = client.get(f"/incidents/{incident.number}/").content.decode()

    assert "zyzzyva" not in shown.lower()
    assert "side conversation" not in shown.lower()
