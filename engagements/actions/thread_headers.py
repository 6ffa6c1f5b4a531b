"""The headers by which an answer by mail finds its way back to its engagement (M4, M5)."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings

from engagements.enums import Voice
from engagements.models import Engagement, Message
from notices.models import Notice
from notices.rules.threads import Ours, reply_address


def headers_for(engagement: Engagement, message: Message) -> dict[str, str]:
    """Of the mail that carries a message of ours: its id, what went before, a signed Reply-To."""
    return {"Message-ID": message.message_id, **_thread(engagement, but=message.pk)}


def headers_of(notices: Collection[Notice]) -> dict[int, dict[str, str]]:
    """Of any other mails about engagements, by notice."""
    return {one.pk: _headers(one) for one in notices}


def _headers(notice: Notice) -> dict[str, str]:
    pk = notice.subject.partition(":")[2]
    engagement = Engagement.objects.filter(pk=pk).only("number").first() if pk.isdigit() else None
    if engagement is None or notice.to is None:
        return {}
    if not notice.to.is_customer:
        return {"Reply-To": _ours().for_engineer(notice.to.pk, engagement.number)}  # M4
    return _thread(engagement, but=None)


def _ours() -> Ours:
    return Ours(
        secret=settings.SECRET_KEY,
        domain=settings.MAIL_DOMAIN,
        local_part=str(settings.SUPPORT_ADDRESSES[0]).partition("@")[0],
    )


def _thread(engagement: Engagement, *, but: int | None) -> dict[str, str]:
    said = Message.objects.filter(engagement=engagement).exclude(message_id="")
    said = said.exclude(voice=Voice.NOTE)
    if but is not None:
        said = said.exclude(pk=but)
    before = list(said.order_by("sent_at", "pk").values_list("message_id", flat=True))
    address = reply_address(
        engagement.number,
        secret=settings.SECRET_KEY,
        domain=settings.MAIL_DOMAIN,
        local_part=str(settings.SUPPORT_ADDRESSES[0]).partition("@")[0],
    )
    headers = {"Reply-To": address}
    if before:
        headers |= {"In-Reply-To": before[-1], "References": " ".join(before[-10:])}
    return headers
