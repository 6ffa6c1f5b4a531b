"""In time, late or breached: how a response target stands. The one place that says so; pure.

Its twin for rows is `tickets.querysets.KEPT` and `broken_at`; a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

OPEN, BREACHED, MET, LATE, ABANDONED = "open", "breached", "met", "late", "abandoned"
OWED = (OPEN, BREACHED)  # an answer is still to be given


@dataclass(frozen=True)
class Standing:
    """`state` is what a page says: open, breached (open and past due), met, late (answered after
    due), abandoned (nothing is owed any more).

    `kept` is what is counted: True in time, False not, None while nobody can say or where nothing
    was owed when the due moment came.
    """

    state: str
    kept: bool | None


def standing(
    due_at: datetime,
    *,
    met_at: datetime | None = None,
    abandoned_at: datetime | None = None,
    at: datetime,
) -> Standing:
    """By the due moment and facts alone, as of `at` (T1); none of the facts is later than `at`.

    Met is what was answered at or before the due moment (C3). What was abandoned after it was
    broken by then; before it, nothing was owed any more.
    """
    is_past = (met_at or abandoned_at or at) > due_at
    if met_at is not None:
        return Standing(LATE if is_past else MET, not is_past)
    if abandoned_at is not None:
        return Standing(ABANDONED, False if is_past else None)
    return Standing(BREACHED, False) if is_past else Standing(OPEN, None)
