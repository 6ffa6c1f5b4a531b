"""`migrate`, on a desk that goes on working: it waits for no lock longer than a few seconds.

A migration that waits for a table lets everybody who comes after it wait, too. So one that can not
have its lock gives up, with nothing done, and is run again. Afterwards it makes the function by
which rows are forgotten (`core.keeper`), and the one by which search finds behind the wall between
customers (`core.search.wall`), where the database has the roles for them.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from core import keeper
from core.quick_states import quick_states
from core.search import wall

LOCK_TIMEOUT = "5s"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        try:
            with quick_states():
                super().handle(*args, **options)
            if _has_all_tables(connection):
                self._establish(options["verbosity"])
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")

    def _establish(self, verbosity: int) -> None:
        wall.set_up()
        if (missing := keeper.establish()) and verbosity:
            self.stdout.write(self.style.WARNING(f"Nothing can be erased yet: {missing}"))


def _has_all_tables(connection: BaseDatabaseWrapper) -> bool:
    """Not on the way back to an older release."""
    needed = {"core_tombstone", "accounts_erasure", "core_searchdocument"}
    return needed <= set(connection.introspection.table_names())
