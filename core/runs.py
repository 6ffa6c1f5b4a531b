"""When each task ran last, how long it took and what it did: for the watchdog's page and figures.

Kept in the cache, for speed and on purpose: losing it loses nothing that matters. What is owed is
read from the rows themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import structlog
from celery import Task
from django.core.cache import cache
from django.db import Error
from redis import RedisError

from core.clock import database_now

logger = structlog.get_logger(__name__)


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
    """Every task of the desk: each run is noted, whoever called it."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            done = super().__call__(*args, **kwargs)
        except Exception as error:
            _note(self.name, time.perf_counter() - started, 0, type(error).__name__)
            raise
        _note(self.name, time.perf_counter() - started, done if isinstance(done, int) else 0)
        return done


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
