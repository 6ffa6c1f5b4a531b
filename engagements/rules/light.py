"""The traffic light of an engagement, and why (N3). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

GREEN, AMBER, RED = "green", "amber", "red"
HIGH_RISK = 12  # likelihood times impact, of 25
SOON = 2  # days


@dataclass(frozen=True)
class Piece:
    """A phase, task or promise with a day by which it is due, and whether it is done."""

    what: str  # "phase", "task" or "promise"
    name: str
    due_on: date | None
    is_done: bool
    has_begun: bool = True


@dataclass(frozen=True)
class Reason:
    code: str
    facts: dict[str, Any]


def judge(
    pieces: Sequence[Piece], *, risks: Sequence[int], sent_back: int, on: date
) -> tuple[str, list[Reason]]:
    """The colour on the day `on` and each reason, the worst first. No reason is green.

    Red: a phase or a promise is past its day. Amber: a task is, one that has not begun ends
    within two days, a risk is high, or a document was sent back.
    """
    open_ones = [one for one in pieces if not one.is_done and one.due_on is not None]
    late = [one for one in open_ones if one.due_on is not None and one.due_on < on]
    red = [_late(one, on) for one in late if one.what != "task"]
    amber = [_late(one, on) for one in late if one.what == "task"]
    amber += [
        Reason("not_begun", {"name": one.name, "due_on": _iso(one.due_on)})
        for one in open_ones
        if not one.has_begun and one.due_on is not None and 0 <= (one.due_on - on).days <= SOON
    ]
    high = sum(score >= HIGH_RISK for score in risks)
    if high:
        amber.append(Reason("high_risk", {"count": high}))
    if sent_back:
        amber.append(Reason("sent_back", {"count": sent_back}))
    return (RED if red else AMBER if amber else GREEN), [*red, *amber]


def _late(one: Piece, on: date) -> Reason:
    assert one.due_on is not None
    return Reason("late", {"what": one.what, "name": one.name, "days": (on - one.due_on).days})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
