"""Moments and days as a page, a mail or a paper shows them, in the reader's zone and language.

In English the same text as Django's `date` filter, without its format parser: a list shows three
moments a row, and the parser takes as long as everything else in it. In other languages the
order, the full stops and the names are those of the Unicode locale data (Babel).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, match_skeleton
from django.utils import dateformat, timezone, translation
from django.utils.dates import MONTHS_3

from core.languages import is_english

# Django's letters of a day, and what the locale data calls them.
_SKELETON = {"l": "EEEE", "D": "E", "j": "d", "F": "MMMM", "M": "MMM", "Y": "y"}
_DAY = re.compile(r"(?P<day>[lDjFMY][lDjFMY ,]*?)(?P<time>,? ?(?:[Hs][Hi:s]*(?: T)?))?")
_FIELD = re.compile(r"E+|c+|M{3,}|L{3,}")  # names; a month of one or two letters is a number


def local(at: datetime) -> datetime:
    """In the time zone that was activated for this request."""
    return at.astimezone(timezone.get_current_timezone())


def short(at: datetime) -> str:
    """ "9 Jun, 08:00 CEST": as `|date:"j M, H:i T"` says it, of a moment of `local`."""
    return f"{_day(at)}, {at:%H:%M} {at.tzname()}"


def dated(at: datetime) -> str:
    """ "9 Jun 2026, 08:00": as `|date:"j M Y, H:i"` says it, of a moment of `local`."""
    if is_english():
        return f"{_day(at)} {at.year}, {at:%H:%M}"
    return written(at, "j M Y, H:i")


def written(at: date, look: str) -> str:
    """`at` by a format of Django's `date` filter, in the order that the language has it.

    "j M Y, H:i" is "9 Jun 2026, 08:00" and "9. Juni 2026, 08:00". A format without a day in
    words, such as "Y-m-d", is the same in all.
    """
    found = None if is_english() else _DAY.fullmatch(look)
    if found is None:
        return dateformat.format(at, look)
    said = format_date(at, _pattern(found["day"], _locale()), locale=_locale())
    return said + (dateformat.format(at, found["time"]) if found["time"] else "")


def _day(at: datetime) -> str:
    if is_english():
        return f"{at.day} {str(MONTHS_3[at.month]).title()}"
    return written(at, "j M")


def _locale() -> str:
    return (translation.get_language() or "en").replace("-", "_")


@lru_cache(maxsize=256)
def _pattern(letters: str, locale: str) -> str:
    """The locale's pattern for these letters of Django's, with names as long as they ask.

    The data has one pattern for "Tue" and "Tuesday": the width of a name is the caller's.
    """
    wanted = [_SKELETON[one] for one in letters if one in _SKELETON]
    skeletons = Locale.parse(locale).datetime_skeletons
    order = "yMEd"
    asked = "".join(sorted(wanted, key=lambda one: order.index(one[0])))
    found = match_skeleton(asked, skeletons)
    pattern = str(skeletons[found].pattern) if found else " ".join(wanted)
    widths = {one[0]: max(3, len(one)) for one in wanted if one[0] in "EM"}
    widths |= {alone: widths[kind] for alone, kind in (("c", "E"), ("L", "M")) if kind in widths}
    return _FIELD.sub(lambda name: name[0][0] * widths.get(name[0][0], len(name[0])), pattern)
