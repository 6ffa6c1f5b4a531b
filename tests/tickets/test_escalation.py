"""TS1 > TS2 > TS3 and back: the hand-over, who may, and what stays as it is (X1)."""

import pytest

from accounts.enums import Role
from core.errors import NotAllowed
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_manager,
    make_partner_engineer,
    make_tam,
    make_target,
)
from tests.tickets.desk import HANDOVER, target_of, told
from tickets.actions.ladder.escalation import escalate, give_back
from tickets.enums import State, Tier
from tickets.errors import AlreadyFinished, HandoverIncomplete, HighestTier, LowestTier
from tickets.models import Handover, Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_engineer()


def at_tier(tier, owner, **fields):
    incident = make_incident(tier=tier, owner=owner, **fields)
    make_target(incident)
    return incident


def test_escalating_tells_the_next_team_and_keeps_owner_and_target(owner):
    incident = at_tier(1, owner)
    testers = [make_engineer(role=Role.TS2) for _ in range(2)]
    make_engineer(role=Role.TS3)
    make_engineer(role=Role.TS2, is_active=False)

    handover = escalate(incident, by=owner, at=NINE + hours(1), **HANDOVER, logs="a\0b")

    incident.refresh_from_db()
    assert (incident.tier, incident.owner) == (Tier.TS2, owner)
    assert (handover.from_tier, handover.to_tier, handover.logs) == (1, 2, "ab")
    assert target_of(incident).due_at == NINE + hours(6)
    assert told(incident, "incident_worker") == {incident.worker.email}
    assert incident.worker in testers
    assert told(incident, "incident_escalated") == set()  # who works on it alone
    assert told(incident, "incident_filed") == set()


def test_where_nobody_of_the_next_team_is_on_duty_all_of_them_are_told(owner):
    incident = at_tier(1, owner)
    testers = [make_engineer(role=Role.TS2, is_on_duty=False) for _ in range(2)]

    escalate(incident, by=owner, at=NINE + hours(1), **HANDOVER)

    incident.refresh_from_db()
    assert (incident.tier, incident.worker) == (Tier.TS2, None)
    assert told(incident, "incident_escalated") == {one.email for one in testers}


def test_ts2_sees_it_from_then_on_and_hands_it_to_ts3(owner):
    incident = at_tier(1, owner)
    tester, developer = make_engineer(role=Role.TS2), make_engineer(role=Role.TS3)
    before = Incident.objects.visible_to(tester).exists()
    escalate(incident, by=owner, at=NINE + hours(1), **HANDOVER)

    escalate(incident, by=tester, at=NINE + hours(2), **HANDOVER)

    assert before is False
    assert told(incident, "incident_worker") == {tester.email, developer.email}
    assert list(Incident.objects.visible_to(developer)) == [incident]
    assert list(Incident.objects.visible_to(tester)) == [incident]  # who had it may follow it


def test_ts3_is_the_highest(owner):
    incident = at_tier(3, owner)

    with pytest.raises(HighestTier):
        escalate(incident, by=make_engineer(role=Role.TS3), at=NINE, **HANDOVER)


@pytest.mark.parametrize("left_out", HANDOVER)
def test_a_hand_over_without_what_the_next_team_needs_is_refused(owner, left_out):
    incident = at_tier(1, owner)

    with pytest.raises(HandoverIncomplete, match="can not start without"):
        escalate(incident, by=owner, at=NINE, **HANDOVER | {left_out: " \0 "})

    incident.refresh_from_db()
    assert (incident.tier, Handover.objects.exists()) == (Tier.TS1, False)


@pytest.mark.parametrize(
    "make",
    (
        make_contact,
        make_tam,
        make_partner_engineer,
        lambda: make_engineer(role=Role.TS2),
        lambda: make_engineer(role=Role.TS3),
    ),
)
def test_only_who_works_at_its_tier_escalates(owner, make):
    incident = at_tier(1, owner)

    with pytest.raises(NotAllowed):
        escalate(incident, by=make(), at=NINE, **HANDOVER)


def test_a_manager_escalates_whatever_the_tier(owner):
    handover = escalate(at_tier(2, owner), by=make_manager(), at=NINE, **HANDOVER)

    assert handover.to_tier == Tier.TS3


@pytest.mark.parametrize("state", (State.SOLVED, State.CLOSED))
def test_what_is_finished_is_not_escalated(owner, state):
    incident = make_incident(state=state, owner=owner)

    with pytest.raises(AlreadyFinished):
        escalate(incident, by=owner, at=NINE, **HANDOVER)


def test_giving_back_goes_one_down_with_the_result_and_tells_the_owner(owner):
    incident = at_tier(3, owner)

    handover = give_back(
        incident, by=make_engineer(role=Role.TS3), at=NINE, result="Patched in 10.6."
    )

    incident.refresh_from_db()
    assert (incident.tier, handover.to_tier, handover.reason) == (2, 2, "Patched in 10.6.")
    assert told(incident, "incident_given_back") == {owner.email}


def test_giving_back_may_go_straight_to_ts1(owner):
    incident = at_tier(3, owner)

    give_back(incident, by=make_engineer(role=Role.TS3), at=NINE, result="No bug.", to_tier=1)

    incident.refresh_from_db()
    assert incident.tier == Tier.TS1


@pytest.mark.parametrize("to_tier", (None, 0, 1, 2, 3))
def test_giving_back_never_goes_up_nor_below_ts1(owner, to_tier):
    with pytest.raises(LowestTier):
        give_back(at_tier(1, owner), by=owner, at=NINE, result="No bug.", to_tier=to_tier)


def test_giving_back_says_what_was_found(owner):
    with pytest.raises(HandoverIncomplete, match="the result"):
        give_back(at_tier(2, owner), by=owner, at=NINE, result=" ")


def test_ts1_without_the_incident_does_not_take_it_back(owner):
    with pytest.raises(NotAllowed):
        give_back(at_tier(2, owner), by=make_engineer(), at=NINE, result="No bug.")
