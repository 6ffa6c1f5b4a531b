"""How long each technical level had an incident, and its own target (X2). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

WARN_AT = 75  # percent of an internal target: early enough to ask a colleague


def time_at_tiers(
    received_at: datetime, steps: Iterable[tuple[datetime, int]], until: datetime
) -> dict[int, timedelta]:
    """How long the incident was with each tier, by the wall clock, in the order of first arrival.

    `steps` are the hand-overs, oldest first: the moment, and the tier that it came to. It starts
    with TS1; `until` is when it was finished, or now. What happened after `until` does not count.
    """
    spent = {1: timedelta(0)}
    tier, since = 1, received_at
    for at, to in steps:
        spent[tier] += max(min(at, until) - since, timedelta(0))
        tier, since = to, min(at, until)
        spent.setdefault(tier, timedelta(0))
    spent[tier] += max(until - since, timedelta(0))
    return spent


def internal_verdict(
    due_at: datetime, *, paused_at: datetime | None, ended_at: datetime | None, at: datetime
) -> str:
    """ "open", "paused", "met" or "breached": by the due moment and facts alone (T1).

    A pause that begins after the due moment changes nothing: what is breached stays so.
    """
    if ended_at is not None:
        return "met" if ended_at <= due_at else "breached"
    if paused_at is not None and paused_at <= due_at:
        return "paused"
    return "open" if at <= due_at else "breached"
