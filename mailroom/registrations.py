"""What the mailroom adds to pages of the rooms below it (`core.registries`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Person
from core.clock import database_now
from core.registries import (
    Badge,
    MeasuredSweep,
    Panel,
    ReadFile,
    add_badge,
    add_panel,
    measure,
    read_files,
)
from core.retention import Kept, keep
from mailroom import policies
from mailroom.actions.forgetting import forget_originals, forget_suppressed
from mailroom.actions.mailboxes import SILENT_AFTER
from mailroom.models import InboundMail
from mailroom.querysets import RAW_KEPT
from mailroom.reads.mailboxes import configured_mailboxes
from mailroom.text.reading import read_mail


def register() -> None:
    """Safe to repeat."""
    measure(
        MeasuredSweep(
            "mail",
            "Mail",
            "Mails that came in and were not handled yet",
            rows=InboundMail.objects.unhandled,
            moment="received_at",
        )
    )
    add_badge(Badge("mail", _kept))
    keep(
        Kept(
            "mail.raw",
            "KEEP_RAW_MAILS_DAYS",
            "Originals of mails",
            "The mail byte for byte. The message that it became stays, with its files.",
            rows=lambda before: InboundMail.objects.filter(RAW_KEPT, received_at__lt=before),
            moment="received_at",
            forget=lambda keys, at: forget_originals(keys, at=at),
        ),
        Kept(
            "mail.suppressed",
            "KEEP_SUPPRESSED_MAILS_DAYS",
            "Mails that opened nothing",
            "Automatic answers, copies and what was dismissed, with their rows.",
            rows=lambda before: InboundMail.objects.opened_nothing().filter(received_at__lt=before),
            moment="received_at",
            forget=lambda keys, at: forget_suppressed(keys, at=at),
        ),
    )
    read_files(".eml", as_mail)
    add_panel("watchdog", Panel("staff/_mailboxes.html", _mailboxes))


def as_mail(raw: bytes) -> ReadFile:
    """A mail that somebody attached, as the mailroom reads mails."""
    read = read_mail(raw)
    sent = f"{read.date:%-d %b %Y, %H:%M} UTC" if read.date else ""
    who = f"{read.from_name} <{read.from_address}>" if read.from_name else read.from_address
    heads = (
        ("From", who),
        ("To", ", ".join(read.to)),
        ("In copy", ", ".join(read.cc)),
        ("Sent", sent),
        ("Subject", read.subject),
        ("Files", ", ".join(one.name for one in read.attachments)),
    )
    return ReadFile(tuple(head for head in heads if head[1]), read.body_text)


def _kept(person: Person) -> QuerySet[InboundMail] | None:
    if not policies.may_see_mail(person):
        return None
    return InboundMail.objects.visible_to(person).kept_for_a_human()


def _mailboxes(request: HttpRequest) -> Mapping[str, Any] | None:
    found = configured_mailboxes()
    if not found:
        return None
    return {"mailboxes": found, "silent_since": database_now() - SILENT_AFTER}
