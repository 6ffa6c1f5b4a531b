"""How many people are needed when, from the answers that came to be owed (O5, pure).

A week has 168 hours, Monday 00:00 first. An answer may be given in any hour between its opening and
its due moment in which its promise runs; answers are laid where the least is to be done already,
the most urgent first, so that no hour needs more people than it must.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil

WEEK = 168
LONGEST = 72  # hours ahead within which work is laid


@dataclass(frozen=True)
class Owed:
    """`number` answers that open in hour `opens` of the week, due `span` hours later.

    `runs`: the hours of the week in which their promise runs.
    """

    opens: int
    span: int
    number: int
    runs: frozenset[int]


def laid_out(owed: Iterable[Owed]) -> list[float]:
    """By hour of the week, how many answers are to be given in it; their sum is all of them."""
    load = [0.0] * WEEK
    for one in sorted(owed, key=lambda one: (one.span, one.opens)):
        reach = range(one.opens, one.opens + 1 + min(max(one.span, 0), LONGEST))
        hours = {hour % WEEK for hour in reach}
        fitting = hours & one.runs or _next_that_runs(one)
        _fill(load, fitting, one.number)
    return load


def _next_that_runs(one: Owed) -> set[int]:
    later = (hour % WEEK for hour in range(one.opens, one.opens + WEEK))
    return {next((hour for hour in later if hour in one.runs), one.opens)}


def _fill(load: list[float], hours: Collection[int], number: float) -> None:
    """Pour so much into these hours, as water stands: level, above what is there."""
    ordered = sorted(hours, key=lambda hour: (load[hour], hour))
    left, level = float(number), 0.0
    for place, hour in enumerate(ordered, start=1):
        level = load[hour]
        above = load[ordered[place]] if place < len(ordered) else None
        room = None if above is None else (above - level) * place
        if room is None or room >= left:
            level += left / place
            for filled in ordered[:place]:
                load[filled] = level
            return
        left -= room
        for filled in ordered[:place]:
            load[filled] = above if above is not None else level


def needed(load: Sequence[float], *, weeks: int, pace: float) -> list[int]:
    """People by hour of the week, where each gives `pace` answers in an hour."""
    return [ceil(one / weeks / pace - 1e-9) for one in load]


@dataclass(frozen=True)
class Trial:
    """What a rota would have done with the answers: how many late, and by the hour they opened."""

    answers: int
    late: int
    left: int  # not answered at the end
    late_by_hour: Sequence[int]  # of the week


def tried(
    answers: Iterable[tuple[int, int]], people: Sequence[int], *, pace: float, first_hour: int
) -> Trial:
    """Answer hour by hour what is due first, as many as those on duty can.

    `answers` are (opens, due) in whole hours since the beginning, `people` how many are on duty in
    each hour since then, `first_hour` the hour of the week with which it begins. Late is what is
    answered in an hour that begins after its due moment.
    """
    waiting: list[tuple[int, int]] = []
    coming = sorted(answers)
    late_by_hour, late, place, able = [0] * WEEK, 0, 0, 0.0
    for hour, here in enumerate(people):
        while place < len(coming) and coming[place][0] <= hour:
            heapq.heappush(waiting, (coming[place][1], coming[place][0]))
            place += 1
        able = min(able, 1.0) + here * pace if here else 0.0
        while waiting and able >= 1:
            due, opened = heapq.heappop(waiting)
            able -= 1
            if due < hour:
                late += 1
                late_by_hour[(first_hour + opened) % WEEK] += 1
    return Trial(len(coming), late, len(waiting) + len(coming) - place, late_by_hour)
