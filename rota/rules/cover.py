"""Where nobody is on duty. Pure: no Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]  # aware, half-open


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, without overlaps; what is empty is left out."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of the span beside those: the same gives the gaps of what must be covered."""
    cursor, found = span[0], []
    for start, end in joined(taken):
        if start > cursor and cursor < span[1]:
            found.append((cursor, min(start, span[1])))
        cursor = max(cursor, end)
    if cursor < span[1]:
        found.append((cursor, span[1]))
    return found
