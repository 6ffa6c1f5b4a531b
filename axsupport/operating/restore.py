"""Putting a backup in the place of what is there: all of it or nothing of it."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from axsupport.operating import tools
from axsupport.operating.backup import DUMP, FILES, KEYS, STAMP, Manifest, compare, key, prove
from core import keeper, rls
from core.search import wall

_EMPTY_FIRST = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def restore(folder: Path, *, at: datetime, replace: bool = False) -> list[str]:
    """Restore a backup; sentences for the operator about what is left to do.

    Raises CommandError before anything was changed: for a damaged backup, for one of a newer
    PostgreSQL, and for a desk with people in it unless `replace`. The files that were there are
    kept beside the new ones.
    """
    manifest = Manifest.read(folder)
    if manifest.postgres > tools.server_version():
        raise CommandError(
            f"The backup is of PostgreSQL {manifest.postgres}, this server is"
            f" {tools.server_version()}: restore it on that release or a newer one."
        )
    if not replace and _people():
        raise CommandError("There are people in this desk. Say --replace to lose what it holds.")
    _check_scratch(folder)
    _replace_rows(folder)
    compare(manifest, connection.settings_dict["NAME"])
    keeper.establish()  # the dump names no owners, so that its function belongs to us
    wall.set_up()
    return [*_replace_files(folder, at), *_replace_keys(folder), "Stop and start the desk now."]


def _check_scratch(folder: Path) -> None:
    """A backup that can not be restored is found before anything is lost."""
    prove(folder)
    connection.close()


def _people() -> int:
    if "accounts_person" not in connection.introspection.table_names():
        return 0
    with rls.everything(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_person")
        return int(cursor.fetchone()[0])


def _replace_rows(folder: Path) -> None:
    """In one transaction: whatever goes wrong, what was there is there still."""
    connection.close()
    with tempfile.TemporaryDirectory() as place:
        script = Path(place) / "restore.sql"
        wanted = tools.without_roles(folder / DUMP, Path(place))
        words = ("--no-owner", "--no-acl", wanted, f"--file={script}")
        tools.run("pg_restore", *words, str(folder / DUMP))
        whole = ("--single-transaction", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1")
        tools.run("psql", *whole, "--command", _EMPTY_FIRST, "--file", str(script))


def _replace_files(folder: Path, at: datetime) -> list[str]:
    root = Path(settings.MEDIA_ROOT)
    fresh = root.with_name(f"{root.name}.restored")
    shutil.rmtree(fresh, ignore_errors=True)
    with tarfile.open(folder / FILES) as archive:
        archive.extractall(fresh, filter="data")
    said = []
    if root.exists():
        before = root.with_name(f"{root.name}.before-{at:{STAMP}}")
        root.rename(before)
        said.append(f"The files that were there are in {before}: remove them when all is well.")
    packed = fresh / "files"
    packed.mkdir(parents=True, exist_ok=True)  # a desk that never had a file
    packed.rename(root)
    fresh.rmdir()
    return said


def _replace_keys(folder: Path) -> list[str]:
    """The keys of the backup, in their files; what the environment gives is the operator's."""
    said = []
    for name in KEYS:
        wanted, used = (folder / name).read_text(), key(name)
        kept = Path(settings.DATA_DIR, name)
        if wanted == used or not wanted:
            continue
        if used and (not kept.exists() or kept.read_text().strip() != used.strip()):
            said.append(f"Set {name.upper()} to what is in {folder / name}.")
            continue
        kept.touch(mode=0o600)
        kept.write_text(wanted)
    return said
