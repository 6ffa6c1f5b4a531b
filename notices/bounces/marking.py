"""Notices that came back, and what that says of their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog
from django.conf import settings

from notices.bounces.addresses import mark
from notices.bounces.codes import is_of_the_address, why_of
from notices.models import Notice
from notices.outbox import notify

logger = structlog.get_logger(__name__)


def mark_bounced(
    notices: Iterable[Notice], codes: Mapping[str, str], *, at: datetime
) -> list[Notice]:
    """Mark those that went to one of the addresses as come back for good; the ones that were not.

    `codes` gives for each address why, as RFC 3463 writes it, or "". Where it says that the next
    mail would come back, too, the address is held back from. The caller has locked the notices.
    What was not sent yet can not have come back.
    """
    lower = {address.lower(): code for address, code in codes.items()}
    fresh = [
        one
        for one in notices
        if one.recipient.lower() in lower and one.sent_at and one.bounced_at is None
    ]
    for one in fresh:
        code = lower[one.recipient.lower()]
        one.bounced_at, one.last_error = at, f"It came back: {why_of(code)}."
        one.save(update_fields=["bounced_at", "last_error"])
        logger.warning("notice came back", notice=one.pk, code=code)
        if is_of_the_address(code):
            mark_address(one, code, at)
    return fresh


def mark_address(notice: Notice, code: str, at: datetime) -> None:
    """Hold back from its address from now on; who can put it right is notified, once a period."""
    why = why_of(code)
    period = mark(notice, code=code, why=why, at=at)
    owner = notice.to or notice.organisation
    if period is None or owner is None:
        return
    correctors = owner.correctors()
    for people, path in (
        ([one for one in correctors if one.is_customer], "people/"),
        ([one for one in correctors if not one.is_customer], "admin/addresses/"),
    ):
        notify(
            people,
            "address_bounces",
            key=f"bouncing:{period.pk}",
            at=at,
            about=period,
            address=period.address,
            who=notice.to.name if notice.to else "",
            why=why,
            url=f"{settings.SITE_URL}/{path}",
        )
