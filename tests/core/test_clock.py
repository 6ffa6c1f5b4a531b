"""The moment of a sweep is the database's, whatever the machine of the worker says (T2)."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from core.clock import database_now
from tests.factories import hours, make_engineer, make_incident, make_target
from tickets import tasks

pytestmark = pytest.mark.django_db


def test_it_is_aware_in_utc_and_close_to_ours():
    now = database_now()

    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_goes_on_inside_a_transaction():
    before = database_now()
    time.sleep(0.002)

    assert database_now() > before


@pytest.mark.parametrize("wrong", (-300, 300))
def test_a_worker_whose_clock_is_five_minutes_off_sweeps_at_the_databases_moment(
    wrong, monkeypatch
):
    make_engineer(is_lead=True)
    true = datetime.now(UTC)
    over = make_target(due_at=true - timedelta(seconds=60), opened_at=true - hours(6))
    running = make_target(
        make_incident(), due_at=true + timedelta(seconds=60), opened_at=true - hours(6)
    )
    monkeypatch.setattr(timezone, "now", lambda: true + timedelta(seconds=wrong))

    noted = tasks.note_breaches()

    over.refresh_from_db()
    running.refresh_from_db()
    assert noted == 1
    assert over.breach_noted_at is not None
    assert abs(over.breach_noted_at - true) < timedelta(seconds=5)
    assert running.breach_noted_at is None
