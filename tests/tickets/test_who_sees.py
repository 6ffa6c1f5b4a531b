"""F4: of its own reports each contact sees all or their own, and a private one only its people.

Tried on every way by which a contact reads, and on the database's own wall below them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import organisations, people
from accounts.enums import Reach, Role, Shares
from accounts.models import Person
from accounts.tenancy import working_for
from core import rls
from core.errors import NotAllowed
from core.tasks import index_owed
from entitlements.models import LedgerEntry
from notices.digests.daily import send_digest
from notices.models import Notice
from notices.sending.delivery import send_one
from reports.models import ServiceReport
from reports.reads.incidents import PRIVATE
from telephone.models import CallBack
from tests.factories import (
    NINE,
    hours,
    make_admin_contact,
    make_attachment,
    make_call_back,
    make_choices,
    make_contact,
    make_engineer,
    make_incident,
    make_message,
    make_notice,
    make_organisation,
    make_participant,
    make_rating,
    make_report,
    make_solution,
)
from tests.mailroom.arriving import arrived
from tests.mailroom.making import FILTER, mail, proven
from tests.reports.february import START, content, reported
from tests.tickets.api.client import client_of
from tests.tickets.desk import covered, filed
from tickets.actions.merging import merge
from tickets.actions.participants import join, leave
from tickets.actions.private import set_private
from tickets.errors import MergePrivate
from tickets.models import Attachment, Incident, Message, Participant, Rating, Solution

pytestmark = pytest.mark.django_db

SECRET = "Payroll of the board is in the open"
SHARED = "IMAP hangs"


class Customer:
    """An organisation with three contacts and two reports of Ana's, one of them private."""

    def __init__(self, shares: str = Shares.ALL) -> None:
        self.organisation = make_organisation(shares=shares)
        self.ana = make_contact(self.organisation, name="Ana")
        self.bob = make_contact(self.organisation, name="Bob")
        self.admin = make_admin_contact(self.organisation, name="Ada")
        self.shared = self._reported(SHARED)
        self.private = self._reported(SECRET, is_private=True)

    def _reported(self, subject: str, **fields: Any) -> Incident:
        now = timezone.now()
        one = make_incident(
            organisation=self.organisation,
            reporter=self.ana,
            subject=subject,
            received_at=now - timedelta(hours=1),
            **fields,
        )
        make_message(one, author=self.ana, body=f"{subject}, word by word", sent_at=now)
        return one


@pytest.fixture
def customer():
    return Customer()


def seen(person: Person) -> set[str]:
    """By the first wall."""
    person = Person.objects.get(pk=person.pk)
    return set(Incident.objects.visible_to(person).values_list("subject", flat=True))


def reached(person: Person) -> set[str]:
    """By the second wall alone: no `visible_to` is asked."""
    person = Person.objects.get(pk=person.pk)
    with working_for(person):
        return set(Incident.objects.values_list("subject", flat=True))


BOTH = {SHARED, SECRET}
# what the organisation chose, role, what the admin contact set: what a colleague of Ana's sees
SEES = [
    (Shares.ALL, Role.CONTACT, Reach.AS_CHOSEN, {SHARED}),
    (Shares.ALL, Role.CONTACT, Reach.OWN, set()),
    (Shares.OWN, Role.CONTACT, Reach.AS_CHOSEN, set()),
    (Shares.OWN, Role.CONTACT, Reach.ALL, {SHARED}),
    (Shares.OWN, Role.ADMIN_CONTACT, Reach.AS_CHOSEN, {SHARED}),
    (Shares.ALL, Role.ADMIN_CONTACT, Reach.OWN, {SHARED}),
]


@pytest.mark.parametrize(("shares", "role", "reach", "expected"), SEES)
def test_both_walls_know_who_sees_what(shares, role, reach, expected):
    customer = Customer(shares)
    make = make_admin_contact if role == Role.ADMIN_CONTACT else make_contact
    other = make(customer.organisation, reach=reach)

    assert seen(other) == reached(other) == expected
    assert seen(customer.ana) == reached(customer.ana) == BOTH


