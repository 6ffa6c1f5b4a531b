"""Appointments as iCalendar (RFC 5545), for programs that keep somebody's calendar. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_WIDEST = 75  # octets of a line


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """One entry. `uid` stays for ever; `sequence` grows with each change of it."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    said_at: datetime
    place: str = ""
    text: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False


def calendar(appointments: Iterable[Appointment], *, name: str, maker: str) -> str:
    """A whole calendar file, with the line ends that the format wants. Moments are in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_text(maker)}//EN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]
    for one in appointments:
        lines += _entry(one)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _entry(one: Appointment) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(one.uid)}",
        f"SEQUENCE:{one.sequence}",
        f"DTSTAMP:{_moment(one.said_at)}",
        f"DTSTART:{_moment(one.starts_at)}",
        f"DTEND:{_moment(one.ends_at)}",
        f"SUMMARY:{_text(one.title)}",
        f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}",
    ]
    if one.place:
        lines.append(f"LOCATION:{_text(one.place)}")
    if one.text:
        lines.append(f"DESCRIPTION:{_text(one.text)}")
    if one.url:
        lines.append(f"URL:{one.url}")
    return [*lines, "END:VEVENT"]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    for sign in ("\\", ";", ","):
        said = said.replace(sign, f"\\{sign}")
    return said.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterable[str]:
    """In pieces of at most 75 octets, no character cut; each but the first begins with a blank."""
    piece, used = "", 0
    for sign in line:
        size = len(sign.encode())
        if used + size > _WIDEST:
            yield piece
            piece, used = " ", 1
        piece, used = piece + sign, used + size
    yield piece
