"""What the sweeps of the response targets cost: nearly always nothing is due.

`python -m bench.sweep`; with `BENCH_LARGE=1` also among 1,000,000 open targets.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from bench.tools.copies import multiply
from bench.tools.desk import BASE, Desk, fill, open_desk
from bench.tools.measure import milliseconds, once, print_table, queries, times_as_long
from core import rls
from entitlements.models import CoverageDecision
from tickets.models import Incident, ResponseTarget, TargetWarning
from tickets.reads.watchdog import sweeps as watch
from tickets.tasks import note_breaches, notify_of_warnings

SIZES = (10_000, 100_000)
LARGE = 1_000_000
DUE = (100, 1000, 10_000)
SWEEPS: tuple[tuple[str, Callable[[], object]], ...] = (
    ("breaches", note_breaches),
    ("warnings", notify_of_warnings),
    ("the watchdog's page", watch),
)
# The rows of a breach, and nothing else: what no sweep can do with less.
PLAIN = """
    UPDATE tickets_responsetarget SET breach_noted_at = %(at)s
    WHERE id IN (SELECT id FROM tickets_responsetarget
        WHERE met_at IS NULL AND abandoned_at IS NULL AND breach_noted_at IS NULL
        AND due_at < %(at)s LIMIT 1)
    RETURNING id, incident_id, organisation_id, due_at
"""
PLAIN_ENTRY = """
    INSERT INTO core_journalentry (at, kind, subject, organisation_id, rule, facts)
    VALUES (%s, 'response_target.breached', %s, %s, 'T1', '{}')
"""


def main() -> None:
    at = timezone.now()
    with rls.everything():
        desk = open_desk(at)
    sizes = (*SIZES, LARGE) if os.environ.get("BENCH_LARGE") else SIZES
    idle = []
    for size in sizes:
        _grow(desk, size)
        idle.append(
            [(name, queries(sweep), milliseconds(sweep, times=200)) for name, sweep in SWEEPS]
        )
    print_table(
        "A sweep with nothing due, in ms, by open targets",
        ("sweep", "queries", *(f"{size:,}" for size in sizes), "grows"),
        [
            (row[0][0], row[0][1], *(one[2] for one in row), times_as_long(row[0][2], row[-1][2]))
            for row in zip(*idle, strict=True)
        ],
    )
    plain = _plain(1000, at)
    print_table(
        f"Breaches noted and told, among {sizes[-1]:,} open targets"
        f" (one plain UPDATE and INSERT, each pair committed: {plain:.2f} ms)",
        ("due", "ms", "ms each", "of plain"),
        [
            (f"{many:,}", spent, spent / many, times_as_long(plain, spent / many))
            for many, spent in ((many, _due(many, at)) for many in DUE)
        ],
    )


def _grow(desk: Desk, size: int) -> None:
    """Every incident waits for an answer; none is owed before half a day is over.

    Beyond `BASE` only what a sweep reads is copied: a million conversations would not fit.
    """
    if desk.count == 0:
        fill(desk, BASE, unfinished=1, waiting=False)
    with rls.everything():
        have = ResponseTarget.objects.open().count()
        if have < size:
            multiply((CoverageDecision, Incident, ResponseTarget, TargetWarning), size // have)
        assert ResponseTarget.objects.open().count() == size
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _make_due(many: int, at: datetime) -> None:
    with rls.everything():
        late = ResponseTarget.objects.open().filter(breach_noted_at=None).values("pk")[:many]
        moved = ResponseTarget.objects.filter(pk__in=late)
        before = at - timedelta(minutes=1)
        assert moved.update(due_at=before, opened_at=before - timedelta(hours=6)) == many


def _plain(many: int, at: datetime) -> float:
    """Milliseconds for one row noted and journaled in SQL, in a transaction of its own."""
    _make_due(many, at)

    def work() -> None:
        for _ in range(many):
            with rls.everything(), connection.cursor() as cursor:
                cursor.execute(PLAIN, {"at": at})
                _, incident, organisation, due_at = cursor.fetchone()
                cursor.execute(PLAIN_ENTRY, [due_at, f"tickets.incident:{incident}", organisation])

    return once(work) / many


def _due(many: int, at: datetime) -> float:
    """Milliseconds to note this many breaches, each with its journal entry and its notices."""
    _make_due(many, at)

    def until_none_is_left() -> None:
        noted = 0
        while noted < many:
            found = note_breaches()
            assert found, "breaches are due, but none was noted"
            noted += found

    return once(until_none_is_left)


if __name__ == "__main__":
    main()