@pytest.mark.parametrize("subject", sorted(BOTH))
def test_who_takes_part_sees_it_until_they_leave(subject):
    customer = Customer(Shares.OWN)
    incident = customer.private if subject == SECRET else customer.shared

    join(incident, customer.bob, by=customer.ana, at=NINE)
    assert seen(customer.bob) == reached(customer.bob) == {subject}

    leave(incident, customer.bob, by=customer.ana, at=NINE + hours(1))
    assert seen(customer.bob) == reached(customer.bob) == set()


def test_staff_and_other_organisations_are_as_before(customer):
    engineer, stranger = make_engineer(), make_contact()

    assert seen(engineer) == reached(engineer) == BOTH
    assert seen(stranger) == reached(stranger) == set()


WORDS = [
    (Message, lambda one: make_message(one)),
    (Attachment, lambda one: make_attachment(make_message(one))),
    (Solution, make_solution),
    (Rating, make_rating),
]


@pytest.mark.parametrize(("model", "make"), WORDS)
def test_the_second_wall_keeps_the_words_of_a_private_report(customer, model, make):
    one = make_incident(reporter=customer.ana, is_private=True, state="solved")
    made = make(one)

    for person, expected in ((customer.ana, True), (customer.admin, False), (customer.bob, False)):
        with working_for(person):
            assert model.objects.filter(pk=made.pk).exists() is expected, person
    assert model.objects.filter(pk=made.pk).exists()


def test_a_contact_can_neither_change_nor_take_what_they_do_not_see(customer):
    with working_for(customer.bob):
        changed = Incident.objects.filter(pk=customer.private.pk).update(is_private=False)
        assert changed == 0
    with working_for(customer.admin), pytest.raises(NotAllowed):
        set_private(
            Incident.objects.get(pk=customer.shared.pk), private=True, by=customer.admin, at=NINE
        )


def test_the_wall_within_ends_with_its_transaction(customer):
    with working_for(customer.bob), rls.everything():
        assert Incident.objects.count() == 2
    with rls.only([customer.organisation.pk]):
        assert Incident.objects.count() == 2


def read_by(person: Person) -> str:
    """All that the pages and the API show to this person, of lists, searches and files."""
    client, api = Client(), client_of(person)
    client.force_login(person)
    asked = ["/", "/incidents/", "/incidents/?q=board", "/search/?q=payroll", "/coverage/"]
    asked += ["/call-backs/", "/reports/", reverse("tickets:export", args=["csv"])]
    said: list[Any] = [client.get(path) for path in asked]
    said += [api.get(f"/api/v1/{one}/") for one in ("incidents", "call-backs", "reports")]
    said.append(api.get("/api/v1/search/", {"q": "payroll"}))
    found = []
    for one in said:
        assert one.status_code == 200, one
        found.append(b"".join(one.streaming_content) if one.streaming else one.content)
    return b"".join(found).decode()


def test_no_page_and_no_answer_of_the_api_says_a_word_of_a_private_report(customer):
    file = make_attachment(customer.private.messages.get(), name="payroll.log")
    make_call_back(customer.ana, topic=SECRET, incident=customer.private)
    index_owed()

    assert SECRET in read_by(customer.ana)
    for person in (customer.bob, customer.admin):
        said = read_by(person)
        assert "Payroll" not in said
        assert SHARED in said
        client, api = Client(), client_of(person)
        client.force_login(person)
        number = customer.private.number
        for path in (
            reverse("tickets:detail", args=[number]),
            reverse("tickets:attachment", args=[file.pk]),
            f"/live/?incident={number}",
        ):
            assert client.get(path).status_code == 404, path
        assert api.get(f"/api/v1/incidents/{number}/").status_code == 404
        posted = api.post(f"/api/v1/incidents/{number}/messages/", {"body": "Me, too"})
        assert posted.status_code == 404


def test_who_sees_their_own_reads_no_report_about_all(customer):
    make_report(customer.organisation, state="issued")
    people.set_reach(customer.bob, reach=Reach.OWN, by=customer.admin, at=NINE)

    assert ServiceReport.objects.visible_to(customer.admin).count() == 1
    assert not ServiceReport.objects.visible_to(Person.objects.get(pk=customer.bob.pk)).exists()


