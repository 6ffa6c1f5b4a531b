"""What the sweeps of the response targets cost: nearly always nothing is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from bench.tools.desk import BASE, Desk, fill, open_desk
from bench.tools.measure import milliseconds, once, print_table, queries, times_as_long
from core import rls
from tickets.models import ResponseTarget
from tickets.tasks import BATCH, note_breaches, tell_warnings

SMALL, LARGE = 1500, 100_000
SWEEPS: tuple[tuple[str, Callable[[], int]], ...] = (
    ("breaches", note_breaches),
    ("warnings", tell_warnings),
)


def main() -> None:
    at = timezone.now()
    with rls.everything():
        desk = open_desk(at)
    idle = [_idle(desk, size) for size in (SMALL, LARGE)]
    print_table(
        f"A sweep with nothing due: {SMALL:,} and {LARGE:,} open targets",
        ("sweep", "queries", "ms", "ms", "grows"),
        [
            (name, asked, few, many, times_as_long(few, many))
            for (name, asked, few), (_, _, many) in zip(*idle, strict=True)
        ],
    )
    print_table(
        f"Breaches noted, among {LARGE:,} open targets, {BATCH} a run",
        ("due", "ms", "ms each"),
        [_due(many, at) for many in (100, 1000)],
    )


def _idle(desk: Desk, size: int) -> list[tuple[str, int, float]]:
    """Every incident waits for an answer; none is owed before half a day is over."""
    assert size <= BASE or size % BASE == 0
    fill(desk, size, unfinished=1, waiting=False)
    with rls.everything():
        assert ResponseTarget.objects.open().count() == size
    return [(name, queries(sweep), milliseconds(sweep, times=200)) for name, sweep in SWEEPS]


def _due(many: int, at: datetime) -> tuple[str, float, float]:
    """Note this many breaches, each with its journal entry and its notices."""
    with rls.everything():
        late = ResponseTarget.objects.open().filter(breach_noted_at=None).values("pk")[:many]
        moved = ResponseTarget.objects.filter(pk__in=late)
        assert moved.update(due_at=at - timedelta(minutes=1)) == many

    def until_none_is_left() -> None:
        noted = 0
        while noted < many:
            found = note_breaches()
            assert found, "breaches are due, but none was noted"
            noted += found

    spent = once(until_none_is_left)
    return f"{many:,}", spent, spent / many


if __name__ == "__main__":
    main()
