"""Contracts and the catalogue for managers; each module registers its part."""

from entitlements.admin import catalogue, contracts, licences, packs, technical_contracts, what_if

__all__ = ["catalogue", "contracts", "licences", "packs", "technical_contracts", "what_if"]
