"""What a changed sign or a lost word would move, and no other test sees: moments, lines, facts."""

from __future__ import annotations

import pytest

from core.errors import NotAllowed
from core.journal import entries_of
from tests.factories import (
    NINE,
    days,
    hours,
    make_admin_contact,
    make_contact,
    make_engineer,
    make_incident,
    make_internal_target,
    make_manager,
    make_organisation,
    make_participant,
    make_target,
    make_warning,
)
from tests.tickets.desk import told
from tickets import policies
from tickets.actions import participants
from tickets.actions.conversation import write
from tickets.actions.ladder.internal_alarms import (
    note_internal_breaches,
    notify_of_internal_warnings,
)
from tickets.actions.promises.alarm_policies import change_policy
from tickets.actions.promises.alarms import notify_of_warning, notify_of_warnings
from tickets.enums import Priority, State
from tickets.rules.promises.alarm_steps import BREACH, Step

pytestmark = pytest.mark.django_db

DUE = NINE + hours(6)
TICK = hours(1) / 3600


@pytest.mark.parametrize(("at", "is_told"), ((DUE - TICK, True), (DUE, True), (DUE + TICK, False)))
def test_a_warning_is_told_until_the_very_moment_that_is_owed(at, is_told):
    incident = make_incident(owner=make_engineer(email="owner@desk.example"))
    warning = make_warning(make_target(incident))

    assert notify_of_warning(warning.pk, at=at) is is_told

    warning.refresh_from_db()
    assert (warning.told_at, warning.skipped_at) == ((at, None) if is_told else (None, at))
    assert ("owner@desk.example" in told(incident, "response_target_warning")) is is_told


@pytest.mark.parametrize(("at", "breached"), ((DUE - TICK, 0), (DUE, 0), (DUE + TICK, 1)))
def test_a_tiers_own_target_is_warned_of_until_its_moment_and_breached_after_it(at, breached):
    target = make_internal_target(make_incident(), due_at=DUE, warn_at=DUE - hours(1))

    assert note_internal_breaches([target.pk], at=at) == breached
    assert notify_of_internal_warnings([target.pk], at=at) == 1 - breached


def test_alarms_that_an_outage_put_together_write_one_line_for_the_priority():
    steps = [Step(n, ("owner",), raise_priority=True) for n in (75, 90)]
    change_policy("", [*steps, Step(BREACH, ("owner",))], by=make_manager(), at=NINE)
    incident = make_incident(priority=Priority.LOW, owner=make_engineer())
    target = make_target(incident)

    notify_of_warnings([make_warning(target, percent=n).pk for n in (75, 90)], at=DUE)

    (raised,) = entries_of(incident).filter(kind="incident.priority")
    assert (raised.facts["before"], raised.facts["after"]) == (Priority.LOW, Priority.NORMAL)
    # Of both the latest is notified (T3).
    (warned,) = entries_of(incident).filter(kind="response_target.warned")
    assert warned.facts["percent"] == 90


def test_an_admin_contact_of_another_customer_takes_nobody_off_the_list():
    incident = make_incident()
    colleague = make_participant(incident).person
    stranger = make_admin_contact(make_organisation())

    assert policies.may_let_go(make_admin_contact(incident.organisation), incident, colleague)
    assert not policies.may_let_go(stranger, incident, colleague)
    assert not policies.may_let_go(stranger, incident, stranger)
    with pytest.raises(NotAllowed):
        participants.leave(incident, colleague, by=stranger, at=NINE)


def test_who_has_left_the_customer_takes_not_even_themselves_off():
    incident = make_incident()
    gone = make_participant(incident).person
    gone.organisation = make_organisation()
    gone.save()

    assert not policies.may_let_go(gone, incident, gone)


def test_what_follows_a_long_closed_incident_has_all_that_its_reporter_said_of_it():
    said = {"impact": 2, "urgency": 1, "product": "AXIGEN", "version": "10.6.1"}
    closed = make_incident(
        state=State.CLOSED, closed_at=NINE + days(1), priority=Priority.CRITICAL, **said
    )
    writer = make_contact(closed.organisation)

    message = write(closed, author=writer, body="It is back.", at=NINE + days(30))

    fresh = message.incident
    assert (fresh.follows, fresh.reporter) == (closed, writer)
    assert {name: getattr(fresh, name) for name in said} == said
    kept = ("priority", "service", "licence", "project", "subject")
    assert [getattr(fresh, name) for name in kept] == [getattr(closed, name) for name in kept]
