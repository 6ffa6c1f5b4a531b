"""The demo: load it into an empty desk, or print who can sign in."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Organisation, Person
from axsupport.demo.cast import ACCOUNTS, PASSWORD
from axsupport.demo.story import load
from core import rls
from core.models import JournalEntry

MARKS = ("demo.begun", "demo.loaded")


class Command(BaseCommand):
    help = (
        "Fills an empty desk with half a year of a vendor's life, made with a fixed seed through"
        " the real actions and ending now. Never touches a desk that has organisations."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="say nothing when organisations are there"
        )
        parser.add_argument("--accounts", action="store_true", help="print who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self._accounts()
            return
        with rls.everything():
            used = Organisation.objects.exists()
            marks = set(JournalEntry.objects.filter(kind__in=MARKS).values_list("kind", flat=True))
        if marks == {MARKS[0]}:
            raise CommandError(
                "The demo was interrupted while it loaded. Remove the data folder (DATA_DIR, or the"
                " database behind DATABASE_URL) and start again."
            )
        if used and options["if_empty"]:
            return
        if used:
            raise CommandError(
                "There are organisations in this database. The demo goes into an empty one only:"
                " set another DATA_DIR or DATABASE_URL."
            )
        started = time.monotonic()
        self._say("demo: half a year of incidents, once; a minute or more", started)
        self._mark(MARKS[0])
        load(ends=timezone.now(), progress=lambda line: self._say(f"demo: {line}", started))
        self._mark(MARKS[1])
        self._say("demo: loaded", started)

    def _mark(self, kind: str) -> None:
        """Written down, so that half a demo is never taken for a whole one."""
        with rls.everything():
            JournalEntry.objects.create(kind=kind, subject="demo", at=timezone.now())

    def _say(self, line: str, started: float) -> None:
        self.stdout.write(f"[{time.monotonic() - started:5.1f} s] {line}")
        self.stdout.flush()

    def _accounts(self) -> None:
        with rls.everything():
            known = set(
                Person.objects.filter(email__in=dict(ACCOUNTS)).values_list("email", flat=True)
            )
        for email, words in ACCOUNTS:
            if email in known:
                self.stdout.write(f"  {email:32} {words}")
        if known:
            self.stdout.write(f"  password of all: {PASSWORD}")
