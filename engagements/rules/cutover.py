"""A cut-over by the clock, its point of no return, and whether there is a way back (N9). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Timed:
    """A step: minutes from the start, how long it takes."""

    title: str
    offset: int
    minutes: int
    is_no_return: bool = False

    @property
    def ends(self) -> int:
        return self.offset + self.minutes


@dataclass(frozen=True)
class Window:
    starts_at: datetime
    until: datetime

    @property
    def minutes(self) -> int:
        return int((self.until - self.starts_at).total_seconds() // 60)


def turn_by(window: Window, back: Sequence[int]) -> datetime:
    """The last moment at which the way back, so many minutes a step, still fits the window."""
    return window.until - timedelta(minutes=sum(back))


def starts_of(step: Timed, window: Window) -> datetime:
    return window.starts_at + timedelta(minutes=step.offset)


def faults(steps: Sequence[Timed], back: Sequence[int], window: Window) -> list[str]:
    """What has to be better before anybody decides, in sentences; empty where it is a plan."""
    found = []
    last = [one for one in steps if one.is_no_return]
    if not steps:
        return ["The plan has no step."]
    if len(last) != 1:
        found.append("Say which step is the point of no return: exactly one is.")
    if not back:
        found.append("There is no way back: write its steps.")
    end = max(one.ends for one in steps)
    if end > window.minutes:
        found.append(
            f"The steps take until {_minutes(end)} after the start, the window ends after"
            f" {_minutes(window.minutes)}."
        )
    turning = window.minutes - sum(back)
    if last and back and last[0].offset > turning:
        found.append(
            f"“{last[0].title}” begins {_minutes(last[0].offset)} after the start, but the way"
            f" back takes {_minutes(sum(back))}: turn back by {_minutes(max(0, turning))}, make"
            " the window longer, or the way back shorter."
        )
    found += _crossed(steps)
    return found


def _crossed(steps: Sequence[Timed]) -> list[str]:
    """After the point of no return nothing may begin that stands before it in the plan."""
    ordered = sorted(steps, key=lambda one: one.offset)
    return [
        f"“{after.title}” begins before “{before.title}” is over."
        for before, after in zip(ordered, ordered[1:], strict=False)
        if before.ends > after.offset
    ]


def _minutes(number: int) -> str:
    return f"{number // 60}:{number % 60:02d} h"
