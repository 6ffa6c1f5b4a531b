"""Moments as a page shows them, in the reader's time zone.

The same text as Django's `date` filter, without its format parser: a list shows three moments a
row, and the parser takes as long as everything else in it.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.dates import MONTHS_3


def local(at: datetime) -> datetime:
    """In the time zone that was activated for this request."""
    return at.astimezone(timezone.get_current_timezone())


def short(at: datetime) -> str:
    """ "9 Jun, 08:00 CEST": as `|date:"j M, H:i T"` says it, of a moment of `local`."""
    return f"{_day(at)}, {at:%H:%M} {at.tzname()}"


def dated(at: datetime) -> str:
    """ "9 Jun 2026, 08:00": as `|date:"j M Y, H:i"` says it, of a moment of `local`."""
    return f"{_day(at)} {at.year}, {at:%H:%M}"


def _day(at: datetime) -> str:
    return f"{at.day} {str(MONTHS_3[at.month]).title()}"
