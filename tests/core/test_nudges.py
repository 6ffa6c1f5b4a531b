"""Workers are woken after the commit, and nobody waits for it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import transaction

from core import nudges
from core.cache import CalmCache
from core.throttle import within
from embedded.broker import Broker
from embedded.locate import cache_url
from embedded.processes import Child, Family
from tests.servers import start_redis


@pytest.fixture
def published(monkeypatch) -> Iterator[list[str]]:
    """What was published; a broker that takes 0.3 seconds for each."""
    found: list[str] = []

    def slowly(task: str) -> None:
        time.sleep(0.3)
        found.append(task)

    monkeypatch.setattr(nudges, "publish", slowly)
    nudges.flush(5)
    yield found
    nudges.flush(5)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_nudge_and_those_that_pile_up_are_one(published):
    started = time.perf_counter()
    for _ in range(20):
        with transaction.atomic():
            nudges.nudge_on_commit("a.task")
            nudges.nudge_on_commit("a.task")
            nudges.nudge_on_commit("another.task")
    waited = time.perf_counter() - started

    assert waited < 0.25
    assert nudges.flush(5)
    assert set(published) == {"a.task", "another.task"}
    assert len(published) <= 4


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_wakes_nobody(published):
    with transaction.atomic():
        nudges.nudge_on_commit("a.task")
        transaction.set_rollback(True)

    assert nudges.flush(5)
    assert published == []


def test_a_forked_process_publishes_by_a_thread_of_its_own(published):
    nudges._messenger.wake("a.task")
    held = nudges._messenger._news
    with held:  # as when the parent forks while its own thread is at work
        child = os.fork()
        if child == 0:
            nudges._messenger.wake("a.task")
            os._exit(0 if nudges.flush(5) and published else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.fixture
def frozen(tmp_path) -> Iterator[str]:
    """The address of a Redis that takes connections and answers nothing."""
    family = Family(tmp_path / "processes.json")
    url = cache_url(start_redis(family, tmp_path))
    child: Child = family.children[0]
    child.process.send_signal(signal.SIGSTOP)
    yield url
    child.process.send_signal(signal.SIGCONT)
    family.close()


def test_a_frozen_redis_is_an_empty_cache_and_is_asked_once(frozen, monkeypatch):
    cache = CalmCache(frozen, {})
    started = time.perf_counter()

    assert cache.add("lock", 1) is True
    assert cache.get("x", "nothing") == "nothing"
    assert cache.get_many(["x"]) == {}
    with pytest.raises(ValueError, match="not found"):
        cache.incr("x")
    cache.set("x", 1)
    monkeypatch.setattr("core.throttle.cache", cache)
    assert all(within(1, "limit", seconds=60) for _ in range(20))

    assert time.perf_counter() - started < 1.5


def test_the_cache_comes_back_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr("core.cache.PAUSE", 0.1)
    broker = Broker(tmp_path, tmp_path / "redis.sock", durable=False)
    cache = CalmCache(f"unix://{broker.socket}?db=1", {})
    cache.set("x", 1)
    family = Family(tmp_path / "processes.json")
    start_redis(family, tmp_path)
    try:
        time.sleep(0.15)
        cache.set("x", 2)
        assert cache.get("x") == 2
    finally:
        family.close()


def test_the_desk_uses_it():
    assert isinstance(caches["default"], CalmCache)


def test_nudges_are_asked_for_once_each_run(monkeypatch):
    sent: list[str] = []
    monkeypatch.setattr(nudges, "_send", sent.append)
    nudges.began("a.task")

    for _ in range(5):
        nudges.publish("a.task")
    nudges.began("a.task")
    nudges.publish("a.task")
    nudges.ended("a.task")

    assert sent == ["a.task"] * 2


def test_who_comes_while_no_run_may_begin_gets_one_afterwards(monkeypatch):
    sent: list[str] = []
    monkeypatch.setattr(nudges, "_send", sent.append)
    nudges.began("a.task")

    nudges.missed("a.task")
    nudges.missed("a.task")
    nudges.ended("a.task")
    nudges.ended("a.task")

    assert sent == ["a.task"]
