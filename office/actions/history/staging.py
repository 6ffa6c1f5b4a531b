"""An export laid out so that a ticket finds its messages and people: SQLite in a file of its own.

The export may be larger than memory, and its tables come in any order. The file is made once for
an import and kept until that is through; a worker that lacks it makes it anew.
"""

from __future__ import annotations

import io
import json
import secrets
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from office.models import DataImport
from office.rules.history.json_rows import NoJson, objects_of
from office.rules.history.systems import SYSTEMS
from office.rules.history.tickets import Fields, System, keepable
from office.rules.imports.reading import UnreadableFile

AT_ONCE = 2000
UNPACKED_TIMES = 30  # so often the largest file that is taken: what the tables may unpack to
# What an archive that is damaged, or needs a password, raises when a file of it is read.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
TABLES = """
    CREATE TABLE rows (place INTEGER PRIMARY KEY, kind TEXT, key TEXT, parent TEXT, body TEXT);
"""
INDEXES = """
    CREATE INDEX by_key ON rows (kind, key);
    CREATE INDEX by_parent ON rows (kind, parent);
"""


@dataclass
class Staged:
    """The rows of an export, and the archive with its files."""

    base: sqlite3.Connection
    archive: zipfile.ZipFile | None

    def count(self) -> int:
        asked = "SELECT count(*) FROM rows WHERE kind = 'tickets'"
        return int(self.base.execute(asked).fetchone()[0])

    def tickets(self, after: int, limit: int) -> list[tuple[int, Fields]]:
        """The next tickets behind this place, each with its own."""
        asked = (
            "SELECT place, body FROM rows WHERE kind = 'tickets' AND place > ?"
            " ORDER BY place LIMIT ?"
        )
        return [
            (place, json.loads(body)) for place, body in self.base.execute(asked, (after, limit))
        ]

    def one(self, table: str, key: object) -> Fields:
        if key in (None, ""):
            return {}
        asked = "SELECT body FROM rows WHERE kind = ? AND key = ? LIMIT 1"
        row = self.base.execute(asked, (table, keepable(key))).fetchone()
        found: Fields = json.loads(row[0]) if row else {}
        return found

    def many(self, table: str, parent: object) -> Iterator[Fields]:
        asked = "SELECT body FROM rows WHERE kind = ? AND parent = ? ORDER BY place"
        for row in self.base.execute(asked, (table, keepable(parent))).fetchall():
            yield json.loads(row[0])

    def file(self, place: str) -> zipfile.ZipInfo | None:
        """A file of the archive; None where it is not in it."""
        if self.archive is None or not place:
            return None
        names = self.archive.NameToInfo
        return next((names[one] for one in (place, f"media/{place}") if one in names), None)

    def open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        assert self.archive is not None, "`file` found it there"
        return self.archive.open(info)


def staged_path(one: DataImport) -> Path:
    folder = Path(settings.DATA_DIR) / "staging"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"import-{one.pk}.sqlite"


@contextmanager
def staged(one: DataImport) -> Iterator[Staged]:
    """The export laid out; makes that where it is not there. Error: `UnreadableFile`."""
    path = staged_path(one)
    with one.file.open() as file, _archive_of(file) as archive:
        if not path.exists():
            _lay_out(one, file, archive, path)
        with closing(sqlite3.connect(path)) as base:
            yield Staged(base, archive)


def forget_staged(one: DataImport) -> None:
    path = staged_path(one)
    for made in (path, *path.parent.glob(f"{path.stem}.*.half")):
        made.unlink(missing_ok=True)


@contextmanager
def _archive_of(file: Any) -> Iterator[zipfile.ZipFile | None]:
    """None for a file that is no archive."""
    file.seek(0)
    is_archive = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    if not is_archive:
        yield None
        return
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        raise UnreadableFile("This archive is broken. Make it once more.") from error


def _lay_out(one: DataImport, file: Any, archive: zipfile.ZipFile | None, path: Path) -> None:
    """Into a file that gets its name when it is whole: what a killed worker left is made anew."""
    system = SYSTEMS[one.kind]
    if archive is not None:
        _check_unpacked(archive)
    # A name of its own: two workers that lay out at once never write into one file.
    half = path.with_suffix(f".{secrets.token_hex(4)}.half")
    try:
        _fill(one, file, archive, half, system)
        half.rename(path)
    finally:
        half.unlink(missing_ok=True)


def _check_unpacked(archive: zipfile.ZipFile) -> None:
    """A small archive may hold a huge one; no more is read of a file than its head says."""
    size = sum(info.file_size for info in archive.infolist() if _is_table(info))
    if size > UNPACKED_TIMES * settings.IMPORT_MAX_BYTES:
        raise UnreadableFile(
            f"The tables of this archive unpack to {size // 2**20} MB. Export it in several parts."
        )


def _fill(
    one: DataImport, file: Any, archive: zipfile.ZipFile | None, half: Path, system: System
) -> None:
    with closing(sqlite3.connect(half)) as base:
        base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + TABLES)
        for name, opened in _files(one, file, archive):
            try:
                _take(base, system, name, opened)
            except NoJson as error:
                raise UnreadableFile(str(error)) from error
            except BROKEN as error:
                raise UnreadableFile(f"{name} can not be unpacked: {error}.") from error
            except UnicodeDecodeError as error:
                raise UnreadableFile(f"{name} is not UTF-8. Export it once more.") from error
        base.executescript(INDEXES)
        base.commit()
        (count,) = base.execute("SELECT count(*) FROM rows WHERE kind = 'tickets'").fetchone()
    if not count:
        raise UnreadableFile(f"There is no ticket in this file. {system.what}")


def _files(
    one: DataImport, file: Any, archive: zipfile.ZipFile | None
) -> Iterator[tuple[str, IO[bytes]]]:
    if archive is None:
        yield one.name, file
        return
    for info in archive.infolist():
        if _is_table(info):
            try:
                opened = archive.open(info)
            except BROKEN as error:
                raise UnreadableFile(f"{info.filename} can not be opened: {error}.") from error
            with opened:
                yield info.filename, opened


def _is_table(info: zipfile.ZipInfo) -> bool:
    is_json = info.filename.casefold().endswith((".json", ".jsonl", ".ndjson"))
    return is_json and not info.is_dir() and "attachments/" not in info.filename


def _take(base: sqlite3.Connection, system: System, name: str, file: IO[bytes]) -> None:
    """Each object of a file, as a row of its table."""
    table = system.table_of(name) or system.tables[0]
    by_name = {one.name: one for one in system.tables}
    waiting: list[tuple[str, str, str, str]] = []
    text = io.TextIOWrapper(file, encoding="utf-8-sig")
    for row in objects_of(text, name):
        kind: str = table.name
        if system.of_one_file is not None and "model" in row:
            kind, row = system.of_one_file(row)
        if kind not in by_name:
            continue
        known = by_name[kind]
        key, parent = keepable(known.key(row)), keepable(known.parent(row))
        waiting.append((kind, key, parent, json.dumps(row)))
        if len(waiting) >= AT_ONCE:
            _insert(base, waiting)
    _insert(base, waiting)
    text.detach()


def _insert(base: sqlite3.Connection, rows: list[tuple[str, str, str, str]]) -> None:
    base.executemany("INSERT INTO rows (kind, key, parent, body) VALUES (?, ?, ?, ?)", rows)
    rows.clear()
