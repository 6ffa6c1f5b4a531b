"""What is said on an engagement: by the team, by the customer, in notes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Person
from core import markdown
from core.errors import NotAllowed
from core.journal import record
from core.text import clean_block
from engagements import policies
from engagements.actions.common import customers_of, facts_of, tell_team
from engagements.actions.thread_headers import headers_for
from engagements.enums import Voice
from engagements.errors import TextMissing
from engagements.models import Engagement, Message, MessageFile
from entitlements.enums import Channel
from notices.outbox import notify
from notices.rules.threads import new_message_id
from tickets.actions.files import check_files, safe_name


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is said. A mail also brings its Message-ID, what it quoted and how far it is proven."""

    body: str
    files: Sequence[UploadedFile[Any]] = ()
    channel: str = Channel.PORTAL
    message_id: str = ""
    quoted: str = ""
    proof: str = ""
    is_markdown: bool = False


@transaction.atomic
def say(engagement: Engagement, words: Words, *, author: Person, at: datetime) -> Message:
    """The team to the customer, or the customer to the team: the others are mailed.

    Also on one that is over: there may be questions. Errors: `NotAllowed`, `TextMissing` and
    those of `tickets.actions.files.check_files`.
    """
    if not policies.may_speak(author, engagement):
        raise NotAllowed()
    voice = Voice.CUSTOMER if author.is_customer else Voice.TEAM
    message = _kept(engagement, words, voice, author, at)
    said: dict[str, Any] = {"author": str(author), "body": message.body}
    key = f"engagement-said:{message.pk}"
    if voice == Voice.TEAM:
        people = [one for one in customers_of(engagement) if one != author]
        notify(
            people,
            "engagement_said",
            key=key,
            at=at,
            about=engagement,
            headers=headers_for(engagement, message),
            **facts_of(engagement, for_staff=False),
            **said,
            body_html=message.html,
        )
    tell_team(engagement, "engagement_written", key=key, at=at, but=author, **said)
    return message


@transaction.atomic
def note(engagement: Engagement, words: Words, *, author: Person, at: datetime) -> Message:
    """For the team alone, never shown to the customer. Errors as of `say`."""
    if not policies.may_work(author, engagement):
        raise NotAllowed()
    return _kept(engagement, words, Voice.NOTE, author, at)


def _kept(
    engagement: Engagement, words: Words, voice: Voice, author: Person, at: datetime
) -> Message:
    body = clean_block(words.body)
    if not body and not words.files:
        raise TextMissing()
    check_files(words.files)
    of = {"organisation_id": engagement.organisation_id, "engagement": engagement}
    own_id = new_message_id(
        engagement.number, token=secrets.token_hex(8), domain=settings.MAIL_DOMAIN
    )
    message = Message.objects.create(
        **of,
        author=author,
        voice=voice,
        channel=words.channel,
        body=body,
        html=markdown.render(body) if words.is_markdown else "",
        quoted=words.quoted,
        message_id=words.message_id or (own_id if voice == Voice.TEAM else ""),
        proof=words.proof,
        sent_at=at,
    )
    for file in words.files:
        name = safe_name(file.name or "")
        MessageFile.objects.create(
            **of,
            message=message,
            file=File(file, name=name),
            name=name,
            size=file.size or 0,
            sha256=digest_of(file),
            sent_at=at,
        )
    facts: dict[str, Any] = {"message": message.pk, "voice": voice.value}
    record("engagement.said", engagement, at=at, by=author, **facts)
    return message


def digest_of(file: File[Any]) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
