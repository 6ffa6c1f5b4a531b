"""The desk's records in Django's admin."""

from tickets.admin import engineers

__all__ = ["engineers"]
