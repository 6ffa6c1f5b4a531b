"""PostgreSQL's own programs, run against the desk's database, seeing every organisation's rows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from core.models import SearchDocument
from core.search import wall
from embedded.binaries import postgres_program
from embedded.errors import ServiceError

# The policies let a session through that says so; no superuser is needed to see all rows.
_ALL_ROWS = "-c app.scope=all -c lock_timeout=30s"


def server_version() -> int:
    """The major version of the server that the desk uses."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def program(name: str) -> Path:
    """The program of a release that is not older than the server. Raises CommandError."""
    wanted = server_version()
    for path in _candidates(name):
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        found = re.search(r"\) (\d+)", said.stdout)
        if found and int(found[1]) >= wanted:
            return path
    raise CommandError(
        f"No {name} of PostgreSQL {wanted} or newer is here: install the package"
        f" postgresql-client-{wanted}."
    )


def _candidates(name: str) -> list[Path]:
    found = [Path(path)] if (path := shutil.which(name)) else []
    try:
        return [*found, postgres_program(name)]
    except ServiceError:
        return found


def run(name: str, *arguments: str, database: str = "") -> str:
    """Run it to its end; its output. Raises CommandError with what it said when it fails."""
    settings = connection.settings_dict
    where = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": database or settings["NAME"],
        "PGSSLMODE": settings.get("OPTIONS", {}).get("sslmode", ""),
    }
    environment = os.environ | {key: str(one) for key, one in where.items() if one}
    done = subprocess.run(
        [program(name), *arguments],
        env=environment | {"PGOPTIONS": _ALL_ROWS},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        reason = next((one for one in said if "error" in one.lower()), said[-1] if said else "?")
        raise CommandError(f"{name} failed: {reason}")
    return done.stdout


def without_roles(dump: Path, place: Path) -> str:
    """The option by which pg_restore leaves out what names a role that this server may not have.

    That is the policy of search's role; `core.search.wall` makes it anew where the role is there.
    """
    lines = run("pg_restore", "--list", str(dump)).splitlines()
    ours = f" POLICY public {SearchDocument._meta.db_table} {wall.POLICY} "
    wanted = place / "contents"
    wanted.write_text("\n".join(one for one in lines if ours not in one))
    return f"--use-list={wanted}"


def counts(cursor: Any) -> dict[str, int]:
    """Table to its number of rows, for whoever `cursor` may see all of them."""
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1"
    )
    tables: Sequence[str] = [row[0] for row in cursor.fetchall()]
    found = {}
    for table in tables:
        cursor.execute(f"SELECT count(*) FROM public.{connection.ops.quote_name(table)}")
        found[table] = cursor.fetchone()[0]
    return found
