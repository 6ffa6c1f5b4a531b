"""The outbox among the records."""

from notices.admin import outbox

__all__ = ["outbox"]
