"""A desk that tests may break: its own PostgreSQL and Redis, real workers and beats.

Nothing of it is the servers of the other tests, which must not be restarted or emptied.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg2
from django.db import connection
from kombu.connection import Connection
from redis import Redis

from axsupport.celery import app
from axsupport.up import commands
from axsupport.up.commands import PROJECT
from embedded.broker import Broker
from embedded.locate import POSTGRES_SOCKET, celery_url, database_url, redis_url
from embedded.postgres import Postgres
from embedded.processes import Child, Family, wait_until
from tests.clusters import TEMPLATE, copy_cluster

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds, on a busy machine

# The beat of axsupport/celery.py in quick motion.
QUICK_BEAT = """
from axsupport.celery import app
for entry in app.conf.beat_schedule.values():
    if isinstance(entry["schedule"], float):
        entry["schedule"] = 1.0
"""

# A machine whose clock is wrong: every `datetime.now()` and `time.time()` of the process, from its
# first import on. Rows read from PostgreSQL hold true datetimes, which are instances all the same.
WRONG_CLOCK = """
import datetime, time
real, seconds, true_time = datetime.datetime, {seconds}, time.time
class Anything(type):
    def __instancecheck__(cls, one):
        return isinstance(one, real)
class Wrong(real, metaclass=Anything):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) + datetime.timedelta(seconds=seconds)
    @classmethod
    def utcnow(cls):
        return real.utcnow() + datetime.timedelta(seconds=seconds)
datetime.datetime = Wrong
time.time = lambda: true_time() + seconds
"""
CELERY = "\nimport sys\nfrom celery.__main__ import main\nsys.argv[0] = 'celery'\nmain()\n"


class Fleet:
    """The servers below `folder`, and the workers and beats that were started on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.family = Family(folder / "processes.json")
        self._postgres = Postgres(folder / "pg", folder / "run", PROJECT, durable=False)
        self._broker = Broker(folder, folder / "redis.sock", durable=False)
        self._numbers = count(1)
        copy_cluster(self._postgres.folder)
        self._postgres.make()
        self._database = self._start_database()
        self._broker.start(self.family, folder / "redis.log")
        assert wait_until(self._broker.answers, patience=PATIENCE)
        self.redis = Redis.from_url(redis_url(self._broker.socket))

    def close(self) -> None:
        self.redis.close()
        self.family.close()

    @contextmanager
    def as_our_database(self) -> Iterator[None]:
        """Django's connection of this process leads to the fleet's database meanwhile."""
        before = {name: connection.settings_dict[name] for name in ("HOST", "NAME", "USER", "PORT")}
        connection.close()
        connection.settings_dict |= {
            "HOST": str(self._postgres.sockets),
            "NAME": PROJECT,
            "USER": PROJECT,
            "PORT": "",
        }
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict |= before

    def make_empty(self) -> None:
        """A desk without a row but the catalogue's; called while `as_our_database`.

        Each test has a copy of one that was migrated, for a test may change its tables.
        """
        for sentence in (
            f"DROP DATABASE IF EXISTS {PROJECT} WITH (FORCE)",
            f"CREATE DATABASE {PROJECT} TEMPLATE {TEMPLATE}",
        ):
            _run_sql(self._postgres.sockets, sentence)
        self.redis.flushall()
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        self.open_the_wall()

    def open_the_wall(self) -> None:
        """Our own connection sees all rows, as in every test with a database."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.scope', 'all', false)")

    def restart_postgres(self) -> None:
        """A fast shutdown, which throws everybody out in the middle of what they do."""
        connection.close()
        self.family.stop(self._database, patience=PATIENCE)
        assert not (self._postgres.sockets / POSTGRES_SOCKET).exists()
        self._database = self._start_database()

    def worker(self, *, seconds: int = 0) -> Child:
        """One worker with one process; its machine's clock is so many seconds off."""
        command = commands.worker(sys.executable)
        options = [*command[6:], "--queues", "celery,outbox,promises", "--concurrency", "1"]
        options += ["--hostname", f"w{next(self._numbers)}@test"]
        return self._celery(
            "worker", options, WRONG_CLOCK.format(seconds=seconds) if seconds else ""
        )

    def beat(self) -> Child:
        schedule = self.folder / f"beat-{next(self._numbers)}"
        options = commands.beat(sys.executable, str(schedule))[6:]
        return self._celery("beat", options, QUICK_BEAT)

    def kill(self, child: Child) -> None:
        """kill -9 of a worker and its processes at once, as when the machine loses its power."""
        os.killpg(child.process.pid, signal.SIGKILL)
        self.family.forget(child)

    def stop_everybody(self) -> None:
        for child in self.family.children:
            if child.name.startswith(("worker", "beat")):
                self.kill(child)

    def queue(self, task: str) -> None:
        """What beat does: say "look now"."""
        with Connection(celery_url(redis_url(self._broker.socket))) as line:
            app.send_task(task, connection=line)

    def queued(self) -> int:
        return sum(int(self.redis.llen(one)) for one in ("celery", "outbox", "promises"))

    def mails_to(self) -> list[str]:
        """The address of every mail that was sent."""
        mails = "".join(one.read_text() for one in (self.folder / "data" / "mail").glob("*"))
        return re.findall(r"^To: (\S+)$", mails, re.MULTILINE)

    def said(self) -> str:
        """What the workers and beats said, for a test that fails."""
        logs = [*self.folder.glob("worker*.log"), *self.folder.glob("beat*.log")]
        return "\n".join(f"== {one.name}\n{one.read_text()[-3000:]}" for one in logs)

    def _start_database(self) -> Child:
        child = self._postgres.start(self.family, self.folder / "postgres.log")
        assert wait_until(self._postgres.answers, patience=PATIENCE)
        return child

    def _celery(self, kind: str, options: list[str], before: str) -> Child:
        name = f"{kind}-{next(self._numbers)}"
        return self.family.spawn(
            name,
            [sys.executable, "-c", before + CELERY, "-A", "axsupport", kind, *options],
            log=self.folder / f"{name}.log",
            cwd=ROOT,
            env=os.environ
            | {
                "DATABASE_URL": database_url(self._postgres.sockets, PROJECT),
                "REDIS_URL": redis_url(self._broker.socket),
                "DATA_DIR": str(self.folder / "data"),
                "LOG_LEVEL": "WARNING",
                "PYTHONWARNINGS": "ignore",
            },
        )


def _run_sql(sockets: Path, sentence: str) -> None:
    """As the desk's role, which may create databases; outside of any transaction."""
    line = psycopg2.connect(host=str(sockets), user=PROJECT, dbname="postgres")
    try:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(sentence)
    finally:
        line.close()
