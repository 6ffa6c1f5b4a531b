"""Waking workers and open pages after a commit, without anybody waiting for the broker.

A nudge only says "look now": what is owed stands in rows, and beat asks for it every few seconds
anyway. So one thread of each process publishes them, after the commit, and however long Redis
takes, whoever wrote the rows has his answer. Nudges that pile up meanwhile become one.

One for each task is on its way at a time, whichever process asks: a mark in the cache says so, and
a run takes it away as it begins, before it reads any row. What comes while no further run may
begin (`core.runs`) is not dropped: the run that ends next asks for one more.

News for open pages (`core.events`) go the same way. A page that misses some asks by itself.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from core.cache import OPTIONS
from core.events.passes import line_of

logger = structlog.get_logger(__name__)

OVERTAKEN = 60  # seconds after which a nudge is not worth a run
REST = 0.2  # seconds between two nudges of a process: a run finds all rows of those before it
PILE = 1000  # news that wait at most: of more than that, pages find out by asking
ON_ITS_WAY = 30  # seconds after which a nudge that no run has met is thought lost
LAST_WORDS = 1.0  # seconds that a process which ends gives to nudges still on their way


_wakes_workers: ContextVar[bool] = ContextVar("wakes_workers", default=True)


@contextmanager
def without_haste() -> Iterator[None]:
    """What is done inside waits for the next sweep: for who tells of the past, thousands at once.

    Nothing is lost by it: beat asks for what is owed every few seconds anyway.
    """
    before = _wakes_workers.set(False)
    try:
        yield
    finally:
        _wakes_workers.reset(before)


def nudge_on_commit(task: str) -> None:
    """Have a worker run the sweep `task` after the commit; one nudge a transaction."""
    is_known = any(getattr(entry[1], "task", "") == task for entry in connection.run_on_commit)
    if _wakes_workers.get() and not is_known:
        transaction.on_commit(_Nudge(task), robust=True)


def nudge_in(seconds: float, task: str) -> None:
    """Have a worker run the sweep `task` so long after the commit, for what is due only then."""
    if _wakes_workers.get():
        transaction.on_commit(_Nudge(task, seconds), robust=True)


class _Nudge:
    def __init__(self, task: str, seconds: float = 0.0) -> None:
        self.task, self.seconds = task, seconds

    def __call__(self) -> None:
        _messenger.wake(self.task, self.seconds)


class _Messenger:
    """Publishes in a thread of its own, which starts with the first nudge of a process."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._wanted: set[str] = set()
        self._later: set[tuple[str, float]] = set()
        self._told: dict[str, None] = {}  # in the order of the commits, each once
        self._busy = False
        self._thread: threading.Thread | None = None

    def wake(self, task: str, seconds: float = 0.0) -> None:
        with self._news:
            if seconds:
                self._later.add((task, seconds))
            else:
                self._wanted.add(task)
            self._begin()

    def tell(self, news: str) -> None:
        with self._news:
            if len(self._told) < PILE:
                self._told[news] = None
            self._begin()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="nudges", daemon=True)
            self._thread.start()
        self._news.notify_all()

    def flush(self, seconds: float) -> bool:
        """Wait until nothing is on its way any more; False after so many seconds."""
        with self._news:
            return self._news.wait_for(lambda: not (self._waits or self._busy), seconds)

    @property
    def _waits(self) -> bool:
        return bool(self._wanted or self._later or self._told)

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waits)
                tasks, self._wanted, self._busy = self._wanted, set(), True
                told, self._told = self._told, {}
                later, self._later = self._later, set()
            publish_news(list(told))
            for task in sorted(tasks):
                publish(task)
            for task, seconds in sorted(later):  # of another moment: not the one on its way now
                _send(task, seconds)
            with self._news:
                self._busy = False
                self._news.notify_all()
            time.sleep(REST)


def publish(task: str) -> None:
    """Ask for a run, unless one is asked for already that has not begun yet."""
    if cache.add(_mark(task), _SENT, timeout=ON_ITS_WAY):
        _send(task)


def began(task: str) -> None:
    """A run begins: what is asked for from now on is for another one. Call it before any row."""
    cache.delete(_mark(task))


def missed(task: str) -> None:
    """A run was asked for, and none may begin now: the one that ends next sees to it."""
    cache.set(_mark(task), _MISSED, timeout=OVERTAKEN)


def ended(task: str) -> None:
    """A run is over: ask for one more where somebody missed theirs."""
    if cache.get(_mark(task)) == _MISSED:
        cache.set(_mark(task), _SENT, timeout=ON_ITS_WAY)
        _send(task)


_SENT, _MISSED = "sent", "missed"


def _mark(task: str) -> str:
    return f"nudge:{task}"


def _send(task: str, seconds: float = 0.0) -> None:
    """Errors are logged: the next look of beat's does the work."""
    try:
        current_app.send_task(
            task, retry=False, countdown=seconds or None, expires=seconds + OVERTAKEN
        )
    except (OperationalError, RedisError, OSError) as error:
        cache.delete(_mark(task))
        logger.warning("broker away, the sweep will do it", task=task, error=str(error))


def publish_news(told: list[str]) -> None:
    """Let the events' process hear it; a Redis that is away loses it, and nobody misses it long."""
    if not told:
        return
    try:
        with Redis.from_url(settings.CACHE_URL, **OPTIONS) as redis, redis.pipeline(False) as line:
            for one in told:
                line.publish(line_of(settings.SECRET_KEY), one)
            line.execute()
    except (RedisError, OSError) as error:
        logger.warning("news lost, open pages will ask", count=len(told), error=str(error))


def tell(news: str) -> None:
    """Publish news for open pages soon; in the words of `core.events.news`."""
    _messenger.tell(news)


def flush(seconds: float = LAST_WORDS) -> bool:
    """Wait until this process's nudges are published; False when that took too long."""
    return _messenger.flush(seconds)


def _start_anew() -> None:
    """A forked process has no thread, and its parent's locks may be held for ever."""
    global _messenger
    _messenger = _Messenger()


_messenger = _Messenger()
os.register_at_fork(after_in_child=_start_anew)
atexit.register(flush)
