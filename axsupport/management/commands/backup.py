"""A backup of the whole desk, proved by a restore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from axsupport.operating.backup import back_up, forget_old


class Command(BaseCommand):
    help = (
        "Backs up database, files and keys into a folder of its own, while the desk runs,"
        " restores it into a scratch database and compares, and prints where it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        usual = settings.DATA_DIR / "backups"
        parser.add_argument("--to", type=Path, default=usual, metavar="FOLDER", help="below which")
        parser.add_argument("--keep", type=int, metavar="DAYS", help="remove older ones afterwards")
        parser.add_argument("--no-verify", action="store_true", help="without the trial restore")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        folder = back_up(options["to"], at=at, verify=not options["no_verify"])
        self.stdout.write(str(folder))
        if options["keep"] is not None:
            for old in forget_old(options["to"], days=options["keep"], at=at):
                self.stderr.write(f"removed {old}")
