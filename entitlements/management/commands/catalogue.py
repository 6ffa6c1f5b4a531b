"""`manage.py catalogue load [FILE]` and `manage.py catalogue export`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import rls
from core.errors import Refusal
from entitlements.actions import catalogue, catalogue_file


class Command(BaseCommand):
    help = "Loads the support programme from a file, or prints what the database holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        loading = parts.add_parser("load", help="unchanged parts get no new version")
        loading.add_argument("file", nargs="?", type=Path, default=catalogue_file.SHIPPED)
        parts.add_parser("export", help="in the form that load reads")

    def handle(self, *args: Any, **options: Any) -> None:
        with rls.everything():
            if options["what"] == "export":
                self.stdout.write(catalogue_file.write(catalogue.held()))
            else:
                self._load(options["file"])

    def _load(self, file: Path) -> None:
        try:
            wanted = catalogue_file.read(file.read_text(encoding="utf-8"))
            written = catalogue.load(wanted, at=timezone.now(), by=None)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} can not be read: {error}") from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for what, keys in vars(written).items():
            self.stdout.write(f"{what}: {', '.join(keys) or 'unchanged'}")
