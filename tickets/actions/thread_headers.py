"""The headers by which an answer finds its way back to its incident (M4, M5).

The outbox asks for those of every mail about an incident: `tickets/registrations.py` says so to it.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence

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
        "Reply-To": _reply_to(incident.number),
    }
    if before:
        headers["In-Reply-To"] = before[-1]
        headers["References"] = " ".join(before[-10:])
    return headers


def headers_of(notices: Collection[Notice]) -> dict[int, dict[str, str]]:
    """Of mails about incidents, by notice: a signed Reply-To, for one of the team the person's own.

    A customer's carries what went before in the thread, too, as far as customers see it. Two
    queries, however many notices.
    """
    theirs = {one.pk: one.subject.partition(":")[2] for one in notices if one.to is not None}
    about = {key: int(pk) for key, pk in theirs.items() if pk.isdigit()}
    numbers = dict(Incident.objects.filter(pk__in=set(about.values())).values_list("pk", "number"))
    found = {one: numbers[about[one.pk]] for one in notices if about.get(one.pk) in numbers}
    said = _said_before({about[one.pk] for one in found if one.to and one.to.is_customer})
    return {one.pk: _headers(one, number, said[about[one.pk]]) for one, number in found.items()}


def _headers(notice: Notice, number: str, before: Sequence[str]) -> dict[str, str]:
    assert notice.to is not None, "an address that is no person has no thread"
    if not notice.to.is_customer:
        # What answers a note stays among us, too: nobody expects it to reach the customer.
        is_note = notice.template == "incident_mentioned" or notice.context.get("what") == NOTED
        return {"Reply-To": _ours().for_engineer(notice.to.pk, number, is_note=is_note)}
    headers = {"Reply-To": _reply_to(number)}
    if before:
        headers |= {"In-Reply-To": before[-1], "References": " ".join(before[-10:])}
    return headers


def _said_before(incidents: Collection[int]) -> dict[int, list[str]]:
    """By incident, the Message-IDs of what its customer sees, the oldest first."""
    found: dict[int, list[str]] = defaultdict(list)
    if incidents:
        public = Message.objects.filter(incident__in=incidents, kind__in=PUBLIC_KINDS)
        public = public.exclude(message_id="").order_by("sent_at", "pk")
        for incident, message_id in public.values_list("incident", "message_id"):
            found[incident].append(message_id)
    return found


def headers_of_aside(notices: Collection[Notice]) -> dict[int, dict[str, str]]:
    """Of mails about side conversations: an address signed for each and its reader (X4)."""
    theirs = {one: one.subject.partition(":")[2] for one in notices if one.to is not None}
    return {
        one.pk: {"Reply-To": _ours().for_aside(one.to.pk, int(pk))}
        for one, pk in theirs.items()
        if one.to is not None and pk.isdigit()
    }


def return_path(notice: Notice) -> str:
    """The envelope sender of this one mail to this one recipient (VERP), signed."""
    return _ours().for_bounces(notice.pk, notice.recipient)


def _reply_to(number: str) -> str:
    ours = _ours()
    return reply_address(number, secret=ours.secret, domain=ours.domain, local_part=ours.local_part)


def _ours() -> Ours:
    return Ours(
        secret=settings.SECRET_KEY,
        domain=settings.MAIL_DOMAIN,
        local_part=str(settings.SUPPORT_ADDRESSES[0]).partition("@")[0],
    )
