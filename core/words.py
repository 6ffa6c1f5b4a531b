"""Days, lists and numbers in words; one place for what all rooms write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.languages import is_english
from core.moments import written


def day_in_words(day: date) -> str:
    """ "5 October 2026", "5. Oktober 2026"; of a moment, the day on its own clock."""
    return f"{day.day} {day:%B %Y}" if is_english() else written(day, "j F Y")


def listed(words: Sequence[str], last: str = "and") -> str:
    """ "Ana", "Ana and Ion", "Ana, Ion and Mia"; `last` stands before the last one."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """ "1 incident", "3 incidents", "1,204 incidents"."""
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"
