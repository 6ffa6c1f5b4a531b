"""What the mailroom adds to pages of the rooms below it (`core.registries`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Person
from core.clock import database_now
from core.registries import Badge, MeasuredSweep, Panel, add_badge, add_panel, measure
from mailroom import policies
from mailroom.actions.mailboxes import SILENT_AFTER
from mailroom.models import InboundMail
from mailroom.reads.mailboxes import configured_mailboxes


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
    add_panel("watchdog", Panel("staff/_mailboxes.html", _mailboxes))


def _kept(person: Person) -> QuerySet[InboundMail] | None:
    if not policies.may_see_mail(person):
        return None
    return InboundMail.objects.visible_to(person).kept_for_a_human()


def _mailboxes(request: HttpRequest) -> Mapping[str, Any] | None:
    found = configured_mailboxes()
    if not found:
        return None
    return {"mailboxes": found, "silent_since": database_now() - SILENT_AFTER}
