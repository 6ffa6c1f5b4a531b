"""Whom the tests of the telephone's API speak for."""

from tests.tickets.api.conftest import api, contact, licence

__all__ = ["api", "contact", "licence"]
