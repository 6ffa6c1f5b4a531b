"""Fetches from the mailboxes that IMAP_URL names."""

from __future__ import annotations

import json
import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mailroom.actions.mailboxes import SILENT_AFTER
from mailroom.doors.imap import Fetcher
from mailroom.models import Mailbox


class Command(BaseCommand):
    help = (
        "Fetches mails from the mailboxes of IMAP_URL until SIGTERM, at once where the server"
        " offers IDLE. A mail is moved or marked there only after it is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once",
            action="store_true",
            help="fetch what is there and end; 1 when a mailbox could not be fetched",
        )

        parser.add_argument(
            "--check",
            action="store_true",
            help="fetch nothing; 1 unless each mailbox was fetched in the last ten minutes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IMAP_ACCOUNTS:
            raise CommandError("There is no mailbox to fetch from: set IMAP_URL.")
        if options["check"]:
            sys.exit(not self._are_fetched())
        stop = threading.Event()
        fetchers = [Fetcher(account, stop) for account in settings.IMAP_ACCOUNTS]
        if options["once"]:
            done = {one.account.name: one.once() for one in fetchers}
            self.stdout.write(json.dumps(done))
            sys.exit(not all(done.values()))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        threads = [threading.Thread(target=one.run, name=one.account.name) for one in fetchers]
        for thread in threads:
            thread.start()
        self.stdout.write(f"fetching from {', '.join(one.account.name for one in fetchers)}")
        self.stdout.flush()
        for thread in threads:
            thread.join()

    def _are_fetched(self) -> bool:
        names = {account.name for account in settings.IMAP_ACCOUNTS}
        fresh = Mailbox.objects.filter(last_ok_at__gt=timezone.now() - SILENT_AFTER)
        return names == set(fresh.filter(name__in=names).values_list("name", flat=True))
