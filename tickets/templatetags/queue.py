"""The rows of the engineers' queue, drawn by one tag: fifty of them in a few milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django import template
from django.urls import get_script_prefix, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from core import moments
from entitlements.levels import Level
from tickets.enums import FINISHED, OUTSIDE, OUTSIDE_WORDS, Priority, State, Tier
from tickets.reads.columns import COLUMNS
from tickets.reads.queue import Clock, Line

register = template.Library()

_PLACE = "--0--"
_HOUR = timedelta(hours=1)
NAME = 30  # letters of a customer's name
ROOM = 74  # letters of subject and last word that a line has room for on a wide screen


def _due(line: Line, now: datetime) -> str:
    if (clock := line.clock) is not None:
        return clock_html(clock)
    if line.behind:
        return f"<b class=is-late>{line.behind} is late</b>"
    if line.state in (*FINISHED, OUTSIDE):
        return _state(line, now)
    if not line.level:
        return "not covered"
    return "waiting" if line.state == State.WAITING else "answered"


def _number(line: Line, now: datetime) -> str:
    return line.number.rpartition("-")[2]


def _what(line: Line, now: datetime) -> str:
    before, after = _around(get_script_prefix())
    subject, dot, said = line.subject, "", ""
    if line.unread:
        dot = "<i>New: </i>"
    if word := line.word:
        room = max(ROOM - len(subject), 20)
        text = word.text.removeprefix(subject).lstrip(" .:-")[:room]
        note = "note, " if word.is_note else ""
        said = f" <q>{note}{escape(_first(word.by))}: {escape(text)}</q>"
    number = line.number
    said = "".join(f" <s>{escape(one)}</s>" for one in line.tags) + said
    return f"{dot}<a href={before}{number}{after}>{escape(subject)}</a>{said}"


def _customer(line: Line, now: datetime) -> str:
    name = line.organisation
    return escape(name if len(name) <= NAME else f"{name[: NAME - 1].rstrip()}…")


def _level(line: Line, now: datetime) -> str:
    return level_html(line.level)


def _at(line: Line, now: datetime) -> str:
    return Tier(line.tier).label


def _priority(line: Line, now: datetime) -> str:
    return priority_html(line.priority)


def _owner(line: Line, now: datetime) -> str:
    """Who talks to the customer, then who works on it at TS2 or TS3 (X1)."""
    if line.is_being_assigned:
        return "<i>Being assigned</i>"
    owner = escape(_short(line.owner)) if line.owner else "<b class=nobody>nobody</b>"
    return f"{owner} · {escape(_short(line.worker))}" if line.worker else owner


def _active(line: Line, now: datetime) -> str:
    return ago(now - line.active_at)


def _state(line: Line, now: datetime) -> str:
    return OUTSIDE_WORDS if line.state == OUTSIDE else State(line.state).label


def _more(name: str) -> Callable[[Line, datetime], str]:
    return lambda line, now: escape(str(line.more.get(name) or "–"))


def _received(line: Line, now: datetime) -> str:
    return moments.dated(moments.local(line.received_at))


CELLS: dict[str, Callable[[Line, datetime], str]] = {
    "due": _due,
    "number": _number,
    "what": _what,
    "customer": _customer,
    "level": _level,
    "at": _at,
    "priority": _priority,
    "owner": _owner,
    "state": _state,
    "service": _more("service__name"),
    "contact": _more("reporter__name"),
    "licence": _more("licence__key"),
    "version": _more("version"),
    "received": _received,
    "active": _active,
}
assert CELLS.keys() == COLUMNS.keys(), "each column has a cell"
LOOKS = {
    "customer": "who",
    "at": "at",
    "active": "ago",
}  # of which the style speaks; it counts those that begin a row


@register.simple_tag
def queue_rows(lines: Iterable[Line], columns: Iterable[str], now: datetime) -> SafeString:
    """`<tr>`s: the row's box to pick it, then a cell a column. `now` is the page's moment."""
    cells = [(key, CELLS[key]) for key in columns]
    return SafeString("".join(_row(line, cells, now) for line in lines))


@register.simple_tag
def queue_head(columns: Iterable[str]) -> SafeString:
    heads = (
        f"<th scope=col class=k-{LOOKS.get(key, key)}>{COLUMNS[key].label}</th>" for key in columns
    )
    return SafeString("".join(heads))


@register.simple_tag
def clock(running: Clock) -> SafeString:
    """What is left of one, as in its row."""
    return SafeString(clock_html(running))


def _row(
    line: Line, columns: list[tuple[str, Callable[[Line, datetime], str]]], now: datetime
) -> str:
    late = line.clock is not None and line.clock.is_late
    look = " class=is-late" if late else ""
    box = (
        f"<td><input type=checkbox name=pick value={line.pk}.{line.stamp}"
        f" aria-label={_number(line, now)}>"
    )
    cells = "".join(
        f"<td{' dir=auto' if key == 'what' else ''}"
        f"{f' class=k-{LOOKS[key]}' if key in LOOKS else ''}>{cell(line, now)}"
        for key, cell in columns
    )
    return f"<tr id=r{line.pk}{look}>{box}{cells}\n"


def clock_html(clock: Clock) -> str:
    """What is left, which the page's script counts down: "0:21", "−0:03", "2 d 7 h"."""
    count = clock.count
    worked = count is not None and count.stands_at_times
    look = " class=is-late" if clock.is_late else " class=is-soon" if clock.soon else ""
    # One that stands now or over night is told by the server, each time the list is fetched.
    stands = count is not None and (count.stands_until or len(count.spans) > 1)
    moment = f" datetime={clock.due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    was = "was due" if clock.is_late else "until"
    until = f"{was} {moments.short(moments.local(clock.due_at)).rpartition(' ')[0]}"
    own = ", own clock" if clock.own else ""
    return (
        f'<time{look}{"" if stands else moment} title="{until}{own}">'
        f"{left_in_short(clock.left, is_worked=worked)}</time>"
    )


