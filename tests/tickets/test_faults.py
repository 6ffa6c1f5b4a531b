"""What breaks in the night: real workers and beats on a PostgreSQL and a Redis of their own.

Whatever happens, every breach is noted once with its own moment, and every person told once.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.db.models import Model

from core.clock import database_now
from core.models import JournalEntry
from embedded.processes import wait_until
from notices.models import Notice
from tests.factories import hours, make_engineer, make_incident, make_target, make_warning
from tests.tickets.fleet import PATIENCE, Fleet
from tickets.models import ResponseTarget, TargetWarning

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

M = TypeVar("M", bound=Model)
MANY = 1000
BREACHES = "tickets.tasks.note_breaches"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def servers() -> Iterator[Fleet]:
    with tempfile.TemporaryDirectory(prefix="axsupport-faults-") as folder:
        fleet = Fleet(Path(folder))
        try:
            yield fleet
        finally:
            fleet.close()


@pytest.fixture
def fleet(servers: Fleet) -> Iterator[Fleet]:
    """A desk without an incident; our own connection sees all of it."""
    with servers.as_our_database():
        servers.make_empty()
        yield servers
        servers.stop_everybody()


def copies(row: M, many: int, **fields: Callable[[int], Any]) -> list[M]:
    """So many more rows like this one, written at once, different in these fields."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del values["id"]
    made = (
        type(row)(**values | {name: value(n) for name, value in fields.items()})
        for n in range(many)
    )
    return type(row)._default_manager.bulk_create(made)


def make_overdue(many: int, *, by: timedelta = MINUTE) -> list[ResponseTarget]:
    """Open targets, each due a second before the last, the first due `by` ago.

    Each has a warning that nobody told. The owner is to be told of each, who is a lead, too.
    """
    owner = make_engineer(email="owner@desk.example", is_lead=True)
    due_at = database_now() - by
    target = make_target(make_incident(owner=owner), opened_at=due_at - hours(9), due_at=due_at)
    incident, more = target.incident, many - 1
    decisions = copies(incident.decision, more)
    incidents = copies(
        incident,
        more,
        number=lambda n: f"AX-2025-{n:06d}",
        decision_id=lambda n: decisions[n].pk,
        due_at=lambda n: None,  # the database keeps it, by the open target
    )
    targets = [target] + copies(
        target,
        more,
        incident_id=lambda n: incidents[n].pk,
        due_at=lambda n: due_at - timedelta(seconds=n + 1),
    )
    warning = make_warning(target, due_at=due_at - hours(1))
    copies(warning, more, target_id=lambda n: targets[n + 1].pk)
    return targets


def make_slow() -> None:
    """Each breach takes two milliseconds to note: time enough for something to break."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(0.002); RETURN NEW; END $$;"
            " CREATE TRIGGER dawdle BEFORE UPDATE ON tickets_responsetarget"
            " FOR EACH ROW EXECUTE FUNCTION dawdle()"
        )


def noted() -> int:
    return ResponseTarget.objects.filter(breach_noted_at__isnull=False).count()


def wait_for(fleet: Fleet, ready: Callable[[], bool]) -> None:
    assert wait_until(ready, patience=PATIENCE, step=0.02), fleet.said()


def assert_noted_and_told_once(targets: list[ResponseTarget], *, people: int = 1) -> None:
    """Every one of these, and nothing else: with its own moment, and one notice a person."""
    due = {target.pk: target.due_at for target in targets}
    rows = list(ResponseTarget.objects.filter(pk__in=due))
    assert {row.pk: row.due_at for row in rows} == due
    now = database_now()
    assert all(row.breach_noted_at and row.due_at < row.breach_noted_at <= now for row in rows)
    entries = JournalEntry.objects.filter(kind="response_target.breached")
    written = Counter(entries.values_list("subject", "at"))
    assert written == Counter((f"tickets.incident:{one.incident_id}", one.due_at) for one in rows)
    told = Notice.objects.filter(template="response_target_breached")
    keys = Counter(told.values_list("key", flat=True))
    assert keys == {f"breach:{pk}": people for pk in due}
    assert not Notice.objects.filter(template="response_target_warning").exists()  # T3
    assert not TargetWarning.objects.filter(skipped_at=None).exists()


def test_two_beats_and_four_workers_at_once_whose_clocks_are_all_five_minutes_off(fleet):
    targets = make_overdue(MANY)
    running = make_target(opened_at=database_now() - hours(1), due_at=database_now() + 4 * MINUTE)
    for seconds in (300, -300, 300, -300):
        fleet.worker(seconds=seconds)
    for _ in range(2):
        fleet.beat()

    wait_for(fleet, lambda: noted() == MANY)

    running.refresh_from_db()
    assert_noted_and_told_once(targets)
    assert running.breach_noted_at is None


def test_a_worker_is_killed_in_the_middle_of_a_sweep(fleet):
    targets = make_overdue(MANY)
    make_slow()
    worker = fleet.worker()
    fleet.queue(BREACHES)
    wait_for(fleet, lambda: noted() > 0)

    fleet.kill(worker)

    before = noted()
    assert 0 < before < MANY
    assert JournalEntry.objects.filter(kind="response_target.breached").count() == before
    fleet.worker()
    fleet.beat()
    wait_for(fleet, lambda: noted() == MANY)
    assert_noted_and_told_once(targets)


def test_redis_loses_what_was_queued(fleet):
    targets = make_overdue(30)
    make_engineer(is_lead=True)
    for _ in range(3):
        fleet.queue(BREACHES)
    assert fleet.queued() == 3

    fleet.redis.flushall()

    assert fleet.queued() == 0
    fleet.worker()
    fleet.beat()
    wait_for(fleet, lambda: noted() == 30)
    fleet.redis.flushall()  # and again, with the nudges to send the notices
    wait_for(fleet, lambda: Notice.objects.filter(sent_at=None).count() == 0)
    assert_noted_and_told_once(targets, people=2)
    assert sorted(Counter(fleet.mails_to()).values()) == [30, 30]


def test_postgresql_is_restarted_during_the_sweep(fleet):
    targets = make_overdue(MANY)
    make_slow()
    worker = fleet.worker()
    fleet.beat()
    wait_for(fleet, lambda: noted() > 0)

    fleet.restart_postgres()

    fleet.open_the_wall()
    assert 0 < noted() < MANY
    wait_for(fleet, lambda: noted() == MANY)
    assert_noted_and_told_once(targets)
    assert worker.running
