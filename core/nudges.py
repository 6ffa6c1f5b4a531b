"""Waking a worker after a commit, without anybody waiting for the broker.

A nudge only says "look now": what is owed stands in rows, and beat asks for it every few seconds
anyway. So one thread of each process publishes them, after the commit, and however long Redis
takes, whoever wrote the rows has his answer. Nudges that pile up meanwhile become one.
"""

from __future__ import annotations

import atexit
import os
import threading
import time

import structlog
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis import RedisError

logger = structlog.get_logger(__name__)

OVERTAKEN = 60  # seconds after which a nudge is not worth a run
REST = 0.2  # seconds between two nudges of a process: a run finds all rows of those before it
LAST_WORDS = 1.0  # seconds that a process which ends gives to nudges still on their way


def nudge_on_commit(task: str) -> None:
    """Have a worker run the sweep `task` after the commit; one nudge a transaction."""
    if not any(getattr(entry[1], "task", "") == task for entry in connection.run_on_commit):
        transaction.on_commit(_Nudge(task), robust=True)


class _Nudge:
    def __init__(self, task: str) -> None:
        self.task = task

    def __call__(self) -> None:
        _messenger.wake(self.task)


class _Messenger:
    """Publishes in a thread of its own, which starts with the first nudge of a process."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._wanted: set[str] = set()
        self._busy = False
        self._thread: threading.Thread | None = None

    def wake(self, task: str) -> None:
        with self._news:
            self._wanted.add(task)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="nudges", daemon=True)
                self._thread.start()
            self._news.notify_all()

    def flush(self, seconds: float) -> bool:
        """Wait until nothing is on its way any more; False after so many seconds."""
        with self._news:
            return self._news.wait_for(lambda: not (self._wanted or self._busy), seconds)

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._wanted)
                tasks, self._wanted, self._busy = self._wanted, set(), True
            for task in sorted(tasks):
                publish(task)
            with self._news:
                self._busy = False
                self._news.notify_all()
            time.sleep(REST)


def publish(task: str) -> None:
    """Ask for a run now. Errors are logged: the next look of beat's does the work."""
    try:
        current_app.send_task(task, retry=False, expires=OVERTAKEN)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("broker away, the sweep will do it", task=task, error=str(error))


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
