"""What the outbox holds about somebody, and what the erasure does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from core.personal import Held, harmless, hold
from notices.models import BouncingAddress, Notice, NoticeChoices, Notification, QuietHours

if TYPE_CHECKING:
    from accounts.models import Person


def _notices(person: Person) -> QuerySet[Notice]:
    """Those that went to them stay as rows: whether an answer came back follows from all (C8)."""
    return Notice.objects.filter(Q(to=person) | Q(address__iexact=person.email))


hold(
    Held(
        "notices.Notice",
        "Mails and calls to them",
        own=_notices,
        clear={"context": {}, "headers": {}, "last_error": ""},
        blot=("address", "context", "headers", "last_error"),
        day="made_at",
    ),
    Held(
        "notices.BouncingAddress",
        "Addresses of theirs that took no mail",
        own=lambda person: BouncingAddress.objects.filter(
            Q(person=person) | Q(address__iexact=person.email)
        ),
        is_deleted=True,
        day="since_at",
    ),
    Held(
        "notices.QuietHours",
        "When they want no mail",
        own=lambda person: QuietHours.objects.filter(person=person),
        is_deleted=True,
    ),
    Held(
        "notices.NoticeChoices",
        "How they want to be told",
        own=lambda person: NoticeChoices.objects.filter(person=person),
        is_deleted=True,
    ),
    Held(
        "notices.Notification",
        "What their bell told them",
        own=lambda person: Notification.objects.filter(person=person),
        is_deleted=True,
        blot=("facts",),
        day="made_at",
    ),
    Held("notices.WordingVersion", "Managers' words of notices", blot=("subject", "text")),
)
harmless("notices.Notice", "a row's key, a template's name", "key", "subject", "template")
harmless("notices.Notice", "how a provider calls the mail", "provider_id")
harmless("notices.WordingVersion", "a template's name", "kind")
