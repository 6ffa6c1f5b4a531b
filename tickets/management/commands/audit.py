"""The nightly audit, for any day."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import rls
from core.clock import database_now
from tickets.actions.promises.audit import audit


class Command(BaseCommand):
    help = (
        "Tells every verdict of a day (UTC) again, from the journal and the messages, and prints"
        " as one JSON line what differs. Corrects nothing. Safe at any time, and to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day to audit; yesterday without it",
        )

    def handle(self, *args: Any, day: date | None, **options: Any) -> None:
        at = database_now()
        with rls.everything():
            found = audit(day or at.date() - timedelta(days=1), at=at)
        self.stdout.write(json.dumps(asdict(found) | {"day": str(found.day)}))
