"""What mails hold about somebody, and what the erasure does to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Person
from core.blotting import Words
from core.personal import Held, harmless, hold
from mailroom.actions.forgetting import empty
from mailroom.models import InboundMail
from mailroom.text.mentions import text_of


def _mails(person: Person) -> QuerySet[InboundMail]:
    """Those from their address, and those that became a message of theirs."""
    return InboundMail.objects.filter(Q(sender__iexact=person.email) | Q(became__author=person))


def _empty_those_that_name(keys: Collection[int], words: Words, at: datetime) -> int:
    """A mail is signed, packed, encoded: nothing can be blotted in it, so that it goes whole."""
    mails = InboundMail.objects.filter(pk__in=keys, raw_gone_at=None).only("pk", "raw")
    named = [one.pk for one in mails.iterator(10) if words.are_in(text_of(bytes(one.raw)))]
    return empty(named, at=at)


hold(
    Held(
        "mailroom.InboundMail",
        "Mails from them",
        own=_mails,
        file="raw",
        blot=("sender", "subject", "reason", "proof_why"),
        by_hand=_empty_those_that_name,
        secret=("message_id",),
        day="received_at",
    ),
    Held("mailroom.Mailbox", "Mailboxes that are fetched", blot=("last_error",)),
    Held("mailroom.UnfetchedMail", "Mails that are not fetched yet", blot=("last_error",)),
)
harmless("mailroom.InboundMail", "check sums", "sha256", "content")
harmless("mailroom.Mailbox", "an account of the desk's own", "name")
