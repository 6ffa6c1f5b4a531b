"""When somebody is told that something is owed: at 75 and 90 % of its time, and when it is late.

Pure. A day's work (phases, tasks) is told of when it is late, alone (N4).
"""

from __future__ import annotations

from datetime import datetime

WARNINGS = (75, 90)
LATE = 100


def steps_of(what: str) -> tuple[int, ...]:
    return (*WARNINGS, LATE) if what in ("answer", "reply") else (LATE,)


def next_step(
    what: str, told: int, *, made_at: datetime, due_at: datetime
) -> tuple[int, datetime] | None:
    """The next percent after `told` and its moment; None when all were told."""
    left = [step for step in steps_of(what) if step > told]
    if not left:
        return None
    return left[0], made_at + (due_at - made_at) * left[0] / 100


def reached(
    what: str, told: int, *, made_at: datetime, due_at: datetime, at: datetime
) -> int | None:
    """The furthest step that is reached by `at` and was not told; after an outage only that."""
    found = None
    step = next_step(what, told, made_at=made_at, due_at=due_at)
    while step is not None and step[1] <= at:
        found = step[0]
        step = next_step(what, found, made_at=made_at, due_at=due_at)
    return found
