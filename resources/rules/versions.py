"""Versions of the product, in their true order: 10.6.10 comes after 10.6.9 (D2). Pure."""

from __future__ import annotations

import re

Place = tuple[int, ...]

_FINAL = 9  # above every stage that comes before it
_STAGES = {"alpha": 1, "a": 1, "beta": 2, "b": 2, "rc": 3}
_FORM = re.compile(
    r"v?(?P<numbers>\d{1,6}(?:\.\d{1,6}){0,3})"
    r"(?:[-.]?(?P<stage>alpha|beta|rc|a|b)[-.]?(?P<count>\d{1,6})?)?",
    re.IGNORECASE | re.ASCII,
)


def place_of(version: str) -> Place | None:
    """Where a version stands among all: six numbers that compare; None for what is none.

    "10.6" and "10.6.0" are the same place; "10.7.0-beta.2" stands before "10.7.0".
    """
    found = _FORM.fullmatch(version.strip())
    if found is None:
        return None
    numbers = [int(one) for one in found["numbers"].split(".")]
    numbers += [0] * (4 - len(numbers))
    stage = found["stage"]
    if stage is None:
        return (*numbers, _FINAL, 0)
    return (*numbers, _STAGES[stage.lower()], int(found["count"] or 0))


def is_final(place: Place) -> bool:
    """Whether it is no alpha, beta or candidate."""
    return place[4] == _FINAL
