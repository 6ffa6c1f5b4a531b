"""What a calendar's new version would do to an open response target. Pure."""

from __future__ import annotations

from datetime import datetime

EARLIER, OVERDUE, LATER, SAME, PAST = "earlier", "overdue", "later", "same", "past"


def outcome(old_due: datetime, new_due: datetime, *, noted: bool, at: datetime) -> str:
    """Only what gets `earlier` moves; a promise never gets later (rule 5).

    `past`: broken already, a fact that nothing moves (C7). `overdue`: so much earlier that it would
    be broken by the change alone, which no change of a calendar may do to a verdict (R4).
    """
    if noted or old_due < at:
        return PAST
    if new_due > old_due:
        return LATER
    if new_due == old_due:
        return SAME
    return OVERDUE if new_due <= at else EARLIER
