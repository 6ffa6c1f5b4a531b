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
import sys
import tempfile
from pathlib import Path

import pytest

from axsupport.up.commands import PROJECT
from embedded.broker import Broker
from embedded.errors import ServiceError
from embedded.locate import database_url, redis_url
from embedded.postgres import Postgres
from embedded.processes import Family, wait_until
from tests import clusters


def start_postgres(family: Family, folder: Path) -> str:
    """Start a throw-away cluster below `folder`, with all tables; its DATABASE_URL."""
    postgres = Postgres(folder / "pg", folder / "run", PROJECT, durable=False)
    clusters.copy_cluster(postgres.folder)
    postgres.make()  # which gives the copy to whom the server runs as
    clusters.start_server(postgres, family, folder / "postgres.log")
    os.environ["TEST_TEMPLATE"] = clusters.TEMPLATE  # tests/conftest.py copies it
    return database_url(postgres.sockets, postgres.name)


def start_redis(family: Family, folder: Path) -> str:
    """Start a throw-away Redis in `folder`; its REDIS_URL."""
    broker = Broker(folder, folder / "redis.sock", durable=False)
    broker.start(family, folder / "redis.log")
    if not wait_until(broker.answers, patience=clusters.PATIENCE):
        raise ServiceError(f"No Redis answers; it says:\n{(folder / 'redis.log').read_text()}")
    return redis_url(broker.socket)


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


# Where an image forbids to keep bytecode, each of a hundred processes would compile the desk anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
_start_missing()

# Each process of xdist has its own cache: a test that empties it must not touch another's. And its
# own key, which names the line on which pages hear what changed.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
if _worker.isdecimal() and os.environ["REDIS_URL"].endswith("?db=0"):
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].removesuffix("0") + str(
        2 * (int(_worker) % 7) + 2
    )
    os.environ.setdefault("SECRET_KEY", f"the key of {_worker} in the tests, long enough to be one")
