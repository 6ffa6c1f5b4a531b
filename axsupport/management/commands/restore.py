"""A backup in the place of what the desk holds."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from axsupport.operating.restore import restore
from axsupport.operating.store import Store, is_store


class Command(BaseCommand):
    help = (
        "Restores a backup that `backup` made: database, files and keys. Tries it in a"
        " scratch database first; what goes wrong then changes nothing."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", help="as `backup` printed it")
        parser.add_argument("--replace", action="store_true", help="lose what the desk holds now")

    def handle(self, *args: Any, **options: Any) -> None:
        at, replace = timezone.now(), options["replace"]
        if is_store(options["folder"]):
            with TemporaryDirectory(dir=settings.DATA_DIR, prefix="restore-") as place:
                folder = Store(options["folder"]).fetch(Path(place))
                said = restore(folder, at=at, replace=replace)
        else:
            said = restore(Path(options["folder"]), at=at, replace=replace)
        for sentence in said:
            self.stdout.write(sentence)
