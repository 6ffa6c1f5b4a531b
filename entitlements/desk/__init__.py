"""Pages of contracts and coverage; each module adds its own to the admin site."""

from entitlements.desk import claims, contracts_page, orders, renewals, what_if

__all__ = ["claims", "contracts_page", "orders", "renewals", "what_if"]
