"""Contracts and the catalogue for managers; each module registers its part."""

from entitlements.admin import (
    calendars,
    catalogue,
    golive,
    licences,
    orders,
    packs,
    subscriptions,
    technical_contracts,
)

__all__ = [
    "calendars",
    "catalogue",
    "golive",
    "licences",
    "orders",
    "packs",
    "subscriptions",
    "technical_contracts",
]
