"""Calendars as other programs read them (RFC 5545). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True)
class Entry:
    """Whole days, the last inclusive, or moments."""

    uid: str
    title: str
    starts: date | datetime
    ends: date | datetime
    detail: str = ""
    url: str = ""


def calendar(name: str, entries: Sequence[Entry], *, at: datetime) -> str:
    """The file's text; `at` is when it was made. Lines end in CR LF and are folded at 73 octets."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//AxSupport//Engagements//EN",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for one in entries:
        lines += _event(one, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(one: Entry, at: datetime) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{one.uid}", f"DTSTAMP:{_moment(at)}"]
    if isinstance(one.starts, datetime) and isinstance(one.ends, datetime):
        lines += [f"DTSTART:{_moment(one.starts)}", f"DTEND:{_moment(one.ends)}"]
    else:
        after = one.ends + timedelta(days=1)  # DTEND of whole days is the first day after
        lines += [f"DTSTART;VALUE=DATE:{one.starts:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    lines.append(f"SUMMARY:{_text(one.title)}")
    if one.detail:
        lines.append(f"DESCRIPTION:{_text(one.detail)}")
    if one.url:
        lines.append(f"URL:{one.url}")
    lines.append("END:VEVENT")
    return lines


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return quoted.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    parts, here = [], ""
    for sign in line:
        if len((here + sign).encode()) > 73:
            parts.append(here)
            here = ""
        here += sign
    return "\r\n ".join([*parts, here])
