"""Whether a board has readers whom another has not. Pure."""

from __future__ import annotations

from collections.abc import Collection

from resources.rules.readers import Reader

# From few readers to many. Whoever reads by level reads as registered, too.
_RANK = {"staff": 0, "levels": 1, "registered": 2, "everybody": 3}

Readers = tuple[str, Collection[str]]  # an audience, and its levels


def has_more_readers(new: Readers, old: Readers) -> bool:
    """Whether somebody reads with `new` who did not with `old` (FO7)."""
    if new[0] == old[0] == "levels":
        return not set(new[1]) <= set(old[1])
    return _RANK[new[0]] > _RANK[old[0]]


def may_read(reader: Reader, readers: Readers) -> bool:
    """As `visible_to` says it in SQL, for a board that was read already (FO2)."""
    audience, levels = readers
    if reader.is_staff or audience == "everybody":
        return True
    if audience == "levels":
        return not reader.levels.isdisjoint(levels)
    return audience == "registered" and reader.is_registered
