"""Four workers, one breach: everybody is notified once, one call is owed, the priority goes up
once."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connection, transaction

from accounts.models import Person
from core import rls
from core.models import JournalEntry
from notices.enums import Way
from notices.models import Notice
from tests.at_once import at_once
from tests.factories import (
    NINE,
    hours,
    make_engineer,
    make_incident,
    make_manager,
    make_target,
    make_warning,
)
from tests.tickets.desk import target_of
from tickets.actions.promises.alarm_policies import change_policy
from tickets.actions.promises.alarms import note_breaches, notify_of_warnings
from tickets.enums import Priority
from tickets.models import AlarmPolicy, Incident
from tickets.rules.promises.alarm_steps import BREACH, Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incident() -> Incident:
    """Of low priority, due at three; at a breach and before it all is done that can be."""
    owner = make_engineer(is_lead=True, phone="+40215550100")
    found = make_incident(owner=owner, priority=Priority.LOW)
    make_target(found)
    steps = [Step(percent, ("owner", "leads"), "on_duty", True) for percent in (75, BREACH)]
    with rls.everything():
        change_policy("", steps, by=make_manager(), at=NINE)
    return found


def _breach(target: int, number: int) -> int:
    with rls.everything():
        return note_breaches([target], at=NINE + hours(7))


def _warn(warning: int, number: int) -> int:
    with rls.everything():
        return notify_of_warnings([warning], at=NINE + hours(5))


def assert_once(incident: Incident, kind: str) -> None:
    incident.refresh_from_db()
    assert incident.priority == Priority.NORMAL
    assert JournalEntry.objects.filter(kind=kind).count() == 1
    assert Notice.objects.filter(way=Way.MAIL).count() == 1
    assert Notice.objects.filter(way=Way.CALL).count() == 1


def test_of_four_workers_one_notes_the_breach(incident):
    noted = at_once(partial(_breach, target_of(incident).pk), 4)

    assert sorted(noted) == [0, 0, 0, 1]
    assert_once(incident, "response_target.breached")


def test_of_four_workers_one_tells_the_warning(incident):
    told = at_once(partial(_warn, make_warning(target_of(incident)).pk), 4)

    assert sorted(told) == [0, 0, 0, 1]
    assert_once(incident, "response_target.warned")


def test_an_incident_that_somebody_works_on_is_left_to_the_next_sweep(incident):
    """Waiting for it with the target in hand would be a deadlock with the answer."""
    target, noted = target_of(incident).pk, []

    def sweep() -> None:
        noted.append(_breach(target, 0))
        connection.close()

    with rls.everything(), transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join(timeout=20)
    noted.append(_breach(target, 0))

    assert noted == [0, 1]
    assert_once(incident, "response_target.breached")


def _change(manager: int, number: int) -> int:
    steps = [Step(10 + number), Step(BREACH, ("owner",))]
    with rls.everything():
        by = Person.objects.get(pk=manager)
        return change_policy("gold", steps, by=by, at=NINE).version


def test_managers_who_change_a_policy_at_once_each_make_a_version():
    versions = at_once(partial(_change, make_manager().pk), 4)

    assert sorted(versions) == [1, 2, 3, 4]
    assert AlarmPolicy.objects.filter(level="gold").count() == 4
