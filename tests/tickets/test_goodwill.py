"""Accepting what nothing covers (R3)."""

import pytest

from accounts.enums import Role
from core.journal import entries_of
from entitlements.enums import Level
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_level,
    make_licence,
    make_manager,
    make_tam,
)
from tests.tickets.desk import filed, target_of
from tickets.actions.goodwill import accept
from tickets.actions.lifecycle import close
from tickets.errors import AlreadyCovered, AlreadyFinished, EmptyText, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def uncovered():
    return filed(make_licence())


def accepted(incident, by, *, reason="A loyal customer.", at=NINE + hours(2)):
    return accept(incident, level=make_level(Level.PREMIUM), by=by, at=at, reason=reason)


def test_an_accepted_incident_is_served_from_that_moment_and_gets_an_engineer(uncovered):
    engineer = make_engineer()

    incident = accepted(uncovered, make_manager())

    target = target_of(incident)
    incident.refresh_from_db()
    assert (incident.decision.goodwill, incident.decision.level.level) == (True, Level.PREMIUM)
    assert (target.opened_at, target.due_at) == (NINE + hours(2), NINE + hours(8))
    assert incident.owner == engineer


def test_the_first_decision_with_its_reasons_is_kept(uncovered):
    before = uncovered.decision

    incident = accepted(uncovered, make_manager())

    entry = entries_of(incident).get(kind="incident.goodwill")
    assert entry.facts["before"] == before.pk
    assert entry.facts["reason"] == "A loyal customer."
    assert incident.decision.considered == before.considered


def test_the_tam_of_the_organisation_may(uncovered):
    incident = accepted(uncovered, make_tam(uncovered.organisation))

    assert incident.decision.goodwill


@pytest.mark.parametrize(
    "make", (make_engineer, make_tam, make_contact, lambda: make_engineer(role=Role.TS2))
)
def test_nobody_else_gives_support_away(uncovered, make):
    with pytest.raises(NotAllowed):
        accepted(uncovered, make())


def test_a_reason_is_needed(uncovered):
    with pytest.raises(EmptyText):
        accepted(uncovered, make_manager(), reason=" \n")

    uncovered.refresh_from_db()
    assert uncovered.decision.level is None


def test_what_is_covered_needs_no_goodwill():
    with pytest.raises(AlreadyCovered, match="Premium"):
        accepted(filed(), make_manager())


def test_what_is_closed_is_not_accepted(uncovered):
    close(uncovered, by=uncovered.reporter, at=NINE + hours(1))

    with pytest.raises(AlreadyFinished):
        accepted(uncovered, make_manager())
