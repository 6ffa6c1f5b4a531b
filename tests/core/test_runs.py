"""A sweep never overlaps itself, and promises have a worker of their own."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from celery import shared_task
from django.db import connections

from axsupport.celery import PROMISES, app
from axsupport.up import commands
from core.runs import alone
from notices.kinds import KINDS, USUAL, rank_of

pytestmark = pytest.mark.django_db(transaction=True)


def in_another_session(name: str, places: int = 1) -> bool:
    """Whether somebody else finds a place free just now."""
    found: list[bool] = []

    def ask() -> None:
        with alone(name, places) as free:
            found.append(free)
        connections.close_all()

    other = threading.Thread(target=ask)
    other.start()
    other.join()
    return found[0]


def test_a_place_is_taken_once_and_free_again_afterwards():
    with alone("a sweep") as ours:
        assert ours
        assert not in_another_session("a sweep")
        assert in_another_session("another sweep")
    assert in_another_session("a sweep")


def test_sweeps_that_share_their_rows_have_several_places():
    with alone("mails", 2):
        assert in_another_session("mails", 2)
        with alone("mails", 2):  # the same session may take both
            assert in_another_session("mails", 3)


def test_a_place_is_free_after_an_error():
    with pytest.raises(ZeroDivisionError), alone("a sweep"):
        raise ZeroDivisionError
    assert in_another_session("a sweep")


def test_a_task_that_runs_already_does_nothing():
    runs: list[int] = []

    @shared_task(name="tests.a_sweep")  # type: ignore[untyped-decorator]  # Celery has no types
    def a_sweep() -> int:
        runs.append(1)
        return 7

    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with alone("tests.a_sweep"):
            holding.set()
            done.wait(10)
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    holding.wait(10)
    task: Any = a_sweep
    while_it_runs = task()
    done.set()
    other.join()

    assert (while_it_runs, task(), len(runs)) == (0, 7, 1)


def test_breaches_warnings_and_calls_have_a_queue_and_a_worker_of_their_own():
    def queue_of(task: str) -> str:
        return str(app.amqp.router.route({}, task)["queue"].name)

    assert {queue_of(app.conf.beat_schedule[one]["task"]) for one in PROMISES} == {"promises"}
    others = [
        entry["task"] for name, entry in app.conf.beat_schedule.items() if name not in PROMISES
    ]
    assert {queue_of(one) for one in others} == {"celery", "outbox"}
    assert queue_of("notices.tasks.send_owed") == "outbox"
    assert commands.promises("python")[9] == "promises"
    assert commands.worker("python")[9] == "celery,outbox"


def test_mails_wait_for_one_turn_of_the_notices_and_not_for_all():
    """Whatever piles up in one queue: the worker takes of both by turns, and holds nothing back."""
    with app.connection_for_read() as line:
        assert line.default_channel.queue_order_strategy == "round_robin"
    assert app.conf.worker_prefetch_multiplier == 1


def test_a_breach_goes_before_what_nobody_has_taken():
    ranks = [rank_of("response_target_breached"), rank_of("incident_answered"), USUAL]

    assert sorted(ranks) == ranks
    assert rank_of("incident_lies") > USUAL
    assert rank_of("a kind that is new") == USUAL
    assert [kind for kind in ("response_target_call", "incident_lies") if kind not in KINDS] == []
