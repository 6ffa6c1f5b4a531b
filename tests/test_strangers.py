"""Every URL of the project, asked by whoever belongs to another organisation, or to nobody.

The walk finds the URLs by itself; one that it can not fill fails with a message that says where
to teach it (`tests/strangers.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.actions.tokens import make_api_token
from accounts.models import Person
from tests import factories as make
from tests.strangers import MARKER, Place, UnknownArgument, World, make_world, places, snapshot

pytestmark = pytest.mark.django_db

# Nothing to see, or not for you. 400 is a form that does not take what was sent, 409 and 410 a
# refusal, 415 a body of the wrong kind.
CLOSED = {302, 400, 401, 403, 404, 405, 409, 410, 415}
OPEN = CLOSED | {200, 204}


def _elsewhere() -> Any:
    return make.make_organisation(name="Elsewhere", partner=make.make_partner())


STRANGERS: dict[str, Callable[[], Person | None]] = {
    "contact": lambda: make.make_contact(_elsewhere()),
    "admin contact": lambda: make.make_admin_contact(_elsewhere()),
    "partner engineer": lambda: make.make_partner_engineer(_elsewhere().partner),
    "engineer who serves others": lambda: make.make_engineer(_elsewhere()),
    "account manager of others": lambda: make.make_tam(_elsewhere()),
    "anybody": lambda: None,
}


@pytest.fixture
def world(settings: Any) -> World:
    settings.STAFF_NEED_SECOND_FACTOR = False
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    cache.clear()
    return make_world()


@pytest.fixture(params=STRANGERS)
def stranger(request: pytest.FixtureRequest, world: World) -> Person | None:
    person = STRANGERS[request.param]()
    if person is not None and person.organisation is not None:
        make.make_subscription(make.make_licence(person.organisation))
    return person


def asked(world: World) -> dict[str, Any]:
    """Fields of all the forms, as far as they can name a thing of the other organisation."""
    return {
        "organisation": world.organisation.pk,
        "licence": world.rows["entitlements.licence"].pk,
        "project": world.rows["entitlements.goliveproject"].pk,
        "incident": world.incident.pk,
        "number": world.incident.number,
        "reporter": world.contact.pk,
        "to": world.contact.pk,
        "owner": world.contact.pk,
        "service": "troubleshooting",
        "channel": "portal",
        "priority": 3,
        "subject": "A stranger's subject",
        "body": "A stranger's words",
        "reason": "A stranger's reason",
        "tried": "x",
        "reproduction": "x",
        "environment": "x",
        "result": "x",
        "score": 1,
        "month": "2026-02",
        "key": "stranger",
        "email": "stranger@evil.example",
        "name": "Stranger",
        "role": "contact",
        "then": "open",
        "post": "yes",
    }


def wrongs(place: Place, method: str, answer: Any, world: World) -> list[str]:
    """What is wrong with an answer to somebody who has nothing to do with `world`."""
    where = f"{method} {place.path} ({place.name or 'no name'}): {answer.status_code}"
    if answer.status_code >= 500:
        return [f"{where}, {getattr(answer, 'exc_info', None)}"]
    wrong = []
    if answer.status_code not in (CLOSED if place.is_theirs else OPEN):
        wrong.append(f"{where}, but it names a thing of somebody else")
    streamed = b"".join(answer.streaming_content) if answer.streaming else answer.content
    said = (streamed + str(answer.headers).encode()).lower()
    # Where a stranger is led to sign in, the address that they asked for goes with them.
    said = said.replace(place.path.lower().encode(), b"").replace(
        place.path.lower().replace("/", "%2f").encode(), b""
    )
    wrong += [f"{where}, shows {one!r}" for one in world.markers() if one in said]
    return wrong


def ask(client: Client, place: Place, world: World, **headers: str) -> list[str]:
    """GET and POST, with everything in the query and the form that could name the other's."""
    fields = asked(world)
    found = []
    by_query = {key: fields[key] for key in ("organisation", "licence", "reporter", "service")}
    for query in ({},) if place.is_theirs else ({}, by_query):
        answer = client.get(place.path, query, headers=headers)
        found += wrongs(place, f"GET {query or ''}", answer, world)
    if place.path.startswith("/api/"):
        answer = client.post(place.path, fields, "application/json", headers=headers)
    else:
        answer = client.post(place.path, fields, headers=headers)
    return found + wrongs(place, "POST", answer, world)


