"""Who may take part in a technical training (rule 13, TR1), with the reason. Pure.

The service is part of a GoLive project; which other levels include it is catalogue data. What is
asked is whether something that includes it runs at the moment of the registration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.words import day_in_words, listed
from entitlements.rules.terms import Term


@dataclass(frozen=True)
class Claim:
    """Something that an organisation has: a project's window, or a level of a licence."""

    name: str  # "GoLive project “Move”", "Premium of AXG-1"
    term: Term
    includes_it: bool


@dataclass(frozen=True)
class Right:
    """`basis` is what gives it, "" where nothing does; `reason` is one sentence for people."""

    is_given: bool
    basis: str
    reason: str
    until_on: date | None = None


def training_right(claims: Sequence[Claim], including: Sequence[str], *, at: datetime) -> Right:
    """`including` are the labels of the levels that include training, as the catalogue says."""
    giving = [one for one in claims if one.includes_it]
    running = [one for one in giving if one.term.contains(at)]
    if running:
        best = max(running, key=lambda one: (one.term.ends_on, one.name))
        until = best.term.last_on
        reason = f"{best.name} includes technical training, until {day_in_words(until)}."
        return Right(True, best.name, reason, until)
    coming = [one for one in giving if at < one.term.starts_at]
    if coming:
        first = min(coming, key=lambda one: (one.term.starts_on, one.name))
        day = day_in_words(first.term.starts_on)
        return Right(False, "", f"{first.name} begins on {day}: register from then on.")
    ended = [one for one in giving if one.term.ends_at <= at]
    if ended:
        last = max(ended, key=lambda one: (one.term.ends_on, one.name))
        day = day_in_words(last.term.last_on)
        return Right(False, "", f"{last.name} ended on {day}. Ask your account manager to go on.")
    if not including:
        return Right(False, "", "No support level includes technical training now.")
    return Right(
        False,
        "",
        f"Technical training comes with {listed(including, 'or')}. "
        "Ask your account manager for an offer.",
    )
