"""What somebody's wall clock showed, as a moment (C1). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.words import day_in_words

# What may be asked about: beyond it calendars and time zones know nothing.
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
OUT_OF_RANGE = "Give a moment between 2000 and 2100."


@dataclass(frozen=True)
class LocalMoment:
    """`at` is aware, UTC. `note` says what was made of a time that a clock change touches."""

    at: datetime
    note: str = ""


def local_moment(shown: datetime, timezone: str) -> LocalMoment:
    """The moment at which a wall clock in the IANA zone `timezone` shows the naive `shown`.

    A time that the clocks skip means as long after the change as it lies after the last minute
    before it; one that comes twice means the first. Raises `OverflowError` at the ends of time.
    """
    zone = ZoneInfo(timezone)
    first = shown.replace(tzinfo=zone, fold=0)
    at = first.astimezone(UTC)
    back = at.astimezone(zone)
    if back.replace(tzinfo=None) != shown:
        note = (
            f"On {day_in_words(shown)} there is no {shown:%H:%M} in {timezone}: the clocks go"
            f" forward. Taken as {back:%H:%M}."
        )
        return LocalMoment(at, note)
    second = shown.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        note = (
            f"On {day_in_words(shown)} the clocks in {timezone} show {shown:%H:%M} twice."
            f" Taken as the first time, {back:%Z}."
        )
        return LocalMoment(at, note)
    return LocalMoment(at)
