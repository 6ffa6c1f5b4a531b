"""Who answers the customer and who works on it at TS2 and TS3 are two people (X1)."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role
from core import closing
from core.errors import NotAllowed
from core.journal import entries_of
from core.registries import badges
from tests.factories import (
    NINE,
    hours,
    make_absence,
    make_contact,
    make_engineer,
    make_handover,
    make_incident,
    make_manager,
    make_profile,
)
from tests.tickets.desk import HANDOVER, filed, journal, told
from tickets import policies, tasks
from tickets.actions.conversation import answer, write
from tickets.actions.dispatch.ownership import assign, release, take
from tickets.actions.ladder.escalation import escalate, give_back
from tickets.enums import State, Tier
from tickets.errors import AlreadyFinished, OwnerFull, WrongOwner
from tickets.forms.staff import possible_owners
from tickets.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_engineer()


@pytest.fixture
def tester():
    return make_engineer(role=Role.TS2)


@pytest.fixture
def developer():
    return make_engineer(role=Role.TS3)


def came_up(owner, **fields):
    """An incident of the owner's, escalated to TS2 at ten."""
    incident = make_incident(owner=owner, **fields)
    escalate(incident, by=owner, at=NINE + hours(1), **HANDOVER)
    incident.refresh_from_db()
    return incident


def pair(incident):
    incident.refresh_from_db()
    return incident.owner, incident.worker


def test_escalating_gives_the_work_to_somebody_on_duty_and_keeps_the_owner(owner, tester):
    make_engineer(role=Role.TS2, is_on_duty=False)

    incident = came_up(owner)

    assert pair(incident) == (owner, tester)
    assert told(incident, "incident_worker") == {tester.email}
    entry = entries_of(incident).get(kind="incident.worker")
    assert (entry.facts["after"], entry.facts["tier"]) == (tester.pk, 2)
    assert {one["name"] for one in entry.facts["considered"]} >= {tester.name}


def test_ts2_taking_it_leaves_the_customer_with_ts1(owner):
    incident = came_up(owner)
    tester = make_engineer(role=Role.TS2)

    take(incident, by=tester, at=NINE + hours(2))

    assert pair(incident) == (owner, tester)
    assert told(incident, "incident_assigned") == set()


def test_ts1_taking_it_leaves_the_work_with_ts2(owner, tester):
    incident, other = came_up(owner), make_engineer()

    take(incident, by=other, at=NINE + hours(2))

    assert pair(incident) == (other, tester)


def test_another_tester_takes_the_work_over_and_the_former_one_is_told(owner, tester):
    incident = came_up(owner)
    other = make_engineer(role=Role.TS2)

    take(incident, by=other, at=NINE + hours(2))

    assert pair(incident) == (owner, other)
    assert tester.email in {
        one.to.email
        for one in incident_notices(incident)
        if one.key.startswith(f"worker:{incident.pk}:{other.pk}")
    }


def incident_notices(incident):
    from core.journal import label  # noqa: PLC0415
    from notices.models import Notice  # noqa: PLC0415

    return Notice.objects.filter(subject=label(incident)).select_related("to")


@pytest.mark.parametrize("tier", (1, 3))
def test_ts2_takes_no_work_that_is_not_at_its_level(owner, tester, tier):
    incident = make_incident(owner=owner, tier=tier)
    make_handover(incident, from_tier=1, to_tier=2)

    with pytest.raises(NotAllowed):
        take(incident, by=tester, at=NINE + hours(2))

    assert pair(incident) == (owner, None)


def test_what_is_solved_is_not_worked_on_anew(owner, tester):
    incident = make_incident(owner=owner, tier=2, state=State.SOLVED)

    with pytest.raises(AlreadyFinished):
        take(incident, by=tester, at=NINE + hours(7))


def test_back_and_forth_leaves_the_right_owner_and_brings_the_former_worker(
    owner, tester, developer
):
    incident = came_up(owner)
    make_engineer(role=Role.TS2)  # with nothing to do

    up = escalate(incident, by=tester, at=NINE + hours(2), **HANDOVER)
    assert pair(incident) == (owner, developer)
    down = give_back(incident, by=developer, at=NINE + hours(3), result="A patch.")
    assert pair(incident) == (owner, tester)
    last = give_back(incident, by=tester, at=NINE + hours(4), result="It works.")

    assert pair(incident) == (owner, None)
    assert [one.worker for one in (up, down, last)] == [tester, developer, tester]
    again = escalate(incident, by=owner, at=NINE + hours(5), **HANDOVER)
    assert (again.worker, pair(incident)) == (None, (owner, tester))


def test_what_comes_back_without_an_owner_is_dispatched(owner, tester):
    incident = filed()
    Incident.objects.filter(pk=incident.pk).update(owner=None, tier=2, worker=tester)

    give_back(incident, by=tester, at=NINE + hours(2), result="It works.")

    assert pair(incident) == (owner, None)
    assert told(incident, "incident_given_back") == {owner.email}


def test_the_answer_of_ts2_to_what_nobody_owns_makes_them_no_owner(tester):
    incident = make_incident(tier=2, worker=tester)

    answer(incident, author=tester, body="Try the build.", at=NINE + hours(1))

    assert pair(incident) == (None, tester)


def test_both_hear_what_the_customer_writes(owner, tester):
    incident = came_up(owner)

    write(incident, author=incident.reporter, body="Still so.", at=NINE + hours(2))

    assert told(incident, "incident_customer_wrote") == {owner.email, tester.email}


