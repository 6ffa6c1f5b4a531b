"""The desk's records in Django's admin."""

from tickets.admin import causes, engineers

__all__ = ["causes", "engineers"]
