"""How many licence keys an organisation may try: nobody finds out by trying which keys exist."""

from __future__ import annotations

from accounts.models import Organisation
from core.throttle import within
from entitlements.errors import TooManyRegistrations

KEYS_AN_HOUR = 30


def note_registration(organisation: Organisation) -> None:
    """Count one try, whatever comes of it. Errors: `TooManyRegistrations` above the limit."""
    name = f"registering:{organisation.pk}"
    if not within(KEYS_AN_HOUR, name, seconds=3600):
        raise TooManyRegistrations(limit=KEYS_AN_HOUR)
