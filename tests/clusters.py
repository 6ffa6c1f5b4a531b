"""A PostgreSQL cluster with the desk's tables in it: made once, copied by each run of the tests.

The migrations take longer than most files of tests do, and their outcome changes only with them.
So a migrated cluster is kept in pytest's cache (`pytest --cache-clear` throws it away), under a
digest of everything that it follows from; a checkout without one makes it first, from the newest
kept one if nothing but migrations came since. Whoever needs a database of their own copies
TEMPLATE, which takes a tenth of a second.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg2

from axsupport.up.commands import PROJECT
from embedded.binaries import postgres_program
from embedded.errors import ServiceError
from embedded.locate import database_url
from embedded.postgres import Postgres
from embedded.processes import Family, wait_until

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "d"
OTHERS = ("requirements/dev.txt", "embedded/postgres.py", "core/keeper.py", "core/search/wall.py")
MANY = 3  # for as many branches one may come and go
TEMPLATE = "migrated"
SOURCES = "sources.json"  # in a kept cluster, beside the server's own files
PATIENCE = 60  # seconds until a server answers, on a busy machine

Sources = dict[str, str]  # the digests of files, by their paths


def copy_cluster(folder: Path) -> None:
    """Put a cluster whose databases PROJECT and TEMPLATE have all tables at `folder`.

    Raises ServiceError when none is kept and none can be made.
    """
    sources = _sources()
    kept = KEPT / f"cluster-{_key(sources)}"
    if not kept.is_dir() and not _go_on_from_another(sources, kept):
        _make(kept, sources)
    kept.touch()
    shutil.copytree(kept, folder)
    folder.chmod(0o700)


def start_server(postgres: Postgres, family: Family, log: Path) -> None:
    """Start it and wait until it answers."""
    postgres.start(family, log)
    if not wait_until(postgres.answers, patience=PATIENCE):
        raise ServiceError(f"A server for the tests does not answer; it says:\n{log.read_text()}")


@contextmanager
def migrated_database(name: str) -> Iterator[str]:
    """The URL of a database of its own beside that of the tests, with all tables; then dropped."""
    template = os.environ.get("TEST_TEMPLATE")
    with empty_database(name, template=template or "template1") as url:
        if not template:
            _run(sys.executable, "manage.py", "migrate", "-v0", DATABASE_URL=url)
        yield url


@contextmanager
def empty_database(name: str, *, template: str = "template1") -> Iterator[str]:
    """The URL of a database beside that of the tests; dropped afterwards."""
    server = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    line = psycopg2.connect(
        host=server["HOST"],
        port=server["PORT"] or None,
        user=server["USER"],
        password=server["PASSWORD"] or None,
        dbname="postgres",
    )
    line.autocommit = True
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    try:
        with line.cursor() as cursor:
            cursor.execute(drop)
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE {template}')
            try:
                yield os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
            finally:
                cursor.execute(drop)
    finally:
        line.close()


def _go_on_from_another(sources: Sources, kept: Path) -> bool:
    """Make it from the newest kept one of which all sources stand as they were, if there is one."""
    for other in _newest_first():
        before = Sources(json.loads((other / SOURCES).read_text()))
        if before.items() <= sources.items():
            try:
                _make(kept, sources, start=other)
            except ServiceError:  # a migration was put before one that it has
                return False
            return True
    return False


def _make(kept: Path, sources: Sources, *, start: Path | None = None) -> None:
    """Make one aside, and rename it when whole; of two that do so at once the first one is kept."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="axsupport-cluster-") as aside:
        folder = Path(aside)
        postgres = Postgres(folder / "pg", folder / "run", PROJECT, durable=False)
        if start:
            shutil.copytree(start, postgres.folder)
            postgres.folder.chmod(0o700)
        postgres.make()
        family = Family(folder / "processes.json")
        try:
            start_server(postgres, family, folder / "log")
            _migrate(postgres.sockets, folder)
        finally:
            family.close()
        fresh = Path(tempfile.mkdtemp(prefix="fresh-", dir=KEPT)) / "pg"
        shutil.copytree(postgres.folder, fresh)
    (fresh / SOURCES).write_text(json.dumps(sources))
    try:
        fresh.rename(kept)
    except OSError:
        if not kept.is_dir():
            raise
    shutil.rmtree(fresh.parent)
    for old in _newest_first()[MANY:]:
        shutil.rmtree(old, ignore_errors=True)


def _migrate(sockets: Path, folder: Path) -> None:
    url, data = database_url(sockets, PROJECT), str(folder / "data")
    _run(sys.executable, "manage.py", "migrate", "-v0", DATABASE_URL=url, DATA_DIR=data)
    where = ("-h", str(sockets), "-U", PROJECT)
    _run(str(postgres_program("dropdb")), *where, "--if-exists", TEMPLATE)
    _run(str(postgres_program("createdb")), *where, "-T", PROJECT, TEMPLATE)


def _run(*command: str, **more: str) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | more, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServiceError(f"The tables for the tests can not be made: {done.stderr}")


def _newest_first() -> list[Path]:
    kept = (one.parent for one in KEPT.glob(f"cluster-*/{SOURCES}"))
    return sorted(kept, key=lambda one: one.stat().st_mtime, reverse=True)


def _key(sources: Sources) -> str:
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16]


def _sources() -> Sources:
    """What the tables follow from: the migrations, all they import of ours or load, the server."""
    others = (*ROOT.glob("*/*.toml"), *(ROOT / one for one in OTHERS))
    return Sources(
        (str(path.relative_to(ROOT)), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted({*_behind_the_migrations(), *others})
    )


def _behind_the_migrations() -> set[Path]:
    seen: set[Path] = set()
    waiting = list(ROOT.glob("*/migrations/*.py"))
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += filter(None, map(_source, _imports(path)))
    return seen


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _source(module: str) -> Path | None:
    """The file of a module of ours."""
    place = ROOT.joinpath(*module.split("."))
    found = (place.with_suffix(".py"), place / "__init__.py")
    return next((one for one in found if one.is_file()), None)
