"""Everything between a running database and the first page, in one Django process.

`python -m axsupport.services.prepare [--accounts FILE]`: migrates; with DEMO on, loads the demo
into an empty desk and writes its accounts to FILE. Safe to repeat. Progress goes to standard
output. Exit code 2 means that the last line of standard error is a sentence for the operator.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from redis import Redis, RedisError


def main() -> None:
    options = argparse.ArgumentParser(prog="prepare")
    options.add_argument("--accounts", type=Path, metavar="FILE")
    accounts: Path | None = options.parse_args().accounts

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "axsupport.settings")
    django.setup()
    _check_database()
    _check_broker()
    started = time.monotonic()
    call_command("migrate", interactive=False, verbosity=0)
    print(f"tables are up to date ({time.monotonic() - started:.1f} s)", flush=True)
    if settings.DEMO:
        call_command("demo", "--if-empty")
        if accounts is not None:
            with accounts.open("w") as file:
                call_command("demo", "--accounts", stdout=file)


def _check_database() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = " ".join(str(error).split())
        _refuse(f"The database does not answer ({reason}): start it, or correct DATABASE_URL.")


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
