"""Whether a Gold incident is spent for who did not choose. Pure."""

from __future__ import annotations

from accounts.enums import GoldDefault
from tickets.enums import Priority


def spends_by_default(gold_default: str, priority: int) -> bool:
    """`gold_default` is what the reporter's organisation decided once, for all its reports."""
    if gold_default == GoldDefault.HIGHEST:
        return priority == Priority.CRITICAL
    return gold_default == GoldDefault.ALWAYS
