"""How a report words its figures: the same in the PDF and on the pages. English, no locale."""

from __future__ import annotations

from datetime import date, datetime

from reports.rules.months import MONTH_NAMES, zone_named

NONE = "–"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def span(seconds: int | None) -> str:
    """Two units at most, rounded down, so that "met" and "late" never look the other way round:
    `38 s`, `45 min`, `1 h 05 min`, `2 d 4 h`; a dash for None."""
    if seconds is None:
        return NONE
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < _DAY:
        hours, rest = divmod(seconds, _HOUR)
        return f"{hours} h {rest // _MINUTE:02} min"
    days, rest = divmod(seconds, _DAY)
    return f"{days} d {rest // _HOUR} h"


def promise(seconds: int | None, *, in_working_time: bool) -> str:
    """A response target: `6 h`, `24 working h`, `1 h 30 min`."""
    if seconds is None:
        return NONE
    hours, rest = divmod(seconds, _HOUR)
    unit = "working h" if in_working_time else "h"
    return f"{hours} {unit}" + (f" {rest // _MINUTE:02} min" if rest else "")


def day(value: date) -> str:
    """5 October 2026"""
    return f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """5 Oct"""
    return f"{value.day} {MONTH_NAMES[value.month - 1][:3]}"


def moment(value: datetime, timezone: str) -> str:
    """5 October 2026, 14:05, on the zone's own clock."""
    local = value.astimezone(zone_named(timezone))
    return f"{day(local)}, {local:%H:%M}"


def short_moment(value: datetime, timezone: str) -> str:
    """5 Oct 14:05, on the zone's own clock."""
    local = value.astimezone(zone_named(timezone))
    return f"{short_day(local)} {local:%H:%M}"


def amount(count: int, singular: str, plural: str = "") -> str:
    """`1 incident`, `no incidents`, `1,204 incidents`."""
    noun = singular if count == 1 else plural or f"{singular}s"
    return f"{count:,} {noun}" if count else f"no {noun}"


def share(part: int, whole: int) -> str:
    """Whole per cent, never `100 %` for less than all nor `0 %` for more than none."""
    if not whole:
        return NONE
    if part in (0, whole):
        return "100 %" if part else "0 %"
    return f"{min(max(round(100 * part / whole), 1), 99)} %"


def which_answer(cycle: int) -> str:
    """To the report, or to what was written later: `to the report`, `2nd answer`."""
    if cycle == 1:
        return "to the report"
    teens = 11 <= cycle % 100 <= 13
    return f"{cycle}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(cycle % 10, 'th')} answer"


def listed(names: tuple[str, ...], most: int = 3) -> str:
    """`Ana, Ion and 2 more`"""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def paragraphs(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The manager's free text as blocks: ("p", (one,)) and ("ul", (item, ...)).

    A blank line ends a block; a line after "- " (or "* ", "• ") is an item; other lines flow on.
    """
    blocks: list[tuple[str, list[str]]] = []
    fresh = True
    for line in (raw.strip() for raw in text.splitlines()):
        if not line:
            fresh = True
        elif line[:2] in ("- ", "* ", "• "):
            if fresh or blocks[-1][0] != "ul":
                blocks.append(("ul", []))
            blocks[-1][1].append(line[2:].strip())
            fresh = False
        elif fresh:
            blocks.append(("p", [line]))
            fresh = False
        else:
            blocks[-1][1][-1] += f" {line}"
    return [(kind, tuple(lines)) for kind, lines in blocks]
