"""Lengths of time as hours, as a year of a calendar shows them."""

from __future__ import annotations

from datetime import timedelta

from django import template

register = template.Library()

_HOUR = timedelta(hours=1)


@register.filter
def hours(length: timedelta) -> str:
    """Hours to two decimals, without the zeros: 8, 7.5, 23.25."""
    return f"{length / _HOUR:.2f}".rstrip("0").rstrip(".")