def test_call_backs_are_seen_as_their_incidents_are(customer):
    mine = make_call_back(customer.bob)
    about = make_call_back(customer.ana, incident=customer.private)
    general = make_call_back(customer.admin)

    def calls(person: Person) -> set[int]:
        return set(CallBack.objects.visible_to(person).values_list("pk", flat=True))

    assert calls(customer.ana) == {mine.pk, about.pk, general.pk}
    assert calls(customer.bob) == {mine.pk, general.pk}
    customer.bob.reach = Reach.OWN
    assert calls(customer.bob) == {mine.pk}


def test_a_gold_incident_of_a_private_report_counts_without_its_words():
    licence = covered(gold=3)
    licence.organisation.gold_default = "always"
    licence.organisation.save()
    incident = filed(licence, subject=SECRET, private=True)
    assert LedgerEntry.objects.filter(incident=incident).exists()
    bob = make_contact(licence.organisation)
    client = Client()
    client.force_login(bob)

    for path in ("/coverage/", reverse("entitlements:pack", args=[incident.decision.pack_id])):
        body = client.get(path).content.decode()
        assert SECRET not in body
        assert incident.number not in body
        assert "A report that you do not see" in body


def test_a_report_about_the_month_counts_it_without_its_words(customer):
    at = START + hours(9)
    private = reported(customer.organisation, at, subject=SECRET, is_private=True)
    make_rating(private, comment=f"Thanks for {SECRET}", given_at=at)

    said = content(customer.organisation)

    assert said.counts.reported == 1
    assert PRIVATE in str(said)
    assert SECRET not in str(said)


@pytest.fixture
def by_mail(settings, customer):
    settings.MAIL_AUTHSERV_IDS = {FILTER}

    def sent(person: Person, incident: Incident) -> Incident:
        body = mail("Me, too.", sender=person.email, Subject=f"Re: [{incident.number}] It")
        became = arrived(proven(body)).became
        assert became is not None
        return became.incident

    return sent


def test_a_colleagues_mail_gets_into_what_they_see_and_into_nothing_else(customer, by_mail):
    assert by_mail(customer.bob, customer.shared) == customer.shared
    other = by_mail(customer.admin, customer.private)

    assert other != customer.private
    assert customer.private.participants.count() == 0


def test_only_who_takes_part_says_who_sees_it(customer):
    make_participant(customer.shared, person=customer.bob)

    assert set_private(customer.shared, private=True, by=customer.bob, at=NINE)
    assert not set_private(customer.shared, private=True, by=customer.ana, at=NINE)
    with pytest.raises(NotAllowed):
        set_private(customer.shared, private=False, by=customer.admin, at=NINE)
    assert set_private(customer.shared, private=False, by=make_engineer(), at=NINE)


def test_the_page_keeps_a_report_private_and_opens_it_again(customer, client):
    client.force_login(customer.ana)
    page = reverse("tickets:detail", args=[customer.shared.number])
    do = reverse("tickets:privacy", args=[customer.shared.number])

    assert "Keep it private" in client.get(page).content.decode()
    client.post(do, {"private": "yes"})
    assert "Private no more" in client.get(page).content.decode()
    assert seen(customer.bob) == set()
    client.post(do, {"private": "no"})
    assert seen(customer.bob) == {SHARED}


def test_who_leaves_what_they_may_not_see_else_is_led_to_the_list(client):
    customer = Customer(Shares.OWN)
    make_participant(customer.shared, person=customer.bob)
    client.force_login(customer.bob)

    url = reverse("tickets:leave", args=[customer.shared.number])
    answer = client.post(url, {"person": customer.bob.pk})

    assert answer.url == reverse("tickets:list")


def test_a_report_can_be_filed_as_private_in_the_portal_and_by_the_api(client):
    licence = covered()
    ana = make_contact(licence.organisation)
    api = client_of(ana)
    asked = {"licence": licence.key, "service": "troubleshooting", "body": "x", "private": True}

    made = api.post("/api/v1/incidents/", asked, format="json")

    assert made.status_code == 201, made.content
    assert made.json()["private"] is True
    assert Incident.objects.get(number=made.json()["number"]).is_private


