"""The pipe of a mail server: `receive_mail < message.eml`."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from core import rls
from core.errors import Refusal
from mailroom.actions import intake as mail_intake
from mailroom.models import InboundMail

# sysexits(3): what a mail server reads from the exit code of a pipe.
TRY_AGAIN, REFUSED = 75, 65


class Command(BaseCommand):
    help = (
        "Takes one mail from standard input: stores it, handles it, prints one JSON line that says"
        " what became of it. Exits with 75 when the mail server should try again later, with 65"
        " when it should tell the sender that the mail is not taken."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read()
        at = timezone.now()
        try:
            with rls.everything():
                stored = mail_intake.store(raw, at=at, wakes=False)
        except Refusal as refusal:
            self._say({"outcome": "refused", "code": refusal.code, "reason": str(refusal)})
            sys.exit(REFUSED)
        except DatabaseError as error:
            self._say({"outcome": "try_again", "reason": str(error).splitlines()[0]})
            sys.exit(TRY_AGAIN)
        try:
            seen = mail_intake.look_at(stored.pk)
            with rls.everything():
                facts = facts_of(mail_intake.handle(stored.pk, at=timezone.now(), seen=seen))
        except DatabaseError as error:  # it is ours already: the sweep handles it
            facts = facts_of(stored) | {"reason": str(error).splitlines()[0]}
        self._say(facts)

    def _say(self, facts: dict[str, object]) -> None:
        self.stdout.write(json.dumps(facts))  # in ASCII, whatever the locale of the pipe


def facts_of(mail: InboundMail) -> dict[str, object]:
    """What the line says of a handled mail."""
    incident = mail.incident
    level = incident.decision.level if incident else None
    target = incident.targets.order_by("-cycle").first() if incident else None
    return {
        "mail": mail.pk,
        "outcome": mail.outcome,
        "reason": mail.reason,
        "sender": mail.sender,
        "incident": incident.number if incident else None,
        "level": level.level if level else None,
        "due_at": target.due_at.isoformat() if target else None,
    }
