"""Reads stored mails again, after a fix."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from core import rls
from mailroom.actions.intake import GIVE_UP_AFTER
from mailroom.actions.reading_again import read_again
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail

OUTCOMES = {
    "held": Q(outcome=MailOutcome.HELD),
    "hidden": Q(outcome=MailOutcome.AUTOMATIC),
    "unreadable": Q(outcome=MailOutcome.UNREADABLE),
    "failed": Q(outcome=MailOutcome.RECEIVED, attempts__gt=0)
    | Q(outcome=MailOutcome.UNREADABLE, attempts__gte=GIVE_UP_AFTER),
}


class Command(BaseCommand):
    help = (
        "Handles stored mails again that made nothing, and mends what taken ones show: text, folded"
        " text, files that were missed. Nothing comes twice of a mail. One JSON line a mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, help="numbers of mails")
        parser.add_argument("--since", help="received since this day or moment (ISO, UTC)")
        parser.add_argument("--outcome", choices=sorted(OUTCOMES), help="what became of them")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["ids"] or options["since"] or options["outcome"]):
            raise CommandError("Say which mails: their numbers, --since, or --outcome.")
        wanted = Q()
        if options["ids"]:
            wanted &= Q(pk__in=options["ids"])
        if options["since"]:
            wanted &= Q(received_at__gte=_moment(options["since"]))
        if options["outcome"]:
            wanted &= OUTCOMES[options["outcome"]]
        with rls.everything():
            found = InboundMail.objects.filter(wanted).order_by("received_at", "pk")
            ids = list(found.values_list("pk", flat=True))
        for pk in ids:
            self._one(pk)

    def _one(self, pk: int) -> None:
        """In a transaction of its own, so that a stop in the middle loses nothing."""
        with rls.everything():
            done = read_again(pk, at=timezone.now())
            incident = done.mail.incident
            number = incident.number if incident else None
        facts = {"mail": pk, "before": done.before, "did": done.did, "outcome": done.mail.outcome}
        reason = done.why or done.mail.reason
        self.stdout.write(json.dumps({**facts, "incident": number, "reason": reason}))


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
        day = parse_date(text) if found is None else None
    except ValueError:
        found = day = None
    if found is None and day is not None:
        found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- made aware below
    if found is None:
        raise CommandError(f"{text!r} is no day or moment: write 2026-03-01 or 2026-03-01T09:00.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
