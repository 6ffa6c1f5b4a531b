"""Databases of a bench beside its own: made once, and kept with the servers.

The bench's server listens on a Unix socket, so its superuser needs no password.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.core.management import call_command
from django.db import connection

from axsupport.up.commands import PROJECT

_MADE = "whole"  # the comment on a database that was filled to its end
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def sockets() -> Path:
    return Path(str(connection.settings_dict["HOST"]))


def url_of(name: str) -> str:
    """The DATABASE_URL of another database of the bench's server."""
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


def have(name: str, fill: Callable[[], object]) -> None:
    """Make the database `name` by `fill`, unless a run before made it whole."""
    comment = _ask("SELECT shobj_description(oid, 'pg_database') FROM pg_database", name)
    if comment == _MADE:
        return
    _notify(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _notify(f"CREATE DATABASE {name} OWNER {PROJECT}")
    fill()
    _notify(f"COMMENT ON DATABASE {name} IS '{_MADE}'")


@contextmanager
def working_in(name: str) -> Iterator[None]:
    """This process's connection goes to the database `name`, with the tables of this checkout."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the server was asked meanwhile, by whomever, once the block has ended."""
    log, asked = sockets().parent / "postgres.log", list[str]()
    _log_statements("all")
    begins = log.stat().st_size
    try:
        yield asked
    finally:
        _log_statements("none")
    with log.open("rb") as file:
        file.seek(begins)
        lines = file.read().decode(errors="replace").splitlines()
    said = [line.partition("LOG:  statement: ")[2] for line in lines]
    asked += [one for one in said if one and not one.startswith((*_FRAME, "ALTER SYSTEM"))]


def postmaster() -> int:
    """The process id of the bench's PostgreSQL."""
    return int((sockets().parent / "pg" / "postmaster.pid").read_text().split()[0])


def _log_statements(which: str) -> None:
    _notify(f"ALTER SYSTEM SET log_statement = '{which}'")
    _notify("SELECT pg_reload_conf()")
    _notify("SELECT pg_sleep(0.3)")  # each process reads the file when it looks up next


def _ask(select: str, name: str) -> Any:
    with closing(_superuser()) as link, link.cursor() as cursor:
        cursor.execute(f"{select} WHERE datname = %s", [name])
        row = cursor.fetchone()
    return row[0] if row else None


def _notify(sql: str) -> None:
    with closing(_superuser()) as link, link.cursor() as cursor:
        cursor.execute(sql)


def _superuser() -> Any:
    link = psycopg2.connect(host=str(sockets()), user="postgres", dbname="postgres")
    link.autocommit = True
    return link
