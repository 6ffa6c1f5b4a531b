"""A worker gives out all that waits together: nobody who files waits for it, and nobody is lost."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures.process import BrokenProcessPool

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import rls
from notices.models import Notice
from tests.at_once import at_once
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_profile,
)
from tests.tickets.desk import covered, journal, told
from tickets import tasks
from tickets.actions.conversation import write
from tickets.actions.dispatch import dispatching, roster
from tickets.actions.dispatch.dispatching import (
    DISPATCHES,
    dispatch_together,
    waiting_for_dispatch,
)
from tickets.actions.filing import Report, file_incident
from tickets.enums import Priority, State
from tickets.models import Dispatch, Incident

pytestmark = pytest.mark.django_db


def _sweep(_number: int) -> int:
    return int(tasks.dispatch_waiting())


def reported(licence=None, **fields):
    """A report that no worker has looked at yet."""
    licence = licence or covered()
    asked = {"service": "troubleshooting", "subject": "It stops", "body": "It stopped."}
    reporter = make_contact(licence.organisation)
    return file_incident(Report(reporter=reporter, licence=licence, **asked | fields), at=NINE)


def test_who_files_only_wakes_a_worker(monkeypatch):
    woken: list[str] = []
    monkeypatch.setattr(dispatching, "nudge_on_commit", woken.append)
    make_engineer()

    incident = reported()

    assert woken == [DISPATCHES] == [tasks.dispatch_waiting.name]
    assert (incident.owner, incident.is_being_assigned) == (None, True)
    assert incident.targets.get().due_at == NINE + hours(6)  # promised with the report
    assert tasks.dispatch_waiting() == 1
    incident.refresh_from_db()
    assert not incident.is_being_assigned


def test_the_page_says_that_it_is_being_assigned(client):
    engineer = make_engineer()
    incident = reported()
    client.force_login(engineer)
    before = client.get(reverse("admin:queue")).content.decode()
    tasks.dispatch_waiting()
    after = client.get(reverse("admin:queue")).content.decode()

    assert "Being assigned" in before
    assert "Being assigned" not in after
    client.force_login(incident.reporter)
    assert "being assigned" not in client.get(f"/incidents/{incident.number}/").content.decode()


def test_a_hundred_cost_as_many_statements_as_three():
    licence = covered()
    for _ in range(5):
        make_engineer()

    def statements(many: int) -> int:
        for _ in range(many):
            make_incident(licence=licence, organisation=licence.organisation)
        with CaptureQueriesContext(connection) as asked:
            assert tasks.dispatch_waiting() == many
        return len(asked)

    assert statements(3) == statements(60) <= 25


def test_the_most_urgent_gets_the_last_room():
    engineer = make_engineer()
    make_profile(engineer, capacity=1)
    licence = covered()
    low = reported(licence, priority=Priority.LOW)
    critical = reported(licence, priority=Priority.CRITICAL)

    assert tasks.dispatch_waiting() == 1

    low.refresh_from_db()
    critical.refresh_from_db()
    assert (critical.owner, low.owner) == (engineer, None)
    assert not low.is_being_assigned


def test_many_together_never_fill_an_engineer_beyond_their_room():
    licence = covered()
    for _ in range(3):
        make_profile(make_engineer(), capacity=2)
    waiting = [reported(licence) for _ in range(9)]

    assert tasks.dispatch_waiting() == 6
    owners = Incident.objects.filter(pk__in=[one.pk for one in waiting]).values_list("owner")
    assert sorted(map(str, owners)).count("(None,)") == 3


def test_the_leads_are_told_once_of_each_that_nobody_has_room_for():
    lead = make_engineer(is_lead=True, is_on_duty=False)
    incident = reported()

    for _ in range(3):
        assert tasks.dispatch_waiting() == 0

    assert told(incident, "incident_unassigned") == {lead.email}
    assert Notice.objects.filter(template="incident_unassigned").count() == 1


def test_what_found_nobody_has_its_turn_after_the_others(monkeypatch):
    monkeypatch.setattr(dispatching, "HALF", 2)
    licence = covered()
    people = [make_engineer(licence.organisation) for _ in range(1)]
    others = covered()
    for _ in range(7):  # nobody serves these, however much room there is
        make_incident(licence=others, organisation=others.organisation, priority=1)
    last = make_incident(licence=licence, organisation=licence.organisation, priority=Priority.LOW)

    for _ in range(5):
        tasks.dispatch_waiting()

    last.refresh_from_db()
    assert last.owner in people


def test_the_most_urgent_are_looked_at_each_time_and_fresh_ones_before_old_ones(monkeypatch):
    monkeypatch.setattr(dispatching, "HALF", 2)
    tried = [make_incident(dispatch_tried_at=NINE + hours(n)) for n in (3, 2, 1)]
    urgent = [make_incident(priority=Priority.CRITICAL, dispatch_tried_at=NINE) for _ in range(2)]
    fresh = make_incident(priority=Priority.LOW)

    looked_at = waiting_for_dispatch()

    assert looked_at == [urgent[0].pk, urgent[1].pk, fresh.pk, tried[2].pk]


@pytest.mark.django_db(transaction=True)
def test_a_held_row_and_a_long_decision_keep_nobody_waiting(monkeypatch):
    monkeypatch.setattr(roster, "_PATIENCE", 0.1)
    with rls.everything():
        make_engineer()
        licence = covered()
        held, free = reported(licence), reported(licence)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN; SELECT set_config('app.scope', 'all', true)")
        cursor.execute("SELECT 1 FROM tickets_incident WHERE id = %s FOR UPDATE", [held.pk])
        assert tasks.dispatch_waiting() == 1
        cursor.execute("ROLLBACK; BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tickets.dispatch'))")
        started = time.monotonic()
        assert tasks.dispatch_waiting() == 0
        assert time.monotonic() - started < 2
    other.close()

    assert tasks.dispatch_waiting() == 1
    with rls.everything():
        assert {
            one.owner is None for one in Incident.objects.filter(pk__in=[held.pk, free.pk])
        } == {False}


@pytest.mark.django_db(transaction=True)
def test_filing_waits_for_no_decision():
    with rls.everything():
        licence = covered()
        make_engineer()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN; SELECT pg_advisory_xact_lock(hashtext('tickets.dispatch'))")
        with rls.everything(), connection.cursor() as mine:
            mine.execute("SET LOCAL lock_timeout = '200ms'")
            reported(licence)
    other.close()

    with rls.everything():
        assert Incident.objects.count() == 1


def _sweep_until_killed(_number: int) -> None:
    """Everything is written, and nothing committed."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            dispatching, "notify_nobody_fits", lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        )
        tasks.dispatch_waiting()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_while_it_gives_out_loses_and_doubles_nothing():
    with rls.everything():
        engineers = [make_engineer() for _ in range(2)]
        licence = covered()
        waiting = [reported(licence).pk for _ in range(4)]
    with pytest.raises(BrokenProcessPool):
        at_once(_sweep_until_killed, 1)

    given = at_once(_sweep, 4)

    with rls.everything():
        owners = set(Incident.objects.filter(pk__in=waiting).values_list("owner", flat=True))
        assert sum(given) == 4
        assert owners == {one.pk for one in engineers}
        assert Dispatch.objects.count() == 4
        assert Notice.objects.filter(template="incident_assigned").count() == 4
        for incident in Incident.objects.filter(pk__in=waiting):
            assert journal(incident).count("incident.dispatched") == 1


