"""The parts of a session as somebody types them: one line each. Pure.

"2026-12-01 09:00-17:00", by the clock of the session's zone; both ends on that day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_LINE = re.compile(
    r"(\d{4}-\d{2}-\d{2})[,\s]+(\d{1,2}:\d{2})\s*(?:-|\N{EN DASH}|to)\s*(\d{1,2}:\d{2})"
)


class TimesUnusable(ValueError):
    """Says in one sentence which line is wrong."""


def read(text: str, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Begin and end of each part, in UTC, as they were typed; empty lines do not count."""
    return [_part(line.strip(), zone) for line in text.splitlines() if line.strip()]


def _part(line: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    found = _LINE.fullmatch(line)
    if not found:
        raise TimesUnusable(f"“{line[:40]}” is no part: write 2026-12-01 09:00-17:00.")
    return _moment(found[1], found[2], zone, line), _moment(found[1], found[3], zone, line)


def _moment(day: str, clock: str, zone: ZoneInfo, line: str) -> datetime:
    try:
        local = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    except ValueError:
        raise TimesUnusable(f"“{line[:40]}” names no moment of a calendar.") from None
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise TimesUnusable(f"“{line[:40]}”: the clock skips {clock} on that day.")
    return at


def write(parts: Iterable[tuple[datetime, datetime]], zone: ZoneInfo) -> str:
    """What `read` reads again to the same."""
    lines = []
    for starts, ends in parts:
        first, last = starts.astimezone(zone), ends.astimezone(zone)
        lines.append(f"{first:%Y-%m-%d %H:%M}-{last:%H:%M}")
    return "\n".join(lines)
