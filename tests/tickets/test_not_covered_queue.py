"""The queue of what nothing covers: why, since when, what would cover it, and who decides."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from tests.factories import (
    NINE,
    hours,
    make_engineer,
    make_licence,
    make_manager,
    make_organisation,
    make_tam,
)
from tests.tickets.desk import filed
from tests.tickets.staff_pages import action_of, asks, form, page_of
from tickets.enums import State

pytestmark = pytest.mark.django_db

QUEUE = "/admin/queue/"


def seen(client, person) -> str:
    client.force_login(person)
    answer = client.get(QUEUE, {"view": "not_covered"})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_each_row_says_why_what_would_help_since_when_and_who_decides(client):
    organisation = make_organisation(name="Northwind")
    make_tam(organisation, name="Tamara Stan")
    incident = filed(make_licence(organisation), at=NINE)

    body = seen(client, make_manager())

    decision = incident.decision
    for words in (decision.considered[0]["sentence"], " ".join(decision.remedies)):
        assert escape(words) in body
    for words in ("Northwind", "Tamara Stan", "2 Mar 2026", page_of(incident)):
        assert words in body


def test_what_waits_longest_comes_first_and_what_is_covered_not_at_all(client):
    filed(make_licence(), subject="Later", at=NINE + hours(1))
    filed(make_licence(), subject="Earlier", at=NINE)
    filed(subject="Covered")

    body = seen(client, make_manager())

    assert body.index("Earlier") < body.index("Later")
    assert "Covered</a>" not in body


def test_an_account_manager_sees_those_of_their_organisations(client):
    ours = make_organisation()
    tam = make_tam(ours)
    filed(make_licence(ours), subject="Ours")
    filed(make_licence(), subject="Of others")

    body = seen(client, tam)

    assert ("Ours" in body, "Of others" in body) == (True, False)


def test_an_empty_queue_says_so(client):
    assert "Everything that was reported is covered" in seen(client, make_engineer())


@pytest.mark.parametrize("rows", (1, 3))
def test_the_queue_costs_the_same_for_any_number_of_rows(client, rows):
    for _ in range(rows):
        organisation = make_organisation()
        make_tam(organisation)
        filed(make_licence(organisation))
    client.force_login(make_manager())

    with asks(6):
        client.get(QUEUE, {"view": "not_covered"})


def test_an_account_manager_declines_on_the_incidents_page(client):
    organisation = make_organisation()
    client.force_login(make_tam(organisation))
    incident = filed(make_licence(organisation))

    page = client.get(page_of(incident)).content.decode()
    answer = client.post(action_of(incident, "decline"), form(reason="Please renew first."))

    incident.refresh_from_db()
    assert reverse("admin:incident_action", args=[incident.number, "decline"]) in page
    assert (answer.status_code, incident.state) == (302, State.CLOSED)


def test_an_engineer_is_neither_offered_nor_allowed_to_decline(client):
    incident = filed(make_licence())
    client.force_login(make_engineer())

    page = client.get(page_of(incident)).content.decode()
    answer = client.post(action_of(incident, "decline"), form(reason="No."))

    incident.refresh_from_db()
    assert "Send and close" not in page
    assert (answer.status_code, incident.state) == (403, State.NEW)