def test_a_row_that_fails_keeps_no_other_waiting(monkeypatch):
    make_engineer()
    licence = covered()
    bad, good = reported(licence), reported(licence)
    decide = roster.Roster.decide

    def decided(self, incident):
        if incident.pk == bad.pk:
            raise ZeroDivisionError
        return decide(self, incident)

    monkeypatch.setattr(roster.Roster, "decide", decided)

    assert tasks.dispatch_waiting() == 1
    good.refresh_from_db()
    assert good.owner is not None


def test_who_writes_while_it_is_being_assigned_is_read_by_whoever_gets_it():
    lead = make_engineer(is_lead=True, is_on_duty=False)
    incident = reported()
    write(incident, author=incident.reporter, body="And the log.", at=NINE)
    assert told(incident, "incident_customer_wrote") == set()

    tasks.dispatch_waiting()  # nobody has room: from now on the leads hear what is written
    incident.refresh_from_db()
    write(incident, author=incident.reporter, body="Hello?", at=NINE + hours(1))

    assert told(incident, "incident_customer_wrote") == {lead.email}


def test_what_is_answered_meanwhile_has_its_owner():
    make_engineer()
    answering = make_engineer(is_on_duty=False)
    incident = reported()
    with transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(owner=answering, state=State.OPEN)

    assert dispatch_together([incident.pk], at=NINE) == 0
    assert not Dispatch.objects.exists()
