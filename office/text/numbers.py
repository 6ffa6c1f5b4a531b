"""Numbers as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def money(amounts: Mapping[str, Decimal]) -> str:
    """ "EUR 1,240, USD 90"; "" for nothing. Cents are left out."""
    return ", ".join(f"{currency} {amount:,.0f}" for currency, amount in sorted(amounts.items()))
