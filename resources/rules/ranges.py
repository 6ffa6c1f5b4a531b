"""Versions of the product, and the ranges that an advisory names. Pure.

A version is its numbers: "AXIGEN 10.6.1 (Debian)" is 10.6.1. One that is known less exactly counts
as each that it may be: "10.6" as any of 10.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

Numbers = tuple[int, ...]

_VERSION = re.compile(r"(?<![\d.])\d{1,6}(?:\.\d{1,6}){1,5}(?![\d.])")
_MAJOR = re.compile(r"\d{1,6}")
_RANGE = re.compile(
    r"(?P<whole>all)"
    r"|before (?P<before>[\d.]+)"
    r"|(?:up )?to (?P<upto>[\d.]+)"
    r"|(?P<first>[\d.]+)(?: (?:to|-|–) (?P<last>[\d.]+)| (?P<later>and later)|)",
    re.IGNORECASE,
)


def numbers_in(text: str) -> Numbers | None:
    """The first version that a text names; None without one. A number counts where it is alone.

    "Debian 12, build 10.6.1" is 10.6.1, "Five5" none.
    """
    found = _VERSION.search(text) or _MAJOR.fullmatch(text.strip())
    return tuple(int(one) for one in found[0].split(".")) if found else None


def _behind(version: Numbers) -> Numbers:
    """The first that is behind all of them: 10.7 behind 10.6."""
    return (*version[:-1], version[-1] + 1)


@dataclass(frozen=True)
class Span:
    """[first, before): None is no bound."""

    first: Numbers | None
    before: Numbers | None

    def may_hold(self, version: Numbers) -> bool:
        """Whether any version that `version` may be is inside."""
        starts = self.before is None or version < self.before
        return starts and (self.first is None or _behind(version) > self.first)


def span_of(text: str) -> Span | None:
    """What a range says; None where it can not be read, or holds nothing.

    "10.5.0 to 10.6.1" has both ends in it, "before 10.6.2" and "all" have no beginning.
    """
    found = _RANGE.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    if found["whole"]:
        return Span(None, None)
    ends = {
        name: numbers_in(one) for name, one in found.groupdict().items() if one and name != "later"
    }
    if None in ends.values():
        return None
    first, last = ends.get("first"), ends.get("last", ends.get("upto"))
    before = ends.get("before") or (_behind(last) if last else None)
    if first and not (last or found["later"]):
        before = _behind(first)
    return None if first and before and first >= before else Span(first, before)


def is_affected(version: str, ranges: Iterable[str]) -> bool | None:
    """Whether what runs may be one that the ranges name; None where nobody can say."""
    known = numbers_in(version)
    if known is None:
        return None
    spans = [span_of(one) for one in ranges]
    return any(one.may_hold(known) for one in spans if one is not None)
