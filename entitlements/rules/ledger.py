"""The double-entry ledger of Gold incidents (L1). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

# From which account each kind takes, and to which it gives. ADJUST names its own two.
MOVES = {
    "purchase": ("issued", "available"),
    "consume": ("available", "consumed"),
    "refund": ("consumed", "available"),
    "reinstate": ("available", "consumed"),
    "expire": ("available", "expired"),
}


class Entry(Protocol):
    debit: str
    credit: str
    quantity: int


def balance(entries: Iterable[Entry], account: str = "available") -> int:
    """What is in `account` after all `entries`."""
    total = 0
    for entry in entries:
        total += entry.quantity * ((entry.credit == account) - (entry.debit == account))
    return total
