"""`languages [code ...]`: bring the files of the languages up to date, and say what is missing.

Without a code, those that have a file. A new code makes its file: fill it in and run this again.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import catalogues
from core.languages import translated

SHOWN = 20


class Command(BaseCommand):
    help = "Bring the files of the portal's languages up to date (docs/languages.md)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", help="such as de; all that have a file if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        short = False
        for code in options["codes"] or translated():
            found = catalogues.brought_up_to_date(code)
            catalogues.save(code, found)
            left = catalogues.missing(found)
            short = short or bool(left)
            self.stdout.write(f"{code}: {len(found):,} texts, {len(left):,} not translated")
            for text in left[:SHOWN]:
                self.stdout.write(f"    {text}")
        if short:
            raise CommandError("A language is offered when nothing of it is missing.")
