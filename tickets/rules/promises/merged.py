"""What an incident owes once a duplicate was merged into it, and what one owes alone again (G1)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Owed(StrEnum):
    """What becomes of the answer that the remaining incident owes."""

    KEEPS = "keeps"  # what it owed, or nothing
    EARLIER = "earlier"  # by the moment that the duplicate was promised
    CARRIED = "carried"  # it owed nothing: the duplicate's, by its moment
    ANEW = "anew"  # the duplicate's was late already: one more, promised from now on


def owed_after(ours: datetime | None, theirs: datetime | None, at: datetime) -> Owed:
    """By the due moments of what both owed, of the remaining incident first; None: no answer.

    Whose moment has passed is breached, which stays its own verdict: it makes the other's no
    earlier, so one late answer is counted once.
    """
    if theirs is None:
        return Owed.KEEPS
    if ours is None:
        return Owed.CARRIED if at < theirs else Owed.ANEW
    return Owed.EARLIER if at < theirs < ours else Owed.KEEPS
