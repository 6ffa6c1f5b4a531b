"""The database's clock: one for all workers, however wrong the clocks of their machines (T2)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The present moment by PostgreSQL, aware, in UTC. Asked anew by each call.

    `clock_timestamp()`, not `now()`: inside a transaction that one stands still.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
