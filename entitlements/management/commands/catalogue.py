"""`manage.py catalogue load [FILE]`, `catalogue diff [FILE]` and `catalogue export`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import rls
from core.errors import Refusal
from entitlements.actions import catalogue, catalogue_file, catalogue_text
from entitlements.actions.catalogue_diff import differences
from entitlements.actions.catalogue_spec import Catalogue

DIFFERENT, BROKEN = 1, 2  # what a shell gets from `diff`


class Command(BaseCommand):
    help = "Loads the support programme from a file, says what that would change, or prints it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        loading = parts.add_parser("load", help="unchanged parts get no new version")
        comparing = parts.add_parser(
            "diff",
            help="what load would change, writing nothing; ends with 0 when that is nothing,"
            " with 1 when it is something, with 2 when the file is refused",
        )
        for one in (loading, comparing):
            one.add_argument("file", nargs="?", type=Path, default=catalogue_file.SHIPPED)
        parts.add_parser("export", help="in the form that load reads")

    def handle(self, *args: Any, **options: Any) -> None:
        with rls.everything():
            if options["what"] == "export":
                self.stdout.write(catalogue_text.write(catalogue.held()))
            elif options["what"] == "load":
                self._load(options["file"])
            else:
                self._diff(options["file"])

    def _load(self, file: Path) -> None:
        wanted = _read(file, returncode=1)
        try:
            written = catalogue.load(wanted, at=timezone.now(), by=None)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for what, keys in vars(written).items():
            self.stdout.write(f"{what}: {', '.join(keys) or 'unchanged'}")

    def _diff(self, file: Path) -> None:
        wanted = _read(file, returncode=BROKEN)
        try:
            catalogue.check(wanted)
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=BROKEN) from refusal
        found = differences(wanted, catalogue.held())
        for one in found:
            self.stdout.write(str(one))
        if found:
            sys.exit(DIFFERENT)
        self.stdout.write("Nothing would change.")


def _read(file: Path, *, returncode: int) -> Catalogue:
    try:
        return catalogue_file.read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} can not be read: {error}", returncode=returncode) from error
    except Refusal as refusal:
        raise CommandError(f"{file}: {refusal}", returncode=returncode) from refusal
