"""A backup in the place of what the desk holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from axsupport.operating.restore import restore


class Command(BaseCommand):
    help = (
        "Restores a backup that `backup` made: database, files and keys. Tries it in a"
        " scratch database first; what goes wrong then changes nothing."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="as `backup` printed it")
        parser.add_argument("--replace", action="store_true", help="lose what the desk holds now")

    def handle(self, *args: Any, **options: Any) -> None:
        for sentence in restore(options["folder"], at=timezone.now(), replace=options["replace"]):
            self.stdout.write(sentence)
