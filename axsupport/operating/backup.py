"""A backup: the database, the files and the keys, in a folder that was proved to restore.

The dump is of one moment, and says how many rows each table had then; the files are packed after
it, so that no row lacks its file. It is restored into a scratch database, and only when every count
is the same does the folder get its name.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from accounts.factor_keys import key_file
from axsupport.operating import tools

DUMP, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
KEYS = ("secret_key", "factor_key")  # as their files in DATA_DIR are called
PREFIX, STAMP = "axsupport-", "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `rows` by table, `digests` (SHA-256) by file of the backup."""

    made_at: str
    postgres: int
    rows: dict[str, int]
    digests: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises CommandError for a folder that is no whole backup."""
        try:
            found = cls(**json.loads((folder / MANIFEST).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise CommandError(f"{folder} is no backup: {error}") from error
        for name, digest in found.digests.items():
            if not (folder / name).is_file() or _digest(folder / name) != digest:
                raise CommandError(f"{folder / name} is damaged: its check sum is another.")
        return found


def back_up(target: Path, *, at: datetime, verify: bool = True) -> Path:
    """Make a backup below `target`; its folder. Raises CommandError, and leaves nothing then."""
    target.mkdir(parents=True, exist_ok=True)
    folder = target / f"{PREFIX}{at:{STAMP}}"
    if folder.exists():
        raise CommandError(f"{folder} is there already.")
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    try:
        rows = _dump(part / DUMP)
        _pack(part / FILES)
        for name in KEYS:
            (part / name).touch(mode=0o600)
            (part / name).write_text(key(name))
        digests = {name: _digest(part / name) for name in (DUMP, FILES, *KEYS)}
        manifest = Manifest(at.isoformat(), tools.server_version(), rows, digests)
        (part / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
        if verify:
            prove(part)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return folder


def key(name: str) -> str:
    """The key that is in use, from the environment or its file; "" where there is none yet."""
    if name == "secret_key":
        return str(settings.SECRET_KEY)
    if settings.FACTOR_KEY:
        return "\n".join(one.strip() for one in settings.FACTOR_KEY.split(","))
    return key_file().read_text() if key_file().exists() else ""


def prove(folder: Path) -> None:
    """Restore into a scratch database and compare; CommandError where anything differs."""
    manifest = Manifest.read(folder)
    with scratch_database() as name:
        load(folder, database=name)
        compare(manifest, name)


def load(folder: Path, *, database: str) -> None:
    """Load the dump into an empty database."""
    words = ("--no-owner", "--no-acl", "--exit-on-error", "--single-transaction")
    with tempfile.TemporaryDirectory() as place:
        wanted = tools.without_roles(folder / DUMP, Path(place))
        tools.run("pg_restore", *words, wanted, "--dbname", database, str(folder / DUMP))


def compare(manifest: Manifest, database: str) -> None:
    with _connected(database) as line, line.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', 'all', false)")
        found = tools.counts(cursor)
    differ = [
        f"{table} ({count}, restored {found.get(table, 'none')})"
        for table, count in manifest.rows.items()
        if found.get(table) != count
    ]
    if differ:
        raise CommandError(f"The restored database is another one: {', '.join(differ[:5])}")


@contextmanager
def scratch_database() -> Iterator[str]:
    """An empty database beside ours, which is gone afterwards. Raises CommandError."""
    name = f"{connection.settings_dict['NAME']}_scratch"
    _manage(f'DROP DATABASE IF EXISTS "{name}"')
    _manage(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield name
    finally:
        _manage(f'DROP DATABASE IF EXISTS "{name}"')


def forget_old(target: Path, *, days: int, at: datetime) -> list[Path]:
    """Remove backups older than so many days, never the latest; those removed."""
    made = sorted(one for one in target.glob(f"{PREFIX}*") if (one / MANIFEST).is_file())
    oldest = f"{PREFIX}{at - timedelta(days=days):{STAMP}}"
    old = [one for one in made[:-1] if one.name < oldest]
    for one in old:
        shutil.rmtree(one)
    return old


def _dump(file: Path) -> dict[str, int]:
    """Dump and count at one and the same moment, whatever is written meanwhile."""
    with _connected(connection.settings_dict["NAME"]) as line, line.cursor() as cursor:
        line.set_session(isolation_level="REPEATABLE READ", readonly=True)
        cursor.execute("SELECT pg_export_snapshot(), set_config('app.scope', 'all', true)")
        snapshot = cursor.fetchone()[0]
        words = ("--format=custom", "--no-owner", "--no-acl", "--enable-row-security")
        tools.run("pg_dump", *words, f"--snapshot={snapshot}", f"--file={file}")
        return tools.counts(cursor)


def _pack(file: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    with tarfile.open(file, "w") as archive:
        if root.is_dir():
            archive.add(root, arcname="files")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _manage(sentence: str) -> None:
    """CREATE and DROP DATABASE, which no transaction may surround."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sentence)
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        role = connection.settings_dict["USER"]
        raise CommandError(
            f"The scratch database can not be made ({reason}): say `ALTER ROLE {role} CREATEDB`"
            " as the superuser, or --no-verify."
        ) from error


@contextmanager
def _connected(database: str) -> Iterator[Any]:
    line = psycopg2.connect(**connection.get_connection_params() | {"dbname": database})
    try:
        yield line
    finally:
        line.close()
