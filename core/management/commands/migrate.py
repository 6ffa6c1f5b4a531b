"""`migrate`, on a desk that goes on working: it waits for no lock longer than a few seconds.

A migration that waits for a table lets everybody who comes after it wait, too. So one that can not
have its lock gives up, with nothing done, and is run again.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

LOCK_TIMEOUT = "5s"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