def test_words_of_a_private_report_and_of_another_never_meet(customer):
    engineer = make_engineer()
    other = make_incident(reporter=customer.bob, organisation=customer.organisation)

    for source, target in ((customer.private, other), (other, customer.private)):
        with pytest.raises(MergePrivate):
            merge(source, into=target, by=engineer, at=timezone.now())


def test_who_sees_no_more_where_it_was_merged_into_files_anew(customer, client, by_mail):
    theirs = {"organisation": customer.organisation, "subject": "The same"}
    mine = make_incident(reporter=customer.bob, **theirs)
    other = make_incident(reporter=customer.ana, **theirs)
    merge(mine, into=other, by=make_engineer(), at=timezone.now())
    Incident.objects.filter(pk=other.pk).update(is_private=True)
    Participant.objects.filter(incident=other).update(left_at=timezone.now())
    client.force_login(customer.bob)
    page = reverse("tickets:detail", args=[mine.number])

    assert client.get(page).status_code == 200
    wrote = client.post(page, {"body": "It is back.", "key": "k" * 32}, follow=True)
    mailed = by_mail(customer.bob, mine)
    reopened = client.post(reverse("tickets:reopen", args=[mine.number]))

    assert wrote.status_code == 200
    assert reopened.status_code < 500
    fresh = Incident.objects.filter(follows=mine)
    assert {one.reporter for one in fresh} == {customer.bob}
    assert mailed in fresh
    assert not other.messages.exists()


def test_where_each_sees_their_own_reports_of_two_people_never_meet(customer):
    type(customer.organisation).objects.update(shares=Shares.OWN)
    theirs = {"organisation": customer.organisation}
    one = make_incident(reporter=Person.objects.get(pk=customer.ana.pk), **theirs)
    other = make_incident(reporter=Person.objects.get(pk=customer.bob.pk), **theirs)

    with pytest.raises(MergePrivate):
        merge(one, into=other, by=make_engineer(), at=timezone.now())


def test_a_private_report_outlives_the_account_of_its_only_reader(customer):
    people.deactivate(customer.ana, by=customer.admin, at=NINE)

    assert seen(customer.admin) == BOTH
    assert seen(customer.bob) == {SHARED}


def test_a_mail_that_was_owed_before_a_report_became_private_tells_nobody_else(customer):
    in_a_day = {"is_collected": True, "next_at": NINE}
    for person in (customer.ana, customer.bob):
        make_choices(person)
        make_notice(about=customer.shared, to=person)
        make_notice(about=customer.shared, to=person, **in_a_day)
    make_notice(about=make_incident(organisation=customer.organisation), to=customer.bob)

    set_private(customer.shared, private=True, by=customer.ana, at=NINE)

    alone = Notice.objects.filter(is_collected=False).order_by("pk")
    assert [send_one(one.pk, at=NINE) for one in alone] == [True, False, True]
    told = [send_digest(one.pk, at=NINE) for one in (customer.ana, customer.bob)]
    assert told == [1, 0]
    lost = Notice.objects.filter(last_error="This person may not read it any more.")
    assert {one.to for one in lost} == {customer.bob}
    assert lost.count() == 2


def test_admin_contacts_decide_on_the_people_page(customer, client):
    client.force_login(customer.admin)
    client.post(reverse("accounts:shares"), {"shares": "own"})
    assert seen(customer.bob) == set()
    client.post(reverse("accounts:reach", args=[customer.bob.pk]), {"reach": "all"})
    assert seen(customer.bob) == {SHARED}

    assert client.post(reverse("accounts:shares"), {"shares": "some"}).status_code == 400
    client.force_login(customer.bob)
    assert client.post(reverse("accounts:shares"), {"shares": "all"}).status_code == 404
    organisations.set_shares(customer.organisation, value=Shares.ALL, by=customer.admin, at=NINE)


def test_the_wall_within_is_read_once_a_query():
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM tickets_message")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert plan.count("InitPlan") >= 3
