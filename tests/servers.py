"""Real servers for the tests: a throw-away PostgreSQL and Redis a run, unless the environment
names others by DATABASE_URL and REDIS_URL.

A plugin named by `-p`, and started by its import: a conftest.py is read after pytest-django has
read the settings. The processes of xdist inherit the environment and start nothing. The role is
no superuser, so that row-level security bites, and may create the test database.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from embedded.broker import Broker
from embedded.errors import ServiceError
from embedded.locate import database_url, redis_url
from embedded.postgres import Postgres
from embedded.processes import Family, wait_until


def start_postgres(family: Family, folder: Path) -> str:
    """Start a throw-away cluster below `folder`; its DATABASE_URL."""
    postgres = Postgres(folder / "pg", folder / "run", "axsupport", durable=False)
    postgres.make()
    postgres.start(family, folder / "postgres.log")
    _wait_for(postgres, folder / "postgres.log")
    return database_url(postgres.sockets, postgres.name)


def start_redis(family: Family, folder: Path) -> str:
    """Start a throw-away Redis in `folder`; its REDIS_URL."""
    broker = Broker(folder, folder / "redis.sock", durable=False)
    broker.start(family, folder / "redis.log")
    _wait_for(broker, folder / "redis.log")
    return redis_url(broker.socket)


def _wait_for(server: Postgres | Broker, log: Path) -> None:
    if not wait_until(server.answers, patience=30):
        raise ServiceError(f"A server for the tests does not answer; it says:\n{log.read_text()}")


def _start_missing() -> None:
    starts = {"DATABASE_URL": start_postgres, "REDIS_URL": start_redis}
    missing = [name for name in starts if not os.environ.get(name)]
    if not missing:
        return
    folder = Path(tempfile.mkdtemp(prefix="axsupport-tests-"))
    family = Family(folder / "processes.json")

    def stop() -> None:
        family.close()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    try:
        for name in missing:
            os.environ[name] = starts[name](family, folder)
    except ServiceError as refusal:
        raise pytest.UsageError(f"No servers for the tests: {refusal}") from None
    # What the code under test writes goes away with the servers.
    os.environ.setdefault("DATA_DIR", str(folder / "data"))
    # Most tests are not about the second factor; those that are switch it on.
    os.environ.setdefault("STAFF_NEED_SECOND_FACTOR", "0")


_start_missing()

# Each process of xdist has its own cache: a test that empties it must not touch another's.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
if _worker.isdecimal() and os.environ["REDIS_URL"].endswith("?db=0"):
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].removesuffix("0") + str(
        2 * (int(_worker) % 7) + 2
    )
