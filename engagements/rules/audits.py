"""An operations audit: what a result counts, the score of an area, where a finding stands. Pure.

What was not run never passes, and what could not be reached is unverifiable at best: both count
as nothing reached, never as left out (AU1).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

WEIGHTS = {"critical": 8, "high": 4, "medium": 2, "low": 1}
_REACHED = {"ok": 2, "partial": 1}  # halves


@dataclass(frozen=True)
class Tried:
    """A case with its last result: "ok", "partial", "failed", "unverifiable", or "" for not run."""

    area: str
    severity: str
    result: str


@dataclass(frozen=True)
class Score:
    """Of one area; `percent` is rounded down, None without a case."""

    area: str
    percent: int | None
    cases: int
    passed: int
    partly: int
    failed: int
    unverifiable: int
    not_run: int

    @property
    def reason(self) -> str:
        """How it came about, in one sentence."""
        if not self.cases:
            return "No case was chosen."
        parts = [f"{self.passed} of {self.cases} passed"]
        for count, words in (
            (self.partly, "in part"),
            (self.failed, "failed"),
            (self.unverifiable, "unverifiable"),
            (self.not_run, "not run"),
        ):
            if count:
                parts.append(f"{count} {words}")
        return f"{', '.join(parts)}."


def score(area: str, tried: Collection[Tried]) -> Score:
    """Each case weighs by its severity; all that were chosen count, run or not."""
    ours = [one for one in tried if one.area == area]
    total = sum(WEIGHTS[one.severity] for one in ours)
    halves = sum(WEIGHTS[one.severity] * _REACHED.get(one.result, 0) for one in ours)

    def count(result: str) -> int:
        return sum(1 for one in ours if one.result == result)

    return Score(
        area=area,
        percent=100 * halves // (2 * total) if total else None,
        cases=len(ours),
        passed=count("ok"),
        partly=count("partial"),
        failed=count("failed"),
        unverifiable=count("unverifiable"),
        not_run=count(""),
    )


def may_be(result: str, *, was_reached: bool) -> bool:
    """An unreachable target is unverifiable, whatever else somebody would like to say."""
    return was_reached or result == "unverifiable"


class Standing(Enum):
    """Where a finding stands."""

    OPEN = "open"
    LATE = "late"
    ACCEPTED = "accepted"
    FIXED = "fixed"


def standing(
    *, is_fixed: bool, accepted_until: date | None, due_on: date | None, today: date
) -> Standing:
    """A retest that passed ends it, also one that was accepted; an acceptance that is over does
    not: it is open again from the day after.
    """
    if is_fixed:
        return Standing.FIXED
    if accepted_until is not None and today <= accepted_until:
        return Standing.ACCEPTED
    if due_on is not None and due_on < today:
        return Standing.LATE
    return Standing.OPEN


def overall(scores: Sequence[Score], tried: Collection[Tried]) -> str:
    """The whole in one sentence, for the head of the report."""
    run = sum(1 for one in tried if one.result)
    percents = [f"{one.area} {one.percent} %" for one in scores if one.percent is not None]
    if not tried:
        return "No case was chosen yet."
    return f"{run} of {len(tried)} cases were run: {', '.join(percents)}."
