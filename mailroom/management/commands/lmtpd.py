"""The server that a mail server delivers to."""

from __future__ import annotations

import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mailroom.doors.listening import Listen
from mailroom.doors.lmtp import MailServer


class Command(BaseCommand):
    help = (
        "Takes mails by LMTP (or SMTP, with --smtp) until SIGTERM, and says that one is taken only"
        " after it is stored. A worker handles them. Answers 550 for addresses that are not the"
        " desk's, 552 above the size limit, 451 while the database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--listen",
            default=settings.LMTP_LISTEN,
            help="host:port or the path of a Unix socket (default: LMTP_LISTEN)",
        )
        parser.add_argument("--smtp", action="store_true", help="speak SMTP in place of LMTP")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["listen"]:
            raise CommandError("Say where to listen: --listen 127.0.0.1:24, or set LMTP_LISTEN.")
        try:
            listen = Listen.read(options["listen"])
            asyncio.run(self._serve(listen, smtp=options["smtp"]))
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Can not listen on {options['listen']}: {error}") from error

    async def _serve(self, listen: Listen, *, smtp: bool) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        words = f"{'SMTP' if smtp else 'LMTP'} on {listen}"
        await MailServer(smtp=smtp).run(listen, stop=stop, ready=lambda: self._say(words))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
