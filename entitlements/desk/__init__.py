"""Pages of contracts and coverage; each module adds its own to the admin site."""

from entitlements.desk import contracts_page, what_if

__all__ = ["contracts_page", "what_if"]
