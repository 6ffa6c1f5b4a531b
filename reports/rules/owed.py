"""What was owed on an engagement at a cut-off, and what became of it in a month (F1, N4). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Bounds = tuple[datetime, datetime]
Moves = Sequence[tuple[datetime, datetime]]  # when it was moved, and what it was due by before


@dataclass(frozen=True)
class Owed:
    """A promise as it stood: its due moment then, whether it was open, and what the month saw."""

    due_at: datetime
    is_open: bool
    was_kept: bool  # in time, in the month
    missed: int  # moments of the month by which it was due and was not kept


def owed_then(
    *,
    noted_at: datetime,
    due_at: datetime,
    moves: Moves,
    kept_at: datetime | None,
    withdrawn_at: datetime | None,
    bounds: Bounds,
) -> Owed | None:
    """As it stood at the end of `bounds`; None where nobody had promised it by then.

    What was promised when its moment had passed already was never kept nor missed. A day's work
    is due at the midnight after it, which belongs to that day: so moments of the month are those
    after its start, up to its end.
    """
    start, end = bounds
    if noted_at >= end:
        return None
    later = [before for moved_at, before in moves if moved_at >= end]
    then = later[0] if later else due_at
    kept = kept_at if kept_at is not None and kept_at < end else None
    gone = withdrawn_at if withdrawn_at is not None and withdrawn_at < end else None
    over = [at for at in (kept, gone) if at is not None]
    ended_at = min(over) if over else None
    moved = [(moved_at, before) for moved_at, before in moves if moved_at < end]
    missed = sum(
        _promised_before(before, noted_at, moved[:place]) and start < before <= end
        for place, (moved_at, before) in enumerate(moved)
        if before < moved_at
    )
    promised = _promised_before(then, noted_at, moved)
    if promised and start < then <= end and (ended_at is None or ended_at > then):
        missed += 1
    in_time = kept is not None and kept <= then and start <= kept and promised
    return Owed(then, ended_at is None, was_kept=in_time, missed=missed)


def _promised_before(due_at: datetime, noted_at: datetime, moved: Moves) -> bool:
    """Whether the moment lay ahead when it was promised."""
    since = moved[-1][0] if moved else noted_at
    return since < due_at
