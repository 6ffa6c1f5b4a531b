"""Contracts and the catalogue for managers; each module registers its part."""

from entitlements.admin import (
    catalogue,
    contracts,
    contracts_page,
    licences,
    orders,
    packs,
    technical_contracts,
    what_if,
)

__all__ = [
    "catalogue",
    "contracts",
    "contracts_page",
    "licences",
    "orders",
    "packs",
    "technical_contracts",
    "what_if",
]
