"""`index_search`: have everything indexed anew, such as after a change of what is indexed.

Only writes down what is owed; workers do it meanwhile, and what is there is found as before.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import rls
from core.search import indexing
from core.tasks import index_owed


class Command(BaseCommand):
    help = "Have everything indexed anew for search."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", action="store_true", help="do it here, and wait, instead of by the workers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with rls.everything():
            owed = indexing.owe_everything()
        self.stdout.write(f"{owed:,} to be indexed")
        while options["now"] and (done := index_owed()):
            self.stdout.write(f"{done:,} indexed")
