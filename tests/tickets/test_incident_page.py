"""The incident's page: parts fetched on demand, changes in place, conversations of 300 messages."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.factories import (
    hours,
    make_contact,
    make_engineer,
    make_handover,
    make_incident,
    make_manager,
    make_message,
    make_organisation,
)
from tests.tickets.staff_pages import action_of, answer, asks, form, page_of, reported
from tickets.models import Incident

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TABS = ("details", "customer", "history", "notified", "proof")


@pytest.fixture
def engineer(client):
    engineer = make_engineer()
    client.force_login(engineer)
    return engineer


@pytest.fixture
def long(engineer):
    """An incident with 300 messages of nine hundred characters."""
    incident = reported(owner=engineer)
    start = incident.received_at
    colleague = make_engineer()
    for number in range(2, 301):
        author = incident.reporter if number % 2 else colleague
        kind = "report" if number % 2 else "answer"
        make_message(
            incident,
            author=author,
            kind=kind,
            body=f"Message number {number}. " + "Lorem ipsum dolor. " * 46,
            sent_at=start + hours(number / 1000),
        )
    return incident


def link_in(page: str) -> str:
    """To the earlier messages."""
    found = re.search(r'hx-get="([^"]+/earlier/\?before=\d+)"', page)
    assert found is not None
    return found[1]


def reported_in(state: str, **fields: object) -> Incident:
    """With a target that runs, unless it is closed."""
    return make_incident(state=state, **fields) if state == "closed" else reported(**fields)


def numbers(page: str) -> list[int]:
    return [int(one) for one in re.findall(r"Message number (\d+)\.", page)]


def test_tabs_are_parts_for_htmx_and_pages_without_javascript(client, engineer):
    incident = reported(owner=engineer)
    for name in TABS:
        address = reverse(f"admin:incident_{name}", args=[incident.number])
        assert address in client.get(page_of(incident)).content.decode()

        part = client.get(address, headers=HTMX).content.decode()
        whole = client.get(address).content.decode()

        assert "<html" not in part, name
        assert "<html" in whole, name
        assert incident.subject in whole, name


def test_every_form_of_the_page_carries_the_token_without_which_nothing_is_sent(client):
    engineer = make_engineer(is_lead=True)
    client.force_login(engineer)
    for owner, state in ((None, "new"), (engineer, "new"), (engineer, "closed")):
        page = client.get(page_of(reported_in(state, owner=owner))).content.decode()
        for one in re.findall(r'<form method="post".*?</form>', page, flags=re.DOTALL):
            assert "csrfmiddlewaretoken" in one, one[:200]


def test_conversation_comes_back_as_a_part(client, engineer):
    incident = reported(owner=engineer)

    part = client.get(page_of(incident), headers=HTMX).content.decode()

    assert "It stopped this morning." in part
    assert "<html" not in part


def test_long_conversation_shows_its_first_its_last_and_the_rest_on_demand(client, long):
    page = client.get(page_of(long)).content.decode()

    assert "It stopped this morning." in page
    assert numbers(page) == list(range(291, 301))
    assert "289 earlier messages" in page
    assert len(page.encode()) < 80_000

    link = link_in(page)
    part = client.get(link, headers=HTMX).content.decode()
    assert numbers(part) == list(range(271, 291))
    assert "269 earlier messages" in part
    whole = client.get(link).content.decode()
    assert numbers(whole) == list(range(2, 301))


def test_last_of_the_earlier_messages_leave_no_link(client, engineer):
    incident = reported(owner=engineer)
    for number in range(2, 15):
        make_message(
            incident,
            body=f"Message number {number}.",
            sent_at=incident.received_at + hours(number / 100),
        )
    page = client.get(page_of(incident)).content.decode()
    link = link_in(page)

    part = client.get(link, headers=HTMX).content.decode()

    assert "3 earlier messages" in page
    assert numbers(part) == [2, 3, 4]
    assert "earlier message" not in part


@pytest.mark.parametrize("before", ("", "x", "-1", "9" * 30, "0"))
def test_nonsense_instead_of_a_message_is_no_error(client, long, before):
    address = reverse("admin:incident_earlier", args=[long.number])

    answer = client.get(address, {"before": before}, headers=HTMX)

    assert answer.status_code in (200, 404)
    assert numbers(answer.content.decode()) == []


def test_earlier_messages_of_another_incident_are_not_given(client, long):
    stranger = make_message(make_incident(), body="Message number 1000.")
    address = reverse("admin:incident_earlier", args=[long.number])

    answer = client.get(address, {"before": stranger.pk}, headers=HTMX)

    assert numbers(answer.content.decode()) == []


def test_long_conversation_costs_no_more_than_a_short_one(client, long):
    short = reported(owner=long.owner)
    for incident in (short, long):
        with asks(10):
            client.get(page_of(incident))
    before = long.messages.order_by("-sent_at")[9].pk
    with asks(7):
        address = reverse("admin:incident_earlier", args=[long.number])
        client.get(address, {"before": before}, headers=HTMX)


def test_long_message_shows_its_beginning_and_all_of_it_on_demand(client, engineer):
    incident = reported(owner=engineer)
    body = "".join(f"line {number} of the log\n" for number in range(2000))
    message = make_message(incident, body=body)

    page = client.get(page_of(incident)).content.decode()
    address = reverse("admin:incident_message", args=[incident.number, message.pk])
    whole = client.get(address).content.decode()

    assert "line 10 of the log" in page
    assert "line 1999 of the log" not in page
    assert address in page
    assert "line 1999 of the log" in whole
    other = make_message(make_incident(), body="A stranger's")
    wrong = reverse("admin:incident_message", args=[incident.number, other.pk])
    assert client.get(wrong).status_code == 404


def test_handovers_stand_where_they_happened(client, engineer):
    incident = reported(owner=engineer)
    at = incident.received_at
    make_handover(incident, at=at + hours(0.2), tried="We restarted it.")
    make_message(incident, body="After the hand-over.", sent_at=at + hours(0.4))

    page = client.get(page_of(incident)).content.decode()

    places = [
        page.index(words)
        for words in ("It stopped this morning.", "We restarted it.", "After the hand-over.")
    ]
    assert places == sorted(places)


def test_change_in_place_gives_the_parts_that_it_changed_and_no_composer(client, engineer):
    incident = reported(owner=engineer, priority=3)

    answer = client.post(
        action_of(incident, "priority"),
        form(priority=1, reason="Everybody waits."),
        headers=HTMX,
    )

    body = answer.content.decode()
    assert Incident.objects.get(pk=incident.pk).priority == 1
    assert re.search(r'id="incident-rail" hx-swap-oob="true"', body)
    assert re.search(r'id="incident-head" hx-swap-oob="true"', body)
    assert "Critical" in body
    assert "The priority was changed." in body
    assert "<textarea" not in body
    assert '"by": "priority"' in answer.headers["HX-Trigger-After-Settle"]


def test_refused_change_in_place_gives_its_form_with_the_reason(client, engineer):
    incident = reported(owner=engineer)

    in_rail = client.post(action_of(incident, "priority"), form(reason="?"), headers=HTMX)
    in_sheet = client.post(action_of(incident, "escalate"), form(reason="?"), headers=HTMX)

    for refused in (in_rail, in_sheet):
        body = refused.content.decode()
        assert refused.status_code in (400, 422)
        assert "<html" not in body
        assert 'name="key"' in body
        assert "form-errors" in body


def test_rail_shows_how_the_customer_is_reached_and_what_time_it_is_there(client, engineer):
    contact = make_contact(phone="+40 21 555 0142")
    incident = reported(owner=engineer, organisation=contact.organisation, reporter=contact)
    client.force_login(make_manager())

    page = client.get(page_of(incident)).content.decode()

    assert "+40 21 555 0142" in page
    assert "Now there" in page


def in_list(client, incident, query=""):
    return client.get(page_of(incident), {"from": query}).context["place"]


def test_the_list_that_one_came_from_gives_next_previous_and_the_way_back(client, engineer):
    first, second, third = (reported(owner=engineer, priority=one) for one in (1, 2, 3))
    reported(owner=make_engineer())

    place = in_list(client, second, "?view=mine")

    assert place.words == "2 of 3"
    assert place.previous == f"{page_of(first)}?from=%3Fview%3Dmine"
    assert place.next == f"{page_of(third)}?from=%3Fview%3Dmine"
    assert place.url == f"{reverse('admin:queue')}?view=mine#r{second.pk}"
    assert in_list(client, first, "?view=mine").previous == ""
    assert in_list(client, third, "?view=mine").next == ""
    assert client.get(page_of(second)).context["place"] is None


def test_an_incident_that_left_the_list_leads_to_its_first(client, engineer):
    mine = reported(owner=engineer)
    other = reported(owner=make_engineer())

    place = in_list(client, other, "?view=mine")

    assert (place.words, place.previous) == ("1 left", "")
    assert place.next.startswith(page_of(mine))


@pytest.mark.parametrize("query", ("", "?", "?view=nonsense", "%%%", "?q=" + "x " * 3000, "\0"))
def test_a_list_of_nonsense_is_some_list_and_no_error(client, engineer, query):
    incident = reported(owner=engineer)

    assert in_list(client, incident, query) is not None


def test_a_list_never_leads_to_what_its_reader_does_not_see(client):
    ours = make_engineer(make_organisation())
    client.force_login(ours)
    served = ours.assignments.get().organisation
    incident = reported(organisation=served)
    reported(priority=1)

    place = in_list(client, incident)

    assert (place.words, place.next, place.previous) == ("1 of 1", "", "")


def test_what_is_sent_keeps_the_list(client, engineer):
    incident = reported()
    page = f"http://testserver{page_of(incident)}?from=%3Fview%3Dopen"

    taken = client.post(action_of(incident, "take"), form(), headers={"Referer": page})

    assert taken.headers["Location"] == f"{page_of(incident)}?from=%3Fview%3Dopen#messages"


def test_a_list_costs_one_statement(client, engineer):
    incident = reported(owner=engineer)
    for _ in range(3):
        reported(owner=engineer)

    with asks(11):
        in_list(client, incident, "?view=mine")


def test_send_and_next_goes_on_in_the_list_and_to_nothing_foreign(client, engineer):
    first, second = (reported(owner=engineer, priority=one) for one in (1, 2))
    page = f"http://testserver{page_of(first)}?from=%3Fview%3Dmine"
    place = client.get(page_of(first), {"from": "?view=mine"}).context["place"]
    sent = answer(first, after="next", next=place.next_number)

    response = client.post(action_of(first, "answer"), sent, headers={"Referer": page})

    assert place.next_number == second.number
    assert response.headers["Location"] == f"{page_of(second)}?from=%3Fview%3Dmine#messages"
    wrong = answer(first, after="next", next="//evil.example")
    response = client.post(action_of(first, "answer"), wrong, headers={"Referer": page})
    assert "evil" not in response.headers["Location"]
