"""Contracts and the catalogue for managers; each module registers its part."""

from entitlements.admin import catalogue, contracts, packs, technical_contracts

__all__ = ["catalogue", "contracts", "packs", "technical_contracts"]
