"""Where the rota has a hole: nobody of the vendor's first tier is planned, round the clock."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.enums import Role
from rota.models import Absence, Pattern, Shift
from rota.rules.cover import Span, without

SHOWN = timedelta(days=14)  # how far gaps are shown and told
SEEN = timedelta(weeks=8)  # how far is looked, so that a gap has its own beginning and end


@dataclass(frozen=True)
class Gap:
    """Nobody is planned in [starts_at, ends_at); None: nobody before, or nobody after it."""

    starts_at: datetime | None
    ends_at: datetime | None


def is_in_use() -> bool:
    """Whether anybody of the vendor's TS1 is planned at all; else the switches alone count."""
    return Pattern.objects.filter(person__role=Role.TS1, person__is_active=True).exists()


def gaps(at: datetime) -> list[Gap]:
    """What the next 14 days lack, oldest first; in three queries, none without a rota.

    Who has no pattern is on duty by their switch, yet nobody planned that: it fills no gap.
    """
    if not is_in_use():
        return []
    start, end = at - SEEN, at + SEEN
    return [
        Gap(first if first > start else None, last if last < end else None)
        for first, last in without((start, end), _covered(start, end))
        if last > at and first < at + SHOWN
    ]


def _covered(start: datetime, end: datetime) -> list[Span]:
    """The shifts of the vendor's TS1 without the absences."""
    ours = {"person__role": Role.TS1, "person__is_active": True}
    away = defaultdict(list)
    absent = Absence.objects.filter(**ours).within(start, end)
    for person, first, last in absent.values_list("person", "starts_at", "ends_at"):
        away[person].append((first, last))
    shifts = Shift.objects.filter(**ours).within(start, end)
    return [
        span
        for person, first, last in shifts.values_list("person", "starts_at", "ends_at")
        for span in without((first, last), away[person])
    ]
