"""When each task ran last, how long it took and what it did: for the watchdog's page and figures.

Kept in the cache, for speed and on purpose: losing it loses nothing that matters. What is owed is
read from the rows themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import Task
from django.core.cache import cache
from django.db import Error, connection
from redis import RedisError
from structlog.contextvars import bound_contextvars

from core import nudges
from core.clock import database_now

logger = structlog.get_logger(__name__)

_STARTED = time.monotonic()  # gunicorn loads this once, before it forks its workers


@dataclass(frozen=True)
class Run:
    """One run: when it ended (UTC, the database's clock), the seconds it took, what it did.

    `failed` names the error of one that broke off; `done` is 0 then.
    """

    ended_at: datetime
    seconds: float
    done: int
    failed: str = ""


class TimedTask(Task):  # type: ignore[misc]  # Celery carries no types
    """Every task of the desk: it never overlaps itself, and each run is noted.

    What comes while it runs does nothing, but one more run is asked for when that ends: its rows
    may have come after it had looked.
    """

    abstract = True
    at_once = 1  # runs of it at a time; those that share their rows set a higher number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with bound_contextvars(task=self.name):
            done = self._alone(*args, **kwargs)
            if done is None:  # and once more: the run that is on may have ended just now
                nudges.missed(self.name)
                done = self._alone(*args, **kwargs)
            return 0 if done is None else done

    def _alone(self, *args: Any, **kwargs: Any) -> Any:
        """What the run gave; None while no further one may begin."""
        with alone(self.name, self.at_once) as is_free:
            if not is_free:
                logger.debug("runs already")
                return None
            nudges.began(self.name)
            done = self._timed(*args, **kwargs)
        nudges.ended(self.name)
        return done or 0

    def _timed(self, *args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            done = super().__call__(*args, **kwargs)
        except Exception as error:
            _note(self.name, time.perf_counter() - started, 0, type(error).__name__)
            raise
        _note(self.name, time.perf_counter() - started, done if isinstance(done, int) else 0)
        return done


@contextmanager
def alone(name: str, places: int = 1) -> Iterator[bool]:
    """Whether one of so many places of `name` was free; it is ours until the end of the block.

    An advisory lock of the session, so that it ends with a worker that is killed.
    """
    place = next((one for one in range(places) if _lock("pg_try_advisory_lock", name, one)), None)
    try:
        yield place is not None
    finally:
        if place is not None:
            try:
                _lock("pg_advisory_unlock", name, place)
            except Error:  # the session is gone, and the lock with it
                logger.info("lock ended with its session", task=name)


def _lock(function: str, name: str, place: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s), %s)", [f"run:{name}", place])
        return bool(cursor.fetchone()[0])


def runs_for() -> timedelta:
    """Since when this process, or the one that forked it, runs."""
    return timedelta(seconds=time.monotonic() - _STARTED)


def last_runs(tasks: Iterable[str]) -> dict[str, Run]:
    """Task name to its last run, for those that ran; empty where the cache does not answer."""
    try:
        found = cache.get_many([_key(name) for name in tasks])
    except (RedisError, OSError) as error:
        logger.warning("cache away, the last runs are not known", error=str(error))
        return {}
    return {key.removeprefix("run:"): _run(facts) for key, facts in found.items()}


def _note(task: str, seconds: float, done: int, failed: str = "") -> None:
    """Where the database or the cache is away the task itself says so, or nothing is lost."""
    try:
        run = Run(database_now(), seconds, done, failed)
        facts = asdict(run) | {"ended_at": run.ended_at.isoformat()}
        cache.set(_key(task), facts, timeout=None)
    except (Error, RedisError, OSError) as error:
        logger.warning("run not noted", task=task, error=str(error))


def _run(facts: dict[str, Any]) -> Run:
    return Run(**facts | {"ended_at": datetime.fromisoformat(facts["ended_at"])})


def _key(task: str) -> str:
    return f"run:{task}"
