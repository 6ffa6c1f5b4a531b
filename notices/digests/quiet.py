"""Quiet hours: until when a notice waits. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# What people asked for themselves a moment ago and wait for, and what may be somebody else's doing.
NEVER_WAITS = frozenset(
    {"invitation", "account_made", "account_mail", "account_changed", "address_change"}
)


def is_quiet(at: datetime, start: time, end: time, timezone: str) -> bool:
    """Whether the wall clock in the IANA zone stands in [start, end) at the aware moment `at`.

    A window whose end is before its start goes over midnight.
    """
    clock = at.astimezone(ZoneInfo(timezone)).time()
    if start < end:
        return start <= clock < end
    return clock >= start or clock < end


def quiet_until(at: datetime, start: time, end: time, timezone: str) -> datetime:
    """`at` where it is not quiet then; else when the quiet hours end, in UTC.

    On the day of a clock change an hour that comes twice is quiet both times, and an end that is
    skipped comes as much later as is skipped.
    """
    if not is_quiet(at, start, end, timezone):
        return at
    zone = ZoneInfo(timezone)
    today = at.astimezone(zone).date()
    ends = (_moment(day, end, zone, fold) for day in _days(today) for fold in (0, 1))
    return min(one for one in ends if one > at and not is_quiet(one, start, end, timezone))


def _days(today: date) -> list[date]:
    return [today + timedelta(days=n) for n in range(3)]


def _moment(day: date, clock: time, zone: ZoneInfo, fold: int) -> datetime:
    return datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC)
