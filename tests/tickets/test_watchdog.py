"""The watchdog: who may look, what it says when all is well, and when nobody sweeps."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from axsupport.celery import app
from core.clock import database_now
from core.journal import record
from core.models import SearchOwed
from tests.factories import (
    hours,
    make_engineer,
    make_incident,
    make_mail,
    make_manager,
    make_notice,
    make_partner_engineer,
    make_tam,
    make_target,
    make_warning,
)
from tests.tickets.staff_pages import asks
from tests.tickets.test_plans import copies, fill, met_targets
from tickets import tasks
from tickets.models import Incident, ResponseTarget, TargetWarning
from tickets.reads import watchdog

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_ran(monkeypatch):
    """The desk runs for an hour, and no sweep has run yet."""
    cache.clear()
    monkeypatch.setattr(watchdog, "runs_for", lambda: hours(1))


@pytest.fixture
def manager(client):
    manager = make_manager()
    client.force_login(manager)
    return manager


def shown(client) -> str:
    return str(client.get(reverse("admin:watchdog")).content.decode())


def by_key() -> dict[str, watchdog.Sweep]:
    return {one.key: one for one in watchdog.sweeps()}


@pytest.mark.parametrize(
    ("make", "status"),
    (
        (make_manager, 200),
        (lambda: make_engineer(is_lead=True), 200),
        (make_engineer, 403),
        (make_tam, 403),
        (lambda: make_partner_engineer(is_lead=True), 403),
    ),
)
def test_managers_and_the_vendors_leads_may_look(client, make, status):
    client.force_login(make())

    page = client.get(reverse("admin:watchdog"))
    rail = client.get(reverse("admin:queue")).content.decode()

    assert page.status_code == status
    assert (reverse("admin:watchdog") in rail) == (status == 200)


def test_a_sweep_is_behind_by_its_oldest_due_moment_that_nobody_looked_at():
    now = database_now()
    for past in (1, 3):
        target = make_target(opened_at=now - hours(30), due_at=now - hours(past))
        make_warning(target, due_at=now - hours(past + 1))
    make_target(opened_at=now - hours(1), due_at=now + hours(9))
    make_notice(next_at=now - hours(5), made_at=now - hours(5))
    make_mail(outcome="received", handled_at=None, received_at=now - hours(6))
    Incident.objects.update(received_at=now - hours(7))
    SearchOwed.objects.update(owed_at=now - hours(8))

    found = by_key()

    behind = {key: round(one.behind / hours(1)) for key, one in found.items() if one.oldest_at}
    assert behind == {
        "breaches": 3,
        "warnings": 4,
        "outbox": 5,
        "mail": 6,
        "dispatch": 7,
        "search": 8,
    }
    late = {key for key, one in found.items() if one.is_late}
    assert late == {
        "breaches",
        "warnings",
        "outbox",
        "mail",
        "search",
    }  # what waits for room is not late


def test_a_desk_that_was_just_started_is_neither_late_nor_silent(monkeypatch, client, manager):
    monkeypatch.setattr(watchdog, "runs_for", lambda: timedelta(seconds=119))
    make_target(opened_at=database_now() - hours(30), due_at=database_now() - hours(1))

    found = by_key()

    assert not [one for one in found.values() if one.is_late or one.is_silent]
    assert round(found["breaches"].behind / hours(1)) == 1  # it is said all the same
    assert "is-breached" not in shown(client)


def test_what_is_due_later_is_not_behind():
    make_target(opened_at=database_now() - hours(1), due_at=database_now() + hours(9))

    assert by_key()["breaches"].oldest_at is None


def test_a_run_is_noted_with_what_it_did_and_how_long_it_took():
    now = database_now()
    make_target(opened_at=now - hours(30), due_at=now - hours(1))

    tasks.note_breaches()

    sweep = by_key()["breaches"]
    assert sweep.run is not None
    assert (sweep.run.done, sweep.run.failed, sweep.is_silent) == (1, "", False)
    assert abs(sweep.run.ended_at - now) < timedelta(seconds=30)
    assert 0 < sweep.run.seconds < 30
    assert sweep.oldest_at is None


def test_a_run_that_broke_off_is_noted_with_its_error(monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ValueError("broken off")

    monkeypatch.setattr(tasks, "in_batches", broken)
    with pytest.raises(ValueError, match="broken off"):
        tasks.note_breaches()

    assert by_key()["breaches"].run.failed == "ValueError"


def test_a_lost_cache_loses_the_last_runs_and_nothing_else(client, manager):
    now = database_now()
    make_target(opened_at=now - hours(30), due_at=now - hours(2))
    tasks.notify_of_warnings()

    cache.clear()

    sweeps = by_key()
    assert [one.run for one in sweeps.values() if one.run] == []
    assert round(sweeps["breaches"].behind / hours(1)) == 2
    assert "Not known" in shown(client)


def test_the_page_says_that_all_is_well(client, manager):
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        if isinstance(entry["schedule"], float):
            app.tasks[entry["task"]]()

    page = shown(client)

    assert "All sweeps keep up" in page
    assert "0 differences found" in page


def test_the_page_says_that_breaches_wait(client, manager):
    now = database_now()
    make_target(opened_at=now - hours(30), due_at=now - hours(2))

    page = shown(client)

    assert "Breaches are not looked at" in page
    assert "2\xa0hours" in page


def test_the_page_says_that_nobody_sweeps(client, manager):
    assert "A sweep has not run for two minutes" in shown(client)


def test_the_page_tells_of_the_audits_differences(client, manager):
    record("audit.difference", make_incident(), at=database_now(), by=None, rule="C7")

    page = shown(client)

    assert "The nightly audit found differences" in page
    assert "1 difference found" in page


@pytest.mark.parametrize("many", (1, 3))
def test_the_page_asks_as_often_for_three_as_for_one(client, manager, many):
    now = database_now()
    for _ in range(many):
        make_warning(make_target(opened_at=now - hours(30), due_at=now - hours(2)))
        make_notice()
        make_mail(outcome="received", handled_at=None)

    with asks(6):
        shown(client)


def test_the_figures_for_prometheus(client):
    now = database_now()
    make_target(opened_at=now - hours(30), due_at=now - hours(2))
    tasks.notify_of_warnings()

    said = client.get("/metrics").content.decode()

    behind = re.search(r'axsupport_sweep_behind_seconds\{sweep="breaches"\} (\S+)', said)
    assert behind is not None
    assert 7200 <= float(behind[1]) < 7300
    assert 'axsupport_sweep_behind_seconds{sweep="mail"} 0.0' in said
    assert 'axsupport_sweep_last_run_seconds{sweep="warnings"}' in said
    assert "axsupport_audit_differences 0.0" in said
    assert "axsupport_requests_total" in said


def test_it_reads_the_partial_indexes_however_much_was_finished():
    target = met_targets()
    now = database_now()
    make_warning(make_target(opened_at=now - hours(30), due_at=now - hours(2)))
    pks = list(ResponseTarget.objects.values_list("pk", flat=True))
    told = make_warning(target, told_at=now)
    fill(TargetWarning, copies(told, target_id=lambda n: pks[n], percent=lambda n: 90))

    with CaptureQueriesContext(connection) as captured:
        watchdog.sweeps()
    (asked,) = [one["sql"] for one in captured.captured_queries if "UNION" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "response_target_watched" in plan
    assert "target_warning_due" in plan
    assert "Seq Scan on tickets_responsetarget" not in plan
    assert "Seq Scan on tickets_targetwarning" not in plan
