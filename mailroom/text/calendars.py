"""What a text/calendar part says (RFC 5545, 5546): an invitation in words, or an answer to it."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime

MAX_LINES = 5_000

_FIELD = re.compile(r"([A-Za-z-]{1,40})((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.DOTALL)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z?))?")
_ESCAPED = re.compile(r"\\([nN,;\\])")
_ANSWERS = {
    "ACCEPTED": "accepts",
    "DECLINED": "declines",
    "TENTATIVE": "may come to",
    "DELEGATED": "passes on",
}
_METHODS = {"REQUEST": "Invitation", "CANCEL": "Cancelled", "COUNTER": "Other time proposed"}


@dataclass(frozen=True)
class Event:
    """The first event of a calendar. `starts` and `ends` are in words, with their zone.

    `method` is that of iTIP in upper case (REQUEST, REPLY, CANCEL ...), `answer` the PARTSTAT of
    a REPLY's attendee.
    """

    method: str
    title: str
    starts: str = ""
    ends: str = ""
    place: str = ""
    text: str = ""
    organiser: str = ""
    attendee: str = ""
    answer: str = ""

    @property
    def is_answer(self) -> bool:
        """Whether it answers an invitation."""
        return self.method == "REPLY"

    def in_words(self) -> str:
        """Lines for a reader."""
        if self.is_answer:
            said = _ANSWERS.get(self.answer, "answers")
            return f"{self.attendee or 'Somebody'} {said}: {self.title}"
        when = f"{self.starts} to {self.ends}" if self.ends else self.starts
        lines = (
            (_METHODS.get(self.method, "Calendar entry"), self.title),
            ("When", when),
            ("Where", self.place),
            ("From", self.organiser),
        )
        said = "\n".join(f"{name}: {value}" for name, value in lines if value)
        return f"{said}\n\n{self.text}" if self.text else said


def read_calendar(text: str, method: str = "") -> Event | None:
    """The first event (or task) in `text`; None if there is none. Never raises.

    `method` is the parameter of the content type, for calendars that do not say it inside.
    """
    fields: dict[str, tuple[str, str]] = {}
    inside = 0
    for name, options, value in _fields(text):
        if name == "METHOD":
            method = method or value
        elif name == "BEGIN" and value.upper() in ("VEVENT", "VTODO"):
            inside = 1
        elif inside and name in ("BEGIN", "END"):
            inside += 1 if name == "BEGIN" else -1
            if not inside:
                break
        elif inside == 1:
            fields.setdefault(name, (options, value))
    if not fields:
        return None
    return _event(fields, method.strip().upper())


def _event(fields: dict[str, tuple[str, str]], method: str) -> Event:
    def said(name: str) -> str:
        return _ESCAPED.sub(_unescaped, fields.get(name, ("", ""))[1]).strip()

    attendee, organiser = fields.get("ATTENDEE", ("", "")), fields.get("ORGANIZER", ("", ""))
    return Event(
        method=method,
        title=" ".join(said("SUMMARY").split())[:300],
        starts=_moment(*fields.get("DTSTART", ("", ""))),
        ends=_moment(*fields.get("DTEND", fields.get("DUE", ("", "")))),
        place=said("LOCATION")[:500],
        text=said("DESCRIPTION")[:50_000],
        organiser=_who(*organiser),
        attendee=_who(*attendee),
        answer=_option(attendee[0], "PARTSTAT").upper(),
    )


def _fields(text: str) -> list[tuple[str, str, str]]:
    """(name, parameters, value) of each line, folded lines put together (RFC 5545, 3.1)."""
    lines: list[str] = []
    for line in text.split("\n")[:MAX_LINES]:
        if line[:1] in (" ", "\t") and lines:
            lines[-1] += line[1:]
        elif line.strip():
            lines.append(line[:20_000])
    found = (_FIELD.fullmatch(line) for line in lines)
    return [(match[1].upper(), match[2], match[3]) for match in found if match]


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def _option(options: str, name: str) -> str:
    match = re.search(rf';{name}="?([^;"]*)', options, re.IGNORECASE)
    return match[1].strip() if match else ""


def _who(options: str, value: str) -> str:
    address = value.strip().lower().removeprefix("mailto:")[:254]
    name = _option(options, "CN")[:200]
    return f"{name} <{address}>" if name and name.lower() != address else address


def _moment(options: str, value: str) -> str:
    """ "Friday 27 November 2026, 09:00 UTC"; a day alone has no time."""
    match = _MOMENT.match(value.strip())
    if not match:
        return value.strip()[:60]
    zone = _option(options, "TZID")
    try:
        day = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    except ValueError:
        return value.strip()[:60]
    words = f"{day:%A} {day.day} {day:%B %Y}"
    if not match[4]:
        return words
    return f"{words}, {match[4]}:{match[5]} {_zone(zone, is_utc=bool(match[7]))}".strip()


def _zone(name: str, *, is_utc: bool) -> str:
    if is_utc:
        return "UTC"
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return name[:60] or "(the sender's time)"
    return name
