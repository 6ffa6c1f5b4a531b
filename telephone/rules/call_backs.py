"""Sums about call-backs: no database, no clock of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

ATTEMPTS = 3  # that reach nobody: then the customer is notified, and the call-back is over
RETRY_AFTER = timedelta(minutes=10)  # between two attempts
CLAIM_LASTS = timedelta(hours=1)  # then a colleague may take over what is not finished
EARLY = timedelta(minutes=5)  # before a slot begins, it may be taken
OPEN_EACH = 5  # call-backs that one contact may wait for at once


def owed_from(asked_at: datetime, slot_at: datetime | None) -> datetime:
    """From when the call is owed: at once, or from the beginning of the slot."""
    return slot_at or asked_at


def next_due(attempted_at: datetime, due_at: datetime) -> datetime:
    """When somebody tries again; never before the moment that was promised first."""
    return max(due_at, attempted_at + RETRY_AFTER)
