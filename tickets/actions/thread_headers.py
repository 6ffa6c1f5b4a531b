"""The headers by which an answer finds its way back to its incident."""

from __future__ import annotations

import secrets

from django.conf import settings

from notices.rules.threads import new_message_id, reply_address
from tickets.models import Incident, Message


def own_message_id(incident: Incident) -> str:
    """The Message-ID under which a message of ours leaves; never given twice."""
    return new_message_id(incident.number, token=secrets.token_hex(8), domain=settings.MAIL_DOMAIN)


def thread_headers(incident: Incident, message: Message) -> dict[str, str]:
    """Its Message-ID (`own_message_id`), References to what went before, a signed Reply-To."""
    before = [
        one
        for one in incident.messages.exclude(pk=message.pk).values_list("message_id", flat=True)
        if one
    ]
    headers = {
        "Message-ID": message.message_id,
        "Reply-To": reply_address(
            incident.number,
            secret=settings.SECRET_KEY,
            local_part=settings.SUPPORT_ADDRESSES[0].partition("@")[0],
            domain=settings.MAIL_DOMAIN,
        ),
    }
    if before:
        headers["In-Reply-To"] = before[-1]
        headers["References"] = " ".join(before[-10:])
    return headers