def test_a_lead_gives_the_work_to_ts2_and_the_customer_to_ts1(owner, tester):
    incident, lead = came_up(owner), make_engineer(is_lead=True)
    other, second = make_engineer(), make_engineer(role=Role.TS2)

    assign(incident, to=second, by=lead, at=NINE + hours(2))
    assign(incident, to=other, by=lead, at=NINE + hours(2))

    assert pair(incident) == (other, second)


def test_who_works_on_it_gives_the_work_on_and_not_the_customer(owner, tester):
    incident, second = came_up(owner), make_engineer(role=Role.TS2)

    offered = set(possible_owners(incident, tester))
    assign(incident, to=second, by=tester, at=NINE + hours(2))
    incident.refresh_from_db()

    assert offered == {tester, second}
    with pytest.raises(NotAllowed):
        assign(incident, to=make_engineer(), by=second, at=NINE + hours(2))
    assert pair(incident) == (owner, second)


def test_work_goes_to_nobody_of_another_level(owner, developer):
    incident = came_up(owner)
    make_handover(incident, from_tier=2, to_tier=3)

    with pytest.raises(WrongOwner, match="it is at TS2, and they are not"):
        assign(incident, to=developer, by=make_manager(), at=NINE + hours(2))


def test_room_counts_what_somebody_works_on(owner, tester):
    make_profile(tester, capacity=1)
    first, second = came_up(owner), came_up(owner)

    assert (pair(first), pair(second)) == ((owner, tester), (owner, None))
    with pytest.raises(OwnerFull):
        assign(second, to=tester, by=make_manager(), at=NINE + hours(2))


def test_the_sweep_gives_it_to_whoever_comes_on_duty(owner, tester):
    make_absence(person=tester, starts_at=NINE - hours(1), ends_at=NINE + hours(2))
    incident = came_up(owner)
    waiting = pair(incident)

    given = [tasks.find_workers(), tasks.find_workers()]

    assert (waiting, given, pair(incident)) == ((owner, None), [1, 0], (owner, tester))


def test_who_works_on_it_gives_the_work_back_and_the_owner_stays(owner, tester):
    incident, second = came_up(owner), make_engineer(role=Role.TS2)

    release(incident, by=tester, at=NINE + hours(2), reason="On holiday")

    assert pair(incident) == (owner, second)
    release(incident, by=second, at=NINE + hours(3), reason="So am I")
    assert pair(incident) == (owner, tester)


def test_a_closed_account_leaves_the_work_to_another_of_the_level(owner, tester):
    incident, second = came_up(owner), make_engineer(role=Role.TS2)
    said = closing.foreseen(tester, at=NINE + hours(2))

    closing.carry_out(tester, by=None, at=NINE + hours(2))

    assert incident.number in " ".join(said)
    assert pair(incident) == (owner, second)


def test_mine_and_the_badge_know_what_ts2_works_on(owner, tester):
    incident = came_up(owner)
    make_incident(tier=2, owner=owner)

    assert list(Incident.objects.of(tester)) == [incident]
    assert set(badges["queue"].rows(tester) or ()) == {incident}
    assert not badges["queue"].rows(make_engineer(role=Role.TS2))


def test_the_database_knows_no_worker_at_ts1(tester):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_incident(worker=tester)


def test_who_may_what(owner, tester, developer):
    incident = came_up(owner)
    second = make_engineer(role=Role.TS2)

    may = {
        name: {one for one in (owner, tester, second, developer) if ask(one, incident)}
        for name, ask in (
            ("answer", policies.may_answer),
            ("take", policies.may_take),
            ("escalate", policies.may_escalate),
            ("give back", policies.may_give_back),
            ("assign", policies.may_assign),
            ("customer", policies.may_give_customer),
        )
    }

    assert may == {
        "answer": {owner, tester, second},
        "take": {owner, tester, second},
        "escalate": {owner, tester, second},
        "give back": {owner, tester, second},
        "assign": {owner, tester},
        "customer": {owner},
    }


def test_a_strangers_incident_has_a_worker_of_its_own(owner, tester):
    ours, theirs = came_up(owner), came_up(make_engineer())
    outsider = make_contact()

    take(ours, by=make_engineer(role=Role.TS2), at=NINE + hours(2))

    assert pair(theirs)[1] == tester
    assert not Incident.objects.visible_to(outsider).exists()
    assert "incident.worker" in journal(theirs)


def test_the_upgrade_gives_the_customer_back_to_who_had_them(owner, tester):
    """What migration 0030 does to incidents that a TS2 or TS3 had taken."""
    from importlib import import_module  # noqa: PLC0415

    from django.apps import apps  # noqa: PLC0415

    part = import_module("tickets.migrations.0030_worker").part
    taken = filed()  # dispatched to the owner
    back, orphan, old = filed(), make_incident(tier=2), make_incident(state=State.CLOSED)
    Incident.objects.filter(pk=taken.pk).update(owner=tester, tier=Tier.TS2)
    Incident.objects.filter(pk__in=[back.pk, orphan.pk, old.pk]).update(owner=tester)

    with connection.schema_editor() as editor:
        part(apps, editor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', 'all', true)")

    assert pair(taken) == (owner, tester)
    assert pair(back) == (owner, None)
    assert pair(orphan) == (None, tester)
    assert pair(old) == (tester, None)  # history
    assert journal(taken)[-2:] == ["incident.assigned", "incident.worker"]
