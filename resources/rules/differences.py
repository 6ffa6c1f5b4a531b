"""What changed between two texts, line by line. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

CONTEXT = 3  # unchanged lines around a change
MOST_LINES = 4000  # beyond them no comparison is made: it takes the square of it


@dataclass(frozen=True)
class Line:
    """One line of a comparison: `kind` is "same", "gone", "new", or "gap" for what is left out."""

    kind: str
    text: str = ""


def differences(before: str, after: str) -> list[Line]:
    """The changed lines with a few around them; nothing where the texts are the same."""
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return []
    if len(old) + len(new) > MOST_LINES:
        return [Line("gap", "Too long to be compared line by line.")]
    return list(_lines(old, new))


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(CONTEXT)):
        if number:
            yield Line("gap")
        for what, first, last, begin, end in group:
            if what == "equal":
                yield from (Line("same", one) for one in old[first:last])
                continue
            yield from (Line("gone", one) for one in old[first:last])
            yield from (Line("new", one) for one in new[begin:end])
