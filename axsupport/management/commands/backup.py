"""A backup of the whole desk, proved by a restore."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from axsupport.operating.backup import back_up, forget_old
from axsupport.operating.store import Store, is_store


class Command(BaseCommand):
    help = (
        "Backs up database, files and keys into a folder of its own, while the desk runs,"
        " restores it into a scratch database and compares, and prints where it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        usual = str(settings.DATA_DIR / "backups")
        where = "below which folder, or s3://BUCKET/PREFIX"
        parser.add_argument("--to", default=usual, metavar="FOLDER", help=where)
        parser.add_argument("--keep", type=int, metavar="DAYS", help="remove older ones afterwards")
        parser.add_argument("--no-verify", action="store_true", help="without the trial restore")

    def handle(self, *args: Any, **options: Any) -> None:
        at, verify, days = timezone.now(), not options["no_verify"], options["keep"]
        old: list[Any] = []
        if is_store(options["to"]):
            store = Store(options["to"])
            with TemporaryDirectory(dir=settings.DATA_DIR, prefix="backup-") as place:
                made: object = store.put(back_up(Path(place), at=at, verify=verify))
            old += store.forget_old(days=days, at=at) if days is not None else []
        else:
            folder = Path(options["to"])
            made = back_up(folder, at=at, verify=verify)
            old += forget_old(folder, days=days, at=at) if days is not None else []
        self.stdout.write(str(made))
        for one in old:
            self.stderr.write(f"removed {one}")
