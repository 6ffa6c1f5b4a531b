"""What a go / no-go sheet comes to: of its criteria and of the votes of both sides (N10). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.words import listed

GO, NO_GO = "go", "no_go"
MET, NOT_MET, WAIVED = "met", "not_met", "waived"


@dataclass(frozen=True)
class Asked:
    """A criterion with its result; "" was not looked at yet."""

    text: str
    result: str


@dataclass(frozen=True)
class Voter:
    """`vote` is "" until it is given."""

    role: str
    name: str
    is_customer: bool
    vote: str


@dataclass(frozen=True)
class Outcome:
    """`decision` is "" while something is missing; `reasons` say what, or why not."""

    decision: str
    reasons: tuple[str, ...]


def outcome(criteria: Sequence[Asked], voters: Sequence[Voter]) -> Outcome:
    """Go takes every criterion met or waived, and the vote of everybody named, of both sides.

    One no, or one criterion that is not met, is a no-go, whoever has not voted yet.
    """
    against = [f"{one.role}, {one.name}, says no" for one in voters if one.vote == NO_GO]
    against += [f"not met: {one.text}" for one in criteria if one.result == NOT_MET]
    if against:
        return Outcome(NO_GO, tuple(against))
    missing = []
    if {one.is_customer for one in voters} != {True, False}:
        missing.append("a vote of each side")
    silent = [f"{one.name} ({one.role})" for one in voters if not one.vote]
    if silent:
        missing.append(f"the vote of {listed(silent)}")
    unseen = sum(not one.result for one in criteria)
    if unseen:
        missing.append(f"{unseen} of {len(criteria)} criteria")
    return Outcome("", tuple(missing)) if missing else Outcome(GO, ())
