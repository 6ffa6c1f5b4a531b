"""A mail to whoever an account belongs to, whenever something about its safety changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import Person
from core.asking import asked
from notices.outbox import notify, notify_address


def notify_of_change(
    person: Person, what: str, *, key: str, at: datetime, address: str = ""
) -> None:
    """Owe the person a notice that says `what` was done, when, and from where.

    `what` is a sentence without its full stop. `address`, where it is not the person's own, is one
    that was theirs until now: whoever takes over an account must not get the only warning. Call it
    inside the transaction of the change; a second call with the same `key` changes nothing.
    """
    now = asked()
    facts: dict[str, Any] = {
        "what": what,
        "done_at": at.isoformat(),
        "from_address": now.address if now else "",
        "url": f"{settings.SITE_URL}/profile/",
    }
    if address:
        facts["name"] = person.name
        notify_address(address, "account_changed", key=key, at=at, about=person, **facts)
    else:
        notify([person], "account_changed", key=key, at=at, about=person, **facts)
