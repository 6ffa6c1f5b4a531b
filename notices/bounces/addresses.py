"""Addresses that take no mail: marked once, held back from, and cleared when they work again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from core.journal import record
from notices.enums import Cleared
from notices.models import BouncingAddress, Notice

if TYPE_CHECKING:
    from accounts.models import Person

# What was held back and is older is not sent any more once the address works: it would confuse.
SENT_LATER = timedelta(days=7)


def period_of(address: str) -> BouncingAddress | None:
    """The running period of an address that takes no mail."""
    return BouncingAddress.objects.running().filter(address=address.lower()).first()


def bouncing_among(addresses: Collection[str]) -> dict[str, BouncingAddress]:
    """Those of the addresses that take no mail, in lower case."""
    lower = {address.lower() for address in addresses}
    return {one.address: one for one in BouncingAddress.objects.running().filter(address__in=lower)}


def mark(notice: Notice, *, code: str, why: str, at: datetime) -> BouncingAddress | None:
    """Begin a period for the address that `notice` went to; None when one runs already.

    Call it inside a transaction.
    """
    organisation_id = notice.to.organisation_id if notice.to else notice.organisation_id
    period, is_new = BouncingAddress.objects.get_or_create(
        address=notice.recipient.lower(),
        cleared_at=None,
        defaults={
            "organisation_id": organisation_id,
            "person": notice.to,
            "since_at": at,
            "code": code,
            "why": why,
        },
    )
    if not is_new:
        return None
    record("address.bounces", period, at=at, by=None, address=period.address, code=code)
    return period


@transaction.atomic
def clear(address: str, *, how: Cleared, at: datetime, by: Person | None = None) -> bool:
    """End the period of `address`, and owe again what was held back in the last week.

    Notices to a person go to the address that they have by then. False when no period runs, or when
    it began at or after `at`: an old mail proves nothing about now.
    """
    running = BouncingAddress.objects.running().filter(address=address.lower(), since_at__lt=at)
    period = running.select_for_update().first()
    if period is None:
        return False
    period.cleared_at, period.cleared_by, period.cleared_how = at, by, how
    period.save(update_fields=["cleared_at", "cleared_by", "cleared_how"])
    held = Notice.objects.filter(held_for=period, sent_at=None, given_up_at__isnull=False)
    again = held.filter(made_at__gt=at - SENT_LATER).update(
        given_up_at=None, attempts=0, next_at=at, held_for=None, last_error=""
    )
    what = {"address": period.address, "how": how.value}
    record("address.cleared", period, at=at, by=by, again=again, **what)
    return True
