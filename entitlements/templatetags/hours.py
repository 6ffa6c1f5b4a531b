"""Lengths of time as hours, as a year of a calendar shows them."""

from __future__ import annotations

from datetime import timedelta

from django import template

register = template.Library()

_HOUR, _MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)


@register.filter
def hours(length: timedelta) -> str:
    """Hours to two decimals, without the zeros: 8, 7.5, 23.25."""
    return f"{length / _HOUR:.2f}".rstrip("0").rstrip(".")


@register.filter
def exactly(length: timedelta) -> str:
    """ "7:30:00", hours beyond a day too, and a fraction of a second where there is one."""
    seconds, micros = divmod(length // _MICROSECOND, 1_000_000)
    fraction = f".{micros:06d}".rstrip("0") if micros else ""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"
