"""Where the wall clocks of an IANA zone change, day by day of UTC. Pure."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from entitlements.rules.windows import DAY, CalendarError

_SECOND = 1_000_000
_DAY_SECONDS = 86_400
_ONE = timedelta(microseconds=1)


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name, or a `CalendarError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CalendarError(
            f"“{name}” is no IANA time zone. Give one such as Europe/Berlin."
        ) from error


def constant_pieces(zone: ZoneInfo, day: int) -> list[tuple[int, int, int]]:
    """The UTC day number `day` since 1970 in (start, end, offset) of constant offset, in order.

    All in microseconds. One clock change a day at most: between 1995 and 2030 no zone of tzdata
    has two within 48 hours.
    """
    start, end = day * DAY, (day + 1) * DAY
    before, after = _offset(zone, day * _DAY_SECONDS), _offset(zone, (day + 1) * _DAY_SECONDS)
    if before == after:
        return [(start, end, before)]
    change = _change(zone, day, after) * _SECOND
    pieces = [(start, change, before), (change, end, after)]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _change(zone: ZoneInfo, day: int, after: int) -> int:
    """The second since 1970 of the day's clock change: from it on the offset is `after`."""
    seconds = range(day * _DAY_SECONDS, (day + 1) * _DAY_SECONDS + 1)
    return seconds[bisect_left(seconds, True, key=lambda at: _offset(zone, at) == after)]


@lru_cache(maxsize=16_384)
def _offset(zone: ZoneInfo, seconds: int) -> int:
    offset = datetime.fromtimestamp(seconds, zone).utcoffset()
    assert offset is not None  # a ZoneInfo always has one
    return offset // _ONE
