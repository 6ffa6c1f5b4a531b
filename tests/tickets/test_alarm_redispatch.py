"""Alarms whose policy gives an incident to another engineer: owed at once, done once, with why."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import rls
from core.journal import entries_of
from notices.models import Notice
from tests.at_once import at_once
from tests.factories import NINE, hours, make_engineer, make_incident, make_manager, make_target
from tests.tickets.desk import HANDOVER, filed, target_of, told
from tickets import tasks
from tickets.actions.conversation import answer
from tickets.actions.dispatch.dispatch_rules import change_rules
from tickets.actions.dispatch.ownership import accept, assign
from tickets.actions.dispatch.redispatching import redispatch_owed
from tickets.actions.ladder.escalation import escalate
from tickets.actions.promises.alarm_policies import change_policy, in_force
from tickets.actions.promises.alarms import note_breach, note_breaches, notify_of_warning
from tickets.models import Incident, OwedRedispatch
from tickets.rules.dispatch.settings import DispatchRules
from tickets.rules.promises.alarm_steps import AS_SHIPPED, BREACH, Step

pytestmark = pytest.mark.django_db

TO_ANOTHER = [
    Step(75, ("owner",), redispatch=True),
    Step(BREACH, ("owner", "leads"), redispatch=True),
]


@pytest.fixture
def manager():
    manager = make_manager(is_on_duty=False)
    with rls.everything():
        change_policy("", TO_ANOTHER, by=manager, at=NINE)
    return manager


@pytest.fixture
def incident(manager) -> Incident:
    """With an owner, who said that they are on it, and two others who could have it."""
    make_engineer(), make_engineer(), make_engineer()
    incident = filed(at=NINE)
    assert incident.owner is not None
    accept(incident, by=incident.owner, at=NINE + hours(1))
    return incident


def warn(incident: Incident) -> datetime:
    """The warning at 75 %, told when it is due; that moment."""
    warning = target_of(incident).warnings.get(percent=75)
    assert notify_of_warning(warning.pk, at=warning.due_at)
    return warning.due_at


def done(at: datetime) -> list[bool]:
    return [redispatch_owed(one.pk, at=at) for one in OwedRedispatch.objects.order_by("pk")]


def owner_of(incident: Incident):
    incident.refresh_from_db()
    return incident.owner


def test_as_delivered_no_alarm_gives_anything_to_another(incident, manager):
    change_policy("", AS_SHIPPED, by=manager, at=NINE)

    warn(incident)

    assert not OwedRedispatch.objects.exists()
    assert not any(step.redispatch for step in AS_SHIPPED)


def test_at_the_warning_it_goes_to_another_who_is_told_why_and_so_is_the_journal(incident):
    former = incident.owner
    at = warn(incident)

    passed = done(at)

    new = owner_of(incident)
    assert (passed, new != former) == ([True], True)
    assert told(incident, "incident_passed_on") == {former.email}
    assert told(incident, "incident_assigned") == {former.email, new.email}
    why = f"75 % of the response time had passed, and {former} had not answered."
    last = entries_of(incident).filter(kind="incident.dispatched").last()
    assert (last.facts["to"], last.facts["reason"]) == (new.pk, why)
    alarm = entries_of(incident).get(kind="response_target.warned")
    assert alarm.facts["passed_on_from"] == former.pk


def test_twice_is_once(incident):
    at = warn(incident)
    done(at)
    new = owner_of(incident)

    again = done(at + hours(0.1))

    assert again == [False]
    assert owner_of(incident) == new
    assert incident.dispatches.count() == 2
    assert Notice.objects.filter(template="incident_passed_on").count() == 1


def test_at_the_breach_it_goes_on_to_a_third(incident):
    first = incident.owner
    done(warn(incident))
    second = owner_of(incident)
    target = target_of(incident)

    assert note_breach(target.pk, at=target.due_at + hours(0.1))
    passed = done(target.due_at + hours(0.1))

    assert passed == [False, True]
    assert owner_of(incident) not in (first, second)
    last = entries_of(incident).filter(kind="incident.dispatched").last()
    assert last.facts["reason"].startswith("The response target was breached")


def test_two_alarms_that_an_outage_put_together_give_it_once(incident):
    warnings = list(target_of(incident).warnings.all())
    at = max(one.due_at for one in warnings)
    for one in warnings:
        assert notify_of_warning(one.pk, at=at)

    assert OwedRedispatch.objects.count() == 1


def test_what_was_answered_meanwhile_stays(incident):
    at = warn(incident)
    answer(incident, author=incident.owner, body="Restart it, please.", at=at)

    assert done(at) == [False]
    assert owner_of(incident) == incident.owner
    assert not OwedRedispatch.objects.owed().exists()


def test_what_another_has_meanwhile_stays_with_them(incident, manager):
    at = warn(incident)
    other = make_engineer()
    assign(incident, to=other, by=manager, at=at)

    assert done(at) == [False]
    assert owner_of(incident) == other


def test_above_ts1_its_owner_goes_on_talking_to_the_customer(incident):
    escalate(incident, by=incident.owner, at=NINE + hours(2), **HANDOVER)

    warn(incident)

    assert not OwedRedispatch.objects.exists()


def test_what_nobody_has_is_left_to_dispatch(manager):
    incident = make_incident(owner=None)
    make_target(incident)

    assert note_breach(target_of(incident).pk, at=NINE + hours(7))

    assert not OwedRedispatch.objects.exists()


@pytest.mark.parametrize("why", ("nobody else", "the last try"))
def test_when_nobody_else_may_have_it_the_leads_are_asked_once(manager, why):
    lead = make_engineer(is_lead=True, is_on_duty=False, email="lead@desk.example")
    if why == "the last try":
        one_try = DispatchRules(most_tries=1)
        change_rules(one_try, reason="Ask the leads at once.", by=manager, at=NINE)
    only = make_engineer()
    incident = filed(at=NINE)
    if why == "the last try":
        make_engineer()
    at = warn(incident)

    passed = done(at) + done(at)

    assert passed == [False, False]
    assert owner_of(incident) == only
    assert told(incident, "incident_lies") == {lead.email}


def test_it_asks_as_often_for_ten_breaches_as_for_one(manager):
    asked = []
    for many in (1, 10):
        pks = []
        for _ in range(many):
            incident = make_incident(owner=make_engineer())
            pks.append(make_target(incident).pk)
        with CaptureQueriesContext(connection) as captured:
            assert note_breaches(pks, at=NINE + hours(7)) == many
        asked.append(len(captured))

    assert asked[0] == asked[1]
    assert OwedRedispatch.objects.owed().count() == 11


def test_the_managers_set_it_at_the_page(client, manager):
    client.force_login(manager)
    url = reverse("admin:alarm_policy", args=["gold"])
    fields = {"warning1-percent": 90, "warning1-tell": ["owner"], "warning1-redispatch": "on"}

    client.post(url, fields | {"breach-tell": ["leads"]})

    ninety, breach = in_force()["gold"].steps
    assert (ninety.redispatch, breach.redispatch) == (True, False)
    page = client.get(reverse("admin:alarm_policies")).content.decode()
    assert "mail to the owner, to another engineer" in page


@pytest.mark.django_db(transaction=True)
def test_of_six_sweeps_at_once_one_gives_it_to_another(incident):
    with rls.everything():
        at = warn(incident)
        (pk,) = OwedRedispatch.objects.values_list("pk", flat=True)

    passed = at_once(partial(sweep, pk, at), 6)

    with rls.everything():
        assert sorted(passed) == [False] * 5 + [True]
        assert incident.dispatches.count() == 2
        assert Notice.objects.filter(template="incident_passed_on").count() == 1


def sweep(pk: int, at: datetime, _: int) -> bool:
    with rls.everything():
        return redispatch_owed(pk, at=at)


def test_the_sweep_does_what_is_owed(incident):
    former = incident.owner
    warn(incident)

    assert (tasks.redispatch_alarmed(), tasks.redispatch_alarmed()) == (1, 0)
    assert owner_of(incident) != former
