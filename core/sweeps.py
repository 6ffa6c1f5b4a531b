"""How every sweep works off its rows: each in a transaction of its own, none waits for a bad one.

A sweep reads the keys of rows that are due, over the partial index built on the same Q, and hands
them to an action that claims each. Any number of workers may run it at once, and twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from celery import current_task
from django.db import connection
from django.db.models import QuerySet

from core import nudges, rls

logger = structlog.get_logger(__name__)

BATCH = 500  # rows a run looks at; the rest is the next run's, seconds later
TOGETHER = 100  # rows in one transaction, where that is much cheaper than one for each


def due_ids(rows: QuerySet[Any], limit: int = BATCH) -> list[int]:
    """The keys of the first `limit` rows, in the order given."""
    return list(rows.values_list("pk", flat=True)[:limit])


def again() -> None:
    """Have the task that runs now run once more after this, since it leaves something undone."""
    if current_task:
        nudges.missed(current_task.name)


def each(
    rows: Iterable[int], work: Callable[[int], int], name: str, *, seconds: float | None = None
) -> int:
    """Work off each row in a transaction of its own; the sum of what `work` gives.

    A row that fails is logged and left owed: the next run tries it again, the others go on. After
    so many seconds it stops: other tasks wait for the worker, and one more run is asked for.
    """
    done, began = 0, time.monotonic()
    for pk in rows:
        if seconds is not None and time.monotonic() - began > seconds:
            again()
            break
        try:
            with rls.everything():
                done += work(pk)
        except Exception:  # the next sweep tries this row again; the others must not wait for it
            logger.exception("sweep failed", sweep=name, row=pk)
            connection.ensure_connection()  # the database is away: so would be every other row
    return done


def in_batches(rows: list[int], work: Callable[[list[int]], int], name: str) -> int:
    """Work off the rows a hundred to a transaction, which costs a tenth of one for each.

    A hundred that fail are done one by one, so that the row which is to blame stays owed alone.
    """
    done = 0
    for start in range(0, len(rows), TOGETHER):
        together = rows[start : start + TOGETHER]
        try:
            with rls.everything():
                done += work(together)
        except Exception:  # whichever row it was, the others must not wait for it
            logger.warning("sweep goes on row by row", sweep=name, rows=len(together))
            connection.ensure_connection()
            done += each(together, lambda pk: work([pk]), name)
    return done
