"""Who reads: as much of somebody as decides what of the online resources they see. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS_UNKNOWN: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reader:
    """`is_registered`: signed in as a customer; `levels` are those that their licences have now."""

    is_staff: bool = False
    is_registered: bool = False
    levels: frozenset[str] = LEVELS_UNKNOWN


STRANGER = Reader()
