"""The engineers' page of a call: the caller in one search, the call in one form."""

import pytest
from django.urls import reverse
from django.utils import timezone

from entitlements.enums import Level
from telephone.models import PhoneNumber
from telephone.reads.callers import callers
from tests.factories import (
    days,
    make_cause,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_organisation,
    make_phone_number,
    make_subscription,
)
from tests.tickets.staff_pages import asks, form
from tickets.enums import State
from tickets.models import Incident

pytestmark = pytest.mark.django_db

URL = reverse("admin:call_new")


@pytest.fixture
def northwind():
    today = timezone.now().date()
    organisation = make_organisation(name="Northwind Traders", slug="northwind")
    licence = make_licence(organisation)
    make_subscription(licence, starts_on=today - days(9), ends_on=today + days(300))
    return organisation


@pytest.fixture
def nora(northwind):
    return make_contact(northwind, name="Nora Winters", phone="+40 722 123 456")


@pytest.fixture
def ts1(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    engineer = make_engineer()
    client.force_login(engineer)
    return engineer


def page(person, **query):
    more = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{URL}?caller={person.pk}{more}"


def call(**fields):
    said = {
        "about": "new",
        "body": "IMAP stopped.",
        "direction": "in",
        "outcome": "talked",
        "minutes": 4,
        "number": "0722 123 456",
        "service": 0,
        "priority": 3,
    }
    return form(**said | fields)


def service_of(incident_page):
    return incident_page.context["form"].fields["service"].queryset.first().pk


@pytest.mark.parametrize(
    "words", ("+40722123456", "0722 123 456", "0040 722 123 456", "23456", "nora", "northw")
)
def test_the_caller_is_found_by_number_or_name(client, ts1, nora, words):
    make_contact(make_organisation(name="Elsewhere"), name="Olga", phone="+40 722 999 999")

    answer = client.get(URL, {"q": words})

    assert [one.person for one in answer.context["callers"]] == [nora]
    assert "Nora Winters" in answer.content.decode()


def test_a_number_that_calls_taught_us_finds_the_caller(ts1, nora):
    make_phone_number(nora, number="+442079460958")

    (found,) = callers("020 7946 0958", ts1)

    assert (found.person, found.how) == (nora, "+44 20 7946 0958")


def test_the_number_of_an_exchange_finds_everybody_there(ts1, nora, northwind):
    make_phone_number(None, organisation=northwind, number="+40215550100")

    (found,) = callers("+40215550100", ts1)

    assert found.how == "Number of Northwind Traders: +40 21 555 0100"


@pytest.mark.parametrize("words", ("", "n", "1234", "%", "+", "\x00"))
def test_too_little_finds_nobody(ts1, nora, words):
    assert callers(words, ts1) == []


def test_htmx_gets_the_callers_alone(client, ts1, nora):
    answer = client.get(URL, {"q": "nora"}, headers={"HX-Request": "true"})

    assert b"Nora Winters" in answer.content
    assert b"<html" not in answer.content


def test_the_page_shows_organisation_incidents_and_the_telephone(client, ts1, nora):
    make_incident(reporter=nora, subject="Webmail is empty")

    answer = client.get(page(nora, q="0722123456")).content.decode()

    for words in (
        "Northwind Traders",
        "Webmail is empty",
        "Included in Premium",
        "+40 722 123 456",
    ):
        assert words in answer


def test_without_telephone_the_page_says_why(client, ts1):
    contact = make_contact()

    assert "No licence is registered yet" in client.get(page(contact)).content.decode()


def test_a_call_becomes_a_covered_incident_and_teaches_the_number(client, ts1, nora):
    service = service_of(client.get(page(nora)))
    licence = nora.organisation.licences.get()

    answer = client.post(
        page(nora),
        call(service=service, licence=licence.pk, remember="person", number="020 7946 0958"),
    )
    incident = Incident.objects.get() if answer.status_code == 302 else None

    assert answer.status_code == 400  # no Romanian number: the country is missing
    assert incident is None
    answer = client.post(
        page(nora),
        call(service=service, licence=licence.pk, remember="person", number="+44 20 7946 0958"),
    )
    incident = Incident.objects.get()
    assert answer.url == reverse("admin:incident", args=[incident.number])
    assert incident.decision.level.level == Level.PREMIUM
    assert (incident.subject, incident.calls.get().minutes) == ("IMAP stopped.", 4)
    assert PhoneNumber.objects.get().number == "+442079460958"


def test_a_call_is_logged_on_an_open_incident_once(client, ts1, nora):
    incident = make_incident(reporter=nora)
    service = service_of(client.get(page(nora)))
    sent = call(about=incident.pk, service=service, body="", told="Restart IMAP.", then="solved")
    sent |= {"solution": "A restart", "cause": make_cause().key}

    for _ in range(2):
        assert client.post(page(nora), sent).status_code == 302

    incident.refresh_from_db()
    assert (incident.state, incident.calls.count()) == (State.SOLVED, 1)
    assert incident.solutions.get().cause == make_cause()
    assert incident.calls.get().answered
    assert (
        "We talked"
        not in client.get(reverse("admin:incident", args=[incident.number])).content.decode()
    )


@pytest.mark.parametrize(
    "fields",
    (
        {"body": ""},
        {"minutes": -1},
        {"minutes": 2000},
        {"outcome": "no_answer"},
        {"about": "12345"},
        {"number": "hello"},
    ),
)
def test_a_call_that_says_too_little_comes_back_with_what_was_typed(client, ts1, nora, fields):
    service = service_of(client.get(page(nora)))

    answer = client.post(page(nora), call(service=service, subject="Kept words", **fields))

    assert answer.status_code == 400
    assert "Kept words" in answer.content.decode()
    assert not Incident.objects.exists()


def test_the_exchange_of_the_organisation_is_learned_and_forgotten(client, ts1, nora):
    service = service_of(client.get(page(nora)))
    client.post(page(nora), call(service=service, remember="organisation", number="+40215550100"))
    known = PhoneNumber.objects.get()
    assert (known.person, known.organisation) == (None, nora.organisation)
    assert "+40 21 555 0100" in client.get(page(nora)).content.decode()

    client.post(reverse("admin:number_forget", args=[known.pk]))

    assert callers("+40215550100", ts1) == []


@pytest.mark.parametrize("given", ("0", "x", "99999999999999999999", "-1"))
def test_a_caller_who_is_nobody_is_not_found(client, ts1, given):
    assert client.get(URL, {"caller": given}).status_code == 404


def test_an_engineer_who_serves_others_finds_nobody(client, settings, nora):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(make_engineer(make_organisation()))

    assert client.get(URL, {"q": "nora"}).context["callers"] == []
    assert client.get(page(nora)).status_code == 404


@pytest.mark.parametrize("people", (1, 3))
def test_the_search_asks_as_often_for_one_as_for_three(client, ts1, northwind, people):
    for _ in range(people):
        make_contact(northwind, phone="+40 722 123 456")

    with asks(5):
        assert len(client.get(URL, {"q": "722123456"}).context["callers"]) == people


@pytest.mark.parametrize("incidents", (1, 3))
def test_the_page_asks_as_often_for_one_incident_as_for_three(client, ts1, nora, incidents):
    for _ in range(incidents):
        make_incident(reporter=nora)

    with asks(21):
        client.get(page(nora))
