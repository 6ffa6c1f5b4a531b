"""The customers' pages: what they show, what they cost, who reaches them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from entitlements.enums import Level
from tests.factories import (
    days,
    hours,
    make_attachment,
    make_contact,
    make_engineer,
    make_handover,
    make_incident,
    make_licence,
    make_manager,
    make_message,
    make_organisation,
    make_pack,
    make_participant,
    make_partner_engineer,
    make_rating,
    make_subscription,
    make_tam,
    make_target,
)
from tests.tickets.staff_pages import asks
from tickets.enums import MessageKind, State
from tickets.models import Incident

pytestmark = pytest.mark.django_db

OVERVIEW, LIST, NEW = "/", "/incidents/", "/incidents/new/"


@pytest.fixture
def contact(client):
    """Signed in, of an organisation with Premium from a year ago and a Gold pack."""
    today = timezone.now().date()
    contact = make_contact(make_organisation(name="Northwind"))
    licence = make_licence(contact.organisation, key="AXI-NORTH")
    make_subscription(licence, starts_on=today - days(9), ends_on=today + days(300))
    make_pack(licence)
    client.force_login(contact)
    return contact


def reported(contact, *, within=hours(6), **fields):
    """An incident of the contact's that owes its answer `within` this time from now."""
    now = timezone.now()
    incident = make_incident(reporter=contact, received_at=now - hours(1), **fields)
    make_message(incident, sent_at=now - hours(1))
    make_target(incident, opened_at=now - days(2), due_at=now + within)
    return incident


