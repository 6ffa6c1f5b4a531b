"""Spans of time in plain words."""

from __future__ import annotations

from datetime import timedelta

from core.words import counted


def span_in_words(span: timedelta) -> str:
    """ "6 hours", "1 hour 30 minutes", "45 minutes"; seconds only where nothing else is left."""
    hours, rest = divmod(int(span.total_seconds()), 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [_count(hours, "hour"), _count(minutes, "minute")]
    words = " ".join(part for part in parts if part)
    return words or _count(seconds, "second") or "no time"


def exact_span_in_words(span: timedelta) -> str:
    """Like `span_in_words`, and with the seconds: for spans that must add up."""
    seconds = int(span.total_seconds()) % 60
    whole = span_in_words(span - timedelta(seconds=seconds))
    if not seconds:
        return whole
    rest = _count(seconds, "second")
    return rest if whole == "no time" else f"{whole} {rest}"


def _count(number: int, unit: str) -> str:
    if number == 0:
        return ""
    return counted(number, unit)


def promise_in_words(target: timedelta, *, round_the_clock: bool) -> str:
    """ "6 hours, round the clock" or "24 working hours"."""
    words = span_in_words(target)
    if round_the_clock:
        return f"{words}, round the clock"
    number, _, rest = words.partition(" ")
    return f"{number} working {rest}"
