"""A stale action is refused with what changed since its page; what overlooks nothing goes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.journal import version_of
from core.kinds import kinds
from tests.factories import (
    NINE,
    make_cause,
    make_contact,
    make_engineer,
    make_incident,
    make_manager,
)
from tickets.actions.conversation import answer, note
from tickets.actions.dispatch.ownership import set_priority, take
from tickets.desk.meanwhile import HEEDS
from tickets.desk.page_actions import PAGE_ACTIONS
from tickets.enums import Priority
from tickets.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    return make_incident(reporter=make_contact())


def post(client, incident, name: str, version: int | None, **more: object):
    url = reverse("admin:incident_action", args=[incident.number, name])
    known = {} if version is None else {"version": version}
    return client.post(url, {"key": f"{name}{version}", **known, **more})


def test_taking_what_somebody_took_says_who(client, incident):
    quicker, late = make_engineer(name="Quick Ana"), make_engineer()
    client.force_login(late)
    seen = version_of(incident)
    take(incident, by=quicker, at=NINE)

    refused = post(client, incident, "take", seen)

    assert refused.status_code == 409
    assert "Since you opened the page" in refused.content.decode()
    assert "Quick Ana" in refused.content.decode()
    incident.refresh_from_db()
    assert incident.owner == quicker

    again = post(client, incident, "take", version_of(incident))
    assert again.status_code == 302
    incident.refresh_from_db()
    assert incident.owner == late


def test_what_was_typed_stays_and_the_form_knows_then(client, incident):
    manager = make_manager()
    client.force_login(manager)
    seen = version_of(incident)
    set_priority(incident, by=make_engineer(), at=NINE, priority=Priority.LOW, reason="It waits.")

    page = post(client, incident, "priority", seen, priority=Priority.HIGH, reason="They wait.")
    said = page.content.decode()

    assert "Since you opened the page" in said
    assert f'name="version" value="{version_of(incident)}"' in said
    incident.refresh_from_db()
    assert incident.priority == Priority.LOW


def test_one_s_own_changes_and_those_that_do_not_matter_refuse_nothing(client, incident):
    engineer = make_engineer()
    client.force_login(engineer)
    seen = version_of(incident)
    note(incident, author=make_engineer(), body="By the way.", at=NINE)
    set_priority(incident, by=engineer, at=NINE, priority=Priority.LOW, reason="It waits.")

    assert post(client, incident, "take", seen).status_code == 302


def test_closing_over_somebody_s_answer_is_refused(client, incident):
    client.force_login(make_engineer())
    seen = version_of(incident)
    answer(incident, author=make_engineer(name="Quick Ana"), body="Restart it.", at=NINE)

    said = {"solution": "A restart", "cause": make_cause().key}
    assert post(client, incident, "close", seen, **said).status_code == 409


@pytest.mark.parametrize("version", (None, ""))
def test_a_form_that_knows_nothing_is_taken_as_before(client, incident, version):
    client.force_login(make_engineer())
    take(incident, by=make_engineer(), at=NINE)

    assert post(client, incident, "take", version).status_code == 302


@pytest.mark.parametrize("version", ("-1", "x", str(2**70)))
def test_nonsense_is_no_version(client, incident, version):
    client.force_login(make_engineer())

    assert post(client, incident, "take", version).status_code == 400


def test_what_makes_an_action_stale_is_a_kind_of_entry_and_the_action_there_is():
    assert set(HEEDS) <= set(PAGE_ACTIONS)
    assert set().union(*HEEDS.values()) <= set(kinds)