def left_in_short(left: timedelta, *, is_worked: bool = False) -> str:
    """As the page's script writes it: hours and minutes, from a day on days and hours.

    Of working time there are hours only: a day of it is none of the calendar's.
    """
    minutes = int(abs(left).total_seconds()) // 60
    sign = "−" if left < timedelta(0) else ""
    hours, minutes = divmod(minutes, 60)
    if hours < 24 or is_worked:
        return f"{sign}{hours}:{minutes:02d}"
    days, hours = divmod(hours, 24)
    return f"{sign}{days} d {hours} h" if hours else f"{sign}{days} d"


def ago(length: timedelta) -> str:
    """ "now", "9 min", "3 h", "12 d"."""
    if length < timedelta(minutes=1):
        return "now"
    if length < _HOUR:
        return f"{int(length.total_seconds()) // 60} min"
    return f"{int(length / _HOUR)} h" if length < 24 * _HOUR else f"{length.days} d"


@lru_cache(maxsize=32)
def level_html(level: str) -> str:
    if not level:
        return "<b class=l->none</b>"
    return f"<b class=l-{level}>{escape(Level(level).label)}</b>"


@lru_cache(maxsize=8)
def priority_html(priority: int) -> str:
    label = Priority(int(priority)).label
    return label if priority >= Priority.NORMAL else f"<b class=p{int(priority)}>{label}</b>"


@lru_cache(maxsize=4096)
def _short(name: str) -> str:
    """ "Elena Dumitrescu" as "Elena D."; a single name as it is."""
    words = name.split()
    return f"{words[0]} {words[-1][:1]}." if len(words) > 1 else name


def _first(name: str) -> str:
    return name.split()[0] if name.strip() else "the desk"


@lru_cache(maxsize=64)
def _around(prefix: str) -> tuple[str, str]:
    before, _, after = reverse("admin:incident", args=[_PLACE]).partition(_PLACE)
    return before, after
