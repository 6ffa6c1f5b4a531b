"""What stands on a pro-forma invoice and on a renewal proposal, as plain data. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One thing that is sold, with its VAT. Amounts are in `currency`, exact to a cent.

    `facts` stand as name and value at the head; `notes` below the sums; `to` are the lines of the
    address, empty where nobody gave one.
    """

    kind: str  # "Pro-forma invoice"
    number: str
    on: date
    organisation: str
    to: Sequence[str]
    facts: Sequence[tuple[str, str]]
    what: str
    details: Sequence[str]
    net: Decimal
    vat_label: str
    vat: Decimal
    total: Decimal
    currency: str
    words: Sequence[str] = ()  # what is said to the reader, before the table
    notes: Sequence[str] = ()

    @property
    def texts(self) -> str:
        """All that is shown, for the typeface."""
        parts = [self.kind, self.number, self.organisation, self.what, self.vat_label]
        facts = [part for fact in self.facts for part in fact]
        return "".join([*parts, *self.to, *facts, *self.details, *self.words, *self.notes])


def amount(value: Decimal) -> str:
    """ "1,240.00"."""
    return f"{value:,.2f}"
