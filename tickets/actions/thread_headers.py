"""The headers by which an answer finds its way back to its incident (M4, M5).

The outbox asks for those of every mail about an incident: `tickets/registrations.py` says so to it.
"""

from __future__ import annotations

import secrets

from django.conf import settings

from notices.models import Notice
from notices.rules.threads import Ours, new_message_id, reply_address
from tickets.actions.following import NOTED
from tickets.enums import PUBLIC_KINDS
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
        "Reply-To": _reply_to(incident),
    }
    if before:
        headers["In-Reply-To"] = before[-1]
        headers["References"] = " ".join(before[-10:])
    return headers


def headers_of(notice: Notice) -> dict[str, str]:
    """Of a mail about an incident: a signed Reply-To, for one of the team that of the person.

    A customer's carries what went before in the thread, too, as far as customers see it.
    """
    pk = notice.subject.partition(":")[2]
    incident = Incident.objects.filter(pk=pk).only("number").first() if pk.isdigit() else None
    if incident is None or notice.to is None:
        return {}
    if not notice.to.is_customer:
        # What answers a note stays among us, too: nobody expects it to reach the customer.
        is_note = notice.template == "incident_mentioned" or notice.context.get("what") == NOTED
        address = _ours().for_engineer(notice.to.pk, incident.number, is_note=is_note)
        return {"Reply-To": address}
    headers = {"Reply-To": _reply_to(incident)}
    public = incident.messages.filter(kind__in=PUBLIC_KINDS).exclude(message_id="")
    before = list(public.order_by("sent_at", "pk").values_list("message_id", flat=True))
    if before:
        headers |= {"In-Reply-To": before[-1], "References": " ".join(before[-10:])}
    return headers


def return_path(notice: Notice) -> str:
    """The envelope sender of this one mail to this one recipient (VERP), signed."""
    return _ours().for_bounces(notice.pk, notice.recipient)


def _reply_to(incident: Incident) -> str:
    ours = _ours()
    return reply_address(
        incident.number, secret=ours.secret, domain=ours.domain, local_part=ours.local_part
    )


def _ours() -> Ours:
    return Ours(
        secret=settings.SECRET_KEY,
        domain=settings.MAIL_DOMAIN,
        local_part=str(settings.SUPPORT_ADDRESSES[0]).partition("@")[0],
    )
