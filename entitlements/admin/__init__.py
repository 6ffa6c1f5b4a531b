"""Contracts and the catalogue for managers; each module registers its part."""

from entitlements.admin import (
    calendars,
    catalogue,
    contracts_page,
    golive,
    licences,
    orders,
    packs,
    subscriptions,
    technical_contracts,
    what_if,
)

__all__ = [
    "calendars",
    "catalogue",
    "golive",
    "contracts_page",
    "licences",
    "orders",
    "packs",
    "subscriptions",
    "technical_contracts",
    "what_if",
]
