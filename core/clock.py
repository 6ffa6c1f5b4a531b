"""The database's clock: one for all workers, however wrong the clocks of their machines (T2)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection


def database_now() -> datetime:
    """The present moment by PostgreSQL, aware, in UTC. Asked anew by each call.

    `clock_timestamp()`, not `now()`: inside a transaction that one stands still.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def running_clock() -> Callable[[], datetime]:
    """The same clock for the seconds of one run: PostgreSQL is asked now, and never again."""
    began, mark = database_now(), time.monotonic()
    return lambda: began + timedelta(seconds=time.monotonic() - mark)
