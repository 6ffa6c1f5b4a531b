"""Timing, counting queries, and the small tables that every bench prints."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

_FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def milliseconds(work: Callable[[], object], *, times: int = 15) -> float:
    """The median of some runs, after one that warms the caches."""
    work()
    return median(once(work) for _ in range(times))


def once(work: Callable[[], object]) -> float:
    """Milliseconds of one run."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def queries(work: Callable[[], object]) -> int:
    """How often it asks the database, the two sentences to the wall included."""
    with CaptureQueriesContext(connection) as captured:
        work()
    asked = [one["sql"] for one in captured.captured_queries]
    return sum(not sql.startswith(_FRAME) for sql in asked)


def times_as_long(before: float, after: float) -> str:
    return f"{after / before:.1f} x"


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Numbers to the right, the first column to the left."""
    cells = [list(columns), *([_shown(one) for one in row] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    print(f"\n{title}\n")
    for line in cells:
        first, *others = line
        numbers = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        print("  " + "  ".join([first.ljust(widths[0]), *numbers]))


def _shown(cell: object) -> str:
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)
