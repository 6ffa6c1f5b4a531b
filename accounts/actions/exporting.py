"""The export of a person (F2): all that the desk holds about them, as an archive that is streamed.

A file of JSON lines a table, in the words of `core.personal`, and the files themselves. Nobody's
transaction is held open while a slow line takes it: each batch is read, and the line is written to
afterwards.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import RawIOBase
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import BinaryField, Field, FileField, Model

from accounts import policies
from accounts.errors import NotYourPeople
from accounts.models import Person
from core import rls
from core.journal import record
from core.personal import Held, held

ROWS = 200  # read at once
PIECE = 256 * 1024  # bytes of a file


@transaction.atomic
def export(person: Person, *, by: Person, at: datetime) -> Iterator[bytes]:
    """The archive, piece by piece, noted as a security event. Error: `NotYourPeople`."""
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    record("export", person, at=at, by=by, rule="F2", what="person")
    return _pieces(person, at)


@transaction.atomic
def note_export(by: Person, what: str, *, at: datetime) -> None:
    """Somebody took rows of the desk out of it, as a file: a security event."""
    record("export", by, at=at, by=by, what=what)


class _Line(RawIOBase):
    """What the archive is written to: keeps what is not taken yet."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._waiting += piece
        return len(piece)

    def take(self) -> bytes:
        taken, self._waiting = bytes(self._waiting), bytearray()
        return taken


def _pieces(person: Person, at: datetime) -> Iterator[bytes]:
    line = _Line()
    with zipfile.ZipFile(line, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(person, at))
        for table in held():
            if table.own is None:
                continue
            for piece in _table(archive, table, person):
                yield from _taken(line, piece)
    yield line.take()


def _taken(line: _Line, _: None) -> Iterator[bytes]:
    if piece := line.take():
        yield piece


def _table(archive: zipfile.ZipFile, table: Held, person: Person) -> Iterator[None]:
    """Write the rows, then their files; yields after each batch, outside of any transaction."""
    name = table.model.lower().replace(".", "/")
    files: list[Any] = []
    after: Any = None
    with_rows = False
    while rows := _batch(table, person, after):
        after = rows[-1].pk
        # Of a table with files each batch is a file of its own: two can not be written at once.
        start = f"{name}.jsonl" if not with_rows else f"{name}-after-{rows[0].pk}.jsonl"
        with_rows = True
        archive.writestr(start, "".join(_line(table, row) for row in rows))
        yield
        if table.file:
            files += [(row.pk, str(getattr(row, "name", ""))) for row in rows]
    for pk, label in files:
        for _ in _file(archive, table, pk, f"{name}/{pk}-{label}" if label else f"{name}/{pk}.eml"):
            yield


def _batch(table: Held, person: Person, after: Any) -> list[Any]:
    assert table.own is not None
    with rls.everything():
        rows = table.own(person).order_by("pk")
        if after is not None:
            rows = rows.filter(pk__gt=after)
        binary = [field.name for field in _fields(table.of) if isinstance(field, BinaryField)]
        return list(rows.defer(*binary)[:ROWS])


def _file(archive: zipfile.ZipFile, table: Held, pk: int, name: str) -> Iterator[None]:
    with rls.everything():
        row = table.of._default_manager.filter(pk=pk).first()
        kept = getattr(row, table.file, None)
        field = table.of._meta.get_field(table.file)
    if not kept:
        return
    if not isinstance(field, FileField):
        archive.writestr(name, bytes(kept))
        yield
        return
    try:
        opened = kept.open("rb")
    except OSError:  # the row says that there was one
        return
    with opened, archive.open(name, "w", force_zip64=True) as place:
        while piece := opened.read(PIECE):
            place.write(piece)
            yield


def _line(table: Held, row: Model) -> str:
    facts = {
        field.attname: getattr(row, field.attname)
        for field in _fields(table.of)
        if field.name not in table.secret and not isinstance(field, BinaryField)
    }
    said = {key: str(value) if hasattr(value, "storage") else value for key, value in facts.items()}
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def _readme(person: Person, at: datetime) -> str:
    tables = "".join(
        f"{one.model.lower().replace('.', '/')}.jsonl: {one.what}\n" for one in held() if one.own
    )
    return (
        f"What this support desk holds about {person.name} <{person.email}>, as of"
        f" {at:%Y-%m-%d %H:%M} UTC.\n\nEach file .jsonl has a row of a table on each line, as JSON;"
        " a table without rows has no file. Keys and secrets are left out. Files that were sent"
        f" and original mails lie in the folder of their table.\n\n{tables}"
    )
