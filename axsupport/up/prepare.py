"""Everything between a running database and the first page, in one Django process.

`python -m axsupport.up.prepare [--accounts FILE] [--start-over]`: migrates; with DEMO on,
loads the demo into an empty desk and writes its accounts to FILE. Safe to repeat. Progress goes to
standard output. Exit code 2 means that the last line of standard error is a sentence for the
operator. `--start-over` is for the embedded database, which serves no page before this is done.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from redis import Redis, RedisError

from core.roles import unfit_role


def main() -> None:
    options = argparse.ArgumentParser(prog="prepare")
    options.add_argument("--accounts", type=Path, metavar="FILE")
    options.add_argument("--start-over", action="store_true", help="empty a half loaded demo")
    asked = options.parse_args()
    accounts: Path | None = asked.accounts

    gc.set_threshold(50_000, 20, 100)  # a short life of much making: 3 s less looking for cycles
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "axsupport.settings")
    django.setup()
    _check_database()
    _check_broker()
    if asked.start_over:
        _empty_half_a_demo()
    started = time.monotonic()
    call_command("migrate", interactive=False, verbosity=0)
    print(f"tables are up to date ({time.monotonic() - started:.1f} s)", flush=True)
    if settings.DEMO:
        call_command("demo", "--if-empty")
        if accounts is not None:
            with accounts.open("w") as file:
                call_command("demo", "--accounts", stdout=file)


def _empty_half_a_demo() -> None:
    """Throw away what an interrupted demo left, tables, files and all; nothing else is there.

    Half a demo is never opened to anybody, so no work of a person can be among it.
    """
    if "core_journalentry" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SELECT set_config('app.scope', 'all', true)")
        cursor.execute(
            "SELECT count(*) FILTER (WHERE kind = 'demo.begun')"
            " > count(*) FILTER (WHERE kind = 'demo.loaded') FROM core_journalentry"
        )
        if cursor.fetchone() != (True,):
            return
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    print("the demo was interrupted while it loaded; starting over", flush=True)


def _check_database() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = " ".join(str(error).split())
        _refuse(f"The database does not answer ({reason}): start it, or correct DATABASE_URL.")
    if sentence := unfit_role():
        _refuse(sentence)


def _check_broker() -> None:
    try:
        with Redis.from_url(settings.CACHE_URL, socket_connect_timeout=5) as broker:
            broker.ping()
    except (RedisError, ValueError) as error:
        _refuse(f"Redis does not answer ({error}): start it, or correct REDIS_URL.")


def _refuse(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