def test_a_stranger_sees_and_changes_nothing(world, stranger):
    client = Client(raise_request_exception=False)
    before = snapshot(world)
    found: list[str] = []

    for place in places(world):
        if stranger is not None:
            client.force_login(stranger)  # signing out is one of the URLs
        found += ask(client, place, world)

    assert found == []
    assert snapshot(world) == before


@pytest.mark.parametrize("stranger", [one for one in STRANGERS if one != "anybody"], indirect=True)
def test_a_strangers_token_opens_nothing(world, stranger):
    authorization = f"Token {make_api_token(stranger, at=make.NINE)}"
    client = Client(raise_request_exception=False)
    before = snapshot(world)
    found: list[str] = []

    for place in places(world):
        if place.path.startswith("/api/"):
            found += ask(client, place, world, Authorization=authorization)

    assert found == []
    assert snapshot(world) == before


@pytest.mark.parametrize("role", ("ts2", "ts3"))
def test_who_works_above_ts1_finds_only_what_came_up_to_them(world, role):
    """They look anything up about a customer, but of its incidents only what was escalated."""
    client = Client(raise_request_exception=False)
    client.force_login(make.make_engineer(role=role))
    world.incident.handovers.all().delete()
    number, attachment = world.incident.number, world.rows["tickets.attachment"]
    about = [one for one in places(world) if number in one.path]
    about += [one for one in places(world) if one.path == attachment.get_absolute_url()]
    lists = [one for one in places(world) if one.name in ("admin:queue", "api:incident-list")]
    before = snapshot(world)

    found = [wrong for place in about for wrong in ask(client, place, world)]
    for place in lists:
        listed = client.get(place.path).content.lower()
        found += [
            place.path for one in (number.lower(), f"{MARKER} subject") if one.encode() in listed
        ]

    assert len(about) > 10
    assert found == []
    assert snapshot(world) == before


def test_the_walk_covers_portal_admin_and_api_and_names_things(world):
    found = list(places(world))

    starts = ("/admin/", "/api/v1/", "/accounts/", "/incidents/", "/reports/", "/people/")
    assert [one for one in starts if not any(p.path.startswith(one) for p in found)] == []
    assert sum(place.is_theirs for place in found) > 40


def test_the_marker_would_be_seen(client, world):
    """Who belongs there sees the marker: the walk above is not blind."""
    client.force_login(world.contact)
    attachment = world.rows["tickets.attachment"]

    seen = [
        client.get(reverse("tickets:list")).content,
        client.get(reverse("tickets:detail", args=[world.incident.number])).content,
        client.get(f"/api/v1/incidents/{world.incident.number}/").content,
        client.get(reverse("tickets:attachment", args=[attachment.pk])).getvalue(),
    ]

    assert [MARKER.encode() in one for one in seen] == [True] * len(seen)


def test_the_walk_reports_whoever_does_get_in(world):
    """The same walk as somebody who may see it all must complain at each of these pages."""
    client = Client(raise_request_exception=False)
    client.force_login(make.make_manager())
    names = {
        "admin:queue",
        "admin:incident",
        "admin:people",
        "admin:mail_raw",
        "api:incident-detail",
    }

    complained = {
        place.name for place in places(world) if place.name in names and ask(client, place, world)
    }

    assert complained == names


def test_a_url_that_can_not_be_filled_says_how_to_teach_it(world, monkeypatch):
    monkeypatch.setattr("tests.strangers.arguments_of", lambda *args: None)

    with pytest.raises(UnknownArgument, match="Teach it in `arguments_of`"):
        list(places(world))
