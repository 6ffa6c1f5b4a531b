"""How urgent an incident is, from whom it hits and how hard (as ITIL has it). Pure."""

from __future__ import annotations

LOWEST = 4


def priority_of(impact: int, urgency: int) -> int:
    """1, critical, to 4, low, of an impact and an urgency that are 1, the worst, to 3.

    Everybody without service is critical, some of them hindered is normal; a step down in either
    is a step down in the priority.
    """
    return min(impact + urgency - 1, LOWEST)
