"""Reading incidents in `/api/v1/`: lists, filters, one incident, and who may."""

import pytest
from django.utils import timezone

from core.journal import record
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_message,
    make_service,
    make_target,
)
from tests.tickets.api.client import URL, client_of, page_action
from tests.tickets.desk import HANDOVER
from tests.tickets.staff_pages import asks
from tickets.enums import MessageKind, State

pytestmark = pytest.mark.django_db


def test_list_shows_the_organisations_own_newest_first(api, contact):
    now = timezone.now()
    old = make_incident(reporter=contact, received_at=now - days(2))
    new = make_incident(reporter=make_contact(contact.organisation), received_at=now)
    make_incident()

    body = api.get(URL).json()

    assert [one["number"] for one in body["results"]] == [new.number, old.number]
    assert body["count"] == 2


FILTERS = [
    ({}, {"a", "b", "c"}),
    ({"state": "open"}, {"b"}),
    ({"state": ["open", "closed"]}, {"b", "c"}),
    ({"priority": "1"}, {"a"}),
    ({"service": "migration"}, {"b"}),
    ({"licence": "AXI-NORTH"}, {"c"}),
    ({"level": "premium"}, {"a", "b", "c"}),
    ({"level": "gold"}, set()),
    ({"received_after": "2026-03-02T10:00:00Z"}, {"b", "c"}),
    ({"received_before": "2026-03-02T10:00:00Z"}, {"a"}),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_list_can_be_narrowed(api, contact, licence, query, expected):
    make_incident(reporter=contact, subject="a", priority=1)
    make_incident(
        reporter=contact,
        subject="b",
        state=State.OPEN,
        service=make_service("migration"),
        received_at=NINE + hours(1),
    )
    make_incident(
        reporter=contact,
        subject="c",
        state=State.CLOSED,
        licence=licence,
        received_at=NINE + hours(2),
    )

    body = api.get(URL, query).json()

    assert {one["subject"] for one in body["results"]} == expected


@pytest.mark.parametrize(
    "query",
    ({"state": "astrology"}, {"priority": "x"}, {"received_after": "soon"}, {"service": "\0"}),
)
def test_a_wrong_filter_is_named(api, query):
    response = api.get(URL, query)

    assert response.status_code == 400
    assert set(response.json()) == set(query)


def test_list_has_pages(api, contact):
    for _ in range(3):
        make_incident(reporter=contact)

    first, last = api.get(URL, {"page_size": 2}), api.get(URL, {"page_size": 2, "page": 2})

    assert (len(first.json()["results"]), len(last.json()["results"])) == (2, 1)
    assert api.get(URL, {"page": 3}).status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_list_costs_the_same_for_any_number_of_incidents(api, contact, licence, rows):
    api.get(URL)  # the token's day of last use is kept now
    for _ in range(rows):
        incident = make_incident(
            reporter=make_contact(contact.organisation), licence=licence, owner=make_engineer()
        )
        make_target(incident)

    with asks(LIST_COST):
        api.get(URL)


@pytest.mark.parametrize("rows", (1, 3))
def test_an_incident_costs_the_same_for_any_number_of_messages(api, contact, licence, rows):
    api.get(URL)
    incident = make_incident(reporter=contact, licence=licence, owner=make_engineer())
    for _ in range(rows):
        make_message(incident)
        make_target(incident, met_at=NINE + hours(1))

    with asks(DETAIL_COST):
        api.get(f"{URL}{incident.number}/")


LIST_COST, DETAIL_COST = 3, 5


def test_notes_are_for_staff(api, contact):
    incident = make_incident(reporter=contact)
    make_message(incident, kind=MessageKind.NOTE, author=make_engineer(), body="Angry.")

    ours = api.get(f"{URL}{incident.number}/").json()
    theirs = client_of(make_engineer()).get(f"{URL}{incident.number}/").json()

    assert (ours["messages"], len(theirs["messages"])) == ([], 1)


def test_another_organisations_incident_does_not_exist_here(contact):
    incident = make_incident(reporter=contact)
    stranger = client_of(make_contact())

    answers = [stranger.get(f"{URL}{incident.number}/"), stranger.get(f"{URL}AX-2026-999999/")]
    answers += [
        stranger.post(page_action(incident, name), HANDOVER | {"body": "Hi"}, format="json")
        for name in ("messages", "escalate", "close", "reopen")
    ]

    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1


def test_a_filter_that_there_is_not_is_refused(api):
    answer = api.get(f"{URL}?stat=open&page=1")
    other = api.get("/api/v1/licences/?state=open")

    assert answer.status_code == other.status_code == 400
    assert "state" in answer.json()["stat"][0]


def test_a_priority_may_be_named(api, contact):
    urgent = make_incident(reporter=contact, priority=1)
    make_incident(reporter=contact, priority=4)

    named = api.get(f"{URL}?priority=critical").json()["results"]
    counted = api.get(f"{URL}?priority=1&priority=low").json()["results"]

    assert [(one["number"], one["priority_name"]) for one in named] == [(urgent.number, "critical")]
    assert len(counted) == 2


def test_pages_by_a_cursor_stay_where_they_are_while_incidents_come_in(api, contact):
    made = [make_incident(reporter=contact, received_at=NINE + hours(n)) for n in range(5)]

    first = api.get(f"{URL}?cursor=&page_size=2").json()
    make_incident(reporter=contact, received_at=NINE + hours(99))
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()

    pages = [[one["number"] for one in page["results"]] for page in (first, second, third)]
    numbers = [one.number for one in reversed(made)]
    assert pages == [numbers[:2], numbers[2:4], numbers[4:]]
    assert third["next"] is None


def test_what_changed_since(api, contact):
    old, written, late, journalled = (
        make_incident(reporter=contact, received_at=NINE) for _ in range(4)
    )
    fresh = make_incident(reporter=contact, received_at=NINE + days(2))
    stranger = make_incident(received_at=NINE + days(2))
    make_message(written, sent_at=NINE + days(2))
    make_target(late, due_at=NINE + hours(1), breach_noted_at=NINE + days(2))
    record("incident.priority", journalled, at=NINE + days(2), by=None)

    found = api.get(f"{URL}?updated_since={(NINE + days(1)).isoformat().replace('+', '%2B')}")

    numbers = {one["number"] for one in found.json()["results"]}
    assert numbers == {one.number for one in (written, late, journalled, fresh)}
    assert old.number not in numbers
    assert stranger.number not in numbers
