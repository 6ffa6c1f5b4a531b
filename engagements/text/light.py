"""Why the light is what it is, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.words import counted, day_in_words
from engagements.rules.light import Reason


def in_words(reasons: Iterable[Reason]) -> list[str]:
    return [_one(reason) for reason in reasons] or ["Nothing is late, and no risk is high."]


def _one(reason: Reason) -> str:
    facts = reason.facts
    if reason.code == "late":
        return f"“{facts['name']}” is {counted(facts['days'], 'day')} late."
    if reason.code == "not_begun":
        return (
            f"“{facts['name']}” ends on {day_in_words(date.fromisoformat(facts['due_on']))}"
            " and has not begun."
        )
    if reason.code == "high_risk":
        return f"{counted(facts['count'], 'risk is', 'risks are')} high."
    return f"{counted(facts['count'], 'document was', 'documents were')} sent back."


def task_in_words(title: str) -> str:
    """As what is late is called in the journal."""
    return f"Task “{title}”"
