"""API tokens: made once, shown once, kept as their digest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import ApiToken, Person
from core.journal import record


def digest(token: str) -> str:
    """SHA-256 in hex. Tokens are random and long, so a slow hash would protect nothing more."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_api_token(person: Person, *, at: datetime, name: str = "command line") -> str:
    """A new token of `person`, in clear: the only moment at which it can be read."""
    token = f"axs_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(person=person, name=name, digest=digest(token), created_at=at)
    record("api_token.made", person, at=at, by=person, name=name)
    return token
