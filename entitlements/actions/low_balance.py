"""Notification the customer before Gold incidents run out, and when they have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.enums import Role
from accounts.models import Person
from entitlements.models import LedgerEntry
from entitlements.reads.holdings import holdings_of
from notices.outbox import notify

LOW_AT = (2, 0)  # what is left of a licence's usable Gold incidents


def notify_when_low(entry: LedgerEntry, *, at: datetime) -> None:
    """After the CONSUME `entry`: tell admin contacts and TAM when 2 or no incidents are left.

    Counts what the licence can still use at `at` (L4), not the single pack. One spending takes
    one, so that each crossing is seen once; what expires is told by the renewal reminders. Call it
    in the transaction of the spending. Three queries, and two more when somebody is notified.
    """
    pack = entry.pack
    organisation = pack.organisation
    (holding,) = holdings_of([pack.licence], {}, organisation.timezone)
    left = holding.gold_left(at)
    if left not in LOW_AT:
        return
    facts: dict[str, Any] = {
        "left": left,
        "licence": pack.licence.key,
        "organisation": organisation.name,
    }
    ledger_url = f"{settings.SITE_URL}/coverage/packs/{pack.pk}/"
    admins = Person.objects.active().filter(
        organisation_id=pack.organisation_id, role=Role.ADMIN_CONTACT
    )
    order_url = f"{settings.SITE_URL}/orders/new/?licence={pack.licence_id}"
    key = f"gold_low:{entry.pk}"
    notify(admins, "gold_low", key=key, at=at, about=pack, **facts, order_url=order_url)
    if organisation.tam is not None:
        notify([organisation.tam], "gold_low", key=key, at=at, about=pack, **facts, url=ledger_url)