def page(client, url, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def detail(incident) -> str:
    return reverse("tickets:detail", args=[incident.number])


def test_overview_shows_what_support_there_is_and_what_is_going_on(client, contact):
    reported(contact, subject="IMAP hangs")
    reported(contact, subject="SMTP hangs", state=State.WAITING)
    make_incident(reporter=contact, subject="Old story", state=State.CLOSED)

    body = page(client, OVERVIEW)

    for words in ("Northwind", "AXI-NORTH", "Premium", "IMAP hangs", "SMTP hangs"):
        assert words in body
    assert "Old story" not in body


def test_overview_of_a_new_customer_says_what_to_do(client):
    client.force_login(make_contact())

    body = page(client, OVERVIEW)

    assert "No licence is registered yet" in body
    assert "Nothing is open" in body


@pytest.mark.parametrize("rows", (1, 3))
def test_overview_costs_the_same_for_any_number_of_incidents(client, contact, rows):
    for _ in range(rows):
        reported(contact, owner=make_engineer())

    with asks(OVERVIEW_COST):
        page(client, OVERVIEW)


@pytest.mark.parametrize("rows", (1, 3))
def test_list_costs_the_same_for_any_number_of_incidents(client, contact, rows):
    for _ in range(rows):
        reported(make_contact(contact.organisation), owner=make_engineer())

    with asks(LIST_COST):
        page(client, LIST)


@pytest.mark.parametrize("rows", (1, 3))
def test_an_incident_costs_the_same_for_any_number_of_messages(client, contact, rows):
    incident = reported(contact, owner=make_engineer())
    for _ in range(rows):
        answer = make_message(incident, kind=MessageKind.ANSWER, author=make_engineer())
        make_attachment(answer)
        make_handover(incident)
        make_participant(incident)

    with asks(DETAIL_COST):
        page(client, detail(incident))


OVERVIEW_COST, LIST_COST, DETAIL_COST = 12, 9, 10


def test_list_is_newest_first_with_what_is_owed_and_late(client, contact):
    late = reported(contact, subject="Late one", within=-hours(1))
    make_incident(reporter=contact, subject="Newest", received_at=timezone.now(), level=None)

    body = page(client, LIST)

    assert body.index("Newest") < body.index("Late one")
    assert late.number in body
    assert 'class="is-breached"' in body
    assert "Not covered" in body


FILTERS = [
    ({"state": "unfinished"}, ["IMAP hangs", "Queue full"]),
    ({"state": "waiting"}, ["Queue full"]),
    ({"state": "closed"}, ["Old story"]),
    ({"q": "imap"}, ["IMAP hangs"]),
    ({"q": "imap", "state": "closed"}, []),
    ({"state": "astrology"}, ["IMAP hangs", "Queue full", "Old story"]),
    ({"q": "\0", "state": "a\0b", "page": "9\0"}, ["IMAP hangs", "Queue full", "Old story"]),
    ({"q": "im\0ap", "page": "99"}, ["IMAP hangs"]),
    ({"q": "%"}, []),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_list_can_be_narrowed(client, contact, query, expected):
    make_incident(reporter=contact, subject="IMAP hangs")
    make_incident(reporter=contact, subject="Queue full", state=State.WAITING)
    make_incident(reporter=contact, subject="Old story", state=State.CLOSED)

    body = page(client, LIST, **query)

    assert [one for one in ("IMAP hangs", "Queue full", "Old story") if one in body] == expected
    assert ("No incident fits" in body) is not bool(expected)


def test_list_finds_a_number(client, contact):
    incident = make_incident(reporter=contact, subject="IMAP hangs")
    make_incident(reporter=contact, subject="Queue full")

    body = page(client, LIST, q=incident.number.lower())

    assert ("IMAP hangs" in body, "Queue full" in body) == (True, False)


def test_list_has_pages(client, contact):
    for n in range(27):
        make_incident(reporter=contact, subject=f"Story {n:02d}")

    assert page(client, LIST).count("Story ") == 25
    assert page(client, LIST, page=2).count("Story ") == 2


def test_list_says_what_to_do_when_there_is_nothing(client, contact):
    assert "No incident yet" in page(client, LIST)


def test_an_incident_shows_promise_conversation_and_facts_but_no_note(client, contact):
    engineer = make_engineer(name="Ioana Radu")
    incident = reported(contact, subject="IMAP hangs", owner=engineer, version="10.5", tier=2)
    make_message(incident, kind=MessageKind.ANSWER, author=engineer, body="Restart IMAP.")
    make_message(incident, kind=MessageKind.NOTE, author=engineer, body="Customer is angry.")
    make_message(incident, kind=MessageKind.AUTOMATIC, author=None, body="We got it.")

    body = page(client, detail(incident))

    for words in (
        "A human answers by",
        "Premium",
        "6 hours",
        "It stopped this morning.",
        "Restart IMAP.",
        "Ioana Radu",
        "version 10.5",
        "our testing team looks into it",
        "We got it.",
    ):
        assert words in body
    assert "angry" not in body


@pytest.mark.parametrize(
    ("end", "within", "says"),
    (
        ({}, -hours(1), "Our answer is late."),
        ({"met_at": -hours(0.5)}, hours(6), "Answered in time"),
        ({"met_at": -hours(0.5)}, -hours(1), "Answered late"),
        ({"abandoned_at": -hours(0.5)}, hours(6), "No answer is owed"),
    ),
)
def test_an_incident_says_how_its_promise_stands(client, contact, end, within, says):
    incident = reported(contact, within=within)
    now = timezone.now()
    incident.targets.update(**{name: now + ago for name, ago in end.items()})

    assert says in page(client, detail(incident))


def test_an_uncovered_incident_says_why_and_what_would_help(client, contact):
    incident = make_incident(reporter=contact, level=None)
    decision = incident.decision
    decision.considered_facts = [
        {"level": "basic", "code": "expired", "sentence": "Basic is over."}
    ]
    decision.remedy_facts = ["Buy FIRsT."]
    decision.save()

    body = page(client, detail(incident))

    for words in ("Nothing covers this incident", "Basic is over.", "Buy FIRsT."):
        assert words in body


def test_a_solved_incident_asks_the_question_and_shows_the_answer(client, contact):
    asked = make_incident(reporter=contact, state=State.SOLVED)
    given = make_rating(make_incident(reporter=contact, state=State.CLOSED), comment="Great!")

    assert "How satisfied are you" in page(client, detail(asked))
    assert "Great!" in page(client, detail(given.incident))


def test_a_follow_up_leads_to_what_it_follows(client, contact):
    old = make_incident(reporter=contact, state=State.CLOSED)
    fresh = make_incident(reporter=contact, follows=old)

    assert detail(old) in page(client, detail(fresh))


def test_colleagues_see_it_and_strangers_get_the_answer_of_what_does_not_exist(client, contact):
    incident = reported(contact)
    client.force_login(make_contact(contact.organisation))
    colleague = client.get(detail(incident))
    client.force_login(make_contact())

    stranger, missing = client.get(detail(incident)), client.get("/incidents/AX-2026-999999/")

    assert colleague.status_code == 200
    assert (stranger.status_code, missing.status_code) == (404, 404)
    assert incident.number.encode() not in stranger.content


@pytest.mark.parametrize("page_action", ("close", "reopen", "rate_own"))
def test_strangers_do_nothing_to_it(client, contact, page_action):
    incident = make_incident(reporter=contact, state=State.SOLVED)
    client.force_login(make_contact())

    response = client.post(reverse(f"tickets:{page_action}", args=[incident.number]), {"score": 1})

    incident.refresh_from_db()
    assert (response.status_code, incident.state) == (404, State.SOLVED)


@pytest.mark.parametrize("make", (make_engineer, make_partner_engineer, make_tam, make_manager))
@pytest.mark.parametrize("url", (OVERVIEW, LIST, NEW, "/incidents/AX-2026-000001/"))
def test_staff_are_led_to_their_queue(client, make, url):
    client.force_login(make())

    response = client.get(url)

    assert (response.status_code, response.url) == (302, reverse("admin:queue"))


@pytest.mark.parametrize("url", (OVERVIEW, LIST, NEW, "/incidents/AX-2026-000001/"))
def test_who_is_not_signed_in_is_led_to_the_sign_in(client, url):
    response = client.get(url)

    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={url}")


@pytest.mark.parametrize("url", ("/incidents/AX%00/", "/incidents/%00/close/", "/incidents/x y/"))
def test_a_number_that_can_not_be_one_is_not_found(client, contact, url):
    assert client.get(url).status_code in (404, 405)
    assert client.post(url).status_code == 404


def test_nothing_is_written_by_looking(client, contact):
    incident = reported(contact, within=-hours(1))
    url = reverse("tickets:close", args=[incident.number])

    assert client.get(url).status_code == 405
    page(client, detail(incident))

    assert Incident.objects.get().state == State.NEW
    assert incident.targets.get().breach_noted_at is None


def test_gold_that_was_just_spent_is_told(client, contact):
    incident = reported(contact)
    incident.decision.gold_depleted = True
    incident.decision.save()

    assert "had just been spent" in page(client, detail(incident))
    assert Level.PREMIUM.label in page(client, detail(incident))
