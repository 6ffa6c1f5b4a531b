"""What a manager does with a file: send it, say which column is what, bring it in, take it back.

A step that takes long only says so (`DataImport.state`): a worker does it (`trying`, `writing`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db import transaction

from accounts.models import Person
from core import rls
from core.journal import record
from core.nudges import nudge_on_commit
from core.text import one_line
from office import policies
from office.actions.history.staging import forget_staged
from office.enums import ImportState, Outcome
from office.errors import (
    ColumnsMissing,
    ColumnTwice,
    DayFormMissing,
    FileTooLarge,
    FileUnreadable,
    ImportBusy,
    LinesAreBad,
    LinesForgotten,
    NoSuchTable,
    NotForOffice,
    NothingToBring,
)
from office.models import DataImport
from office.rules.history.systems import SYSTEMS
from office.rules.imports.kinds import KINDS, ValueKind, guessed
from office.rules.imports.reading import Row, Shape, UnreadableFile, heads_of, rows_of, shape_of
from office.rules.imports.values import DayForm, needs_form

TASK = "office.tasks.work_imports"
REMEMBERED = 20  # imports of the kind whose columns are remembered


@transaction.atomic
def send_file(
    kind: str, file: IO[bytes], *, name: str, size: int, by: Person, at: datetime
) -> DataImport:
    """Keep a file that is to be brought in, with what its columns are likely.

    Errors: `NotForOffice`, `NoSuchTable`, `FileTooLarge`, `FileUnreadable`.
    """
    _check_manager(by)
    if kind not in KINDS and kind not in SYSTEMS:
        raise NoSuchTable()
    name = one_line(name)[:200] or "file"
    if size > settings.IMPORT_MAX_BYTES:
        most = settings.IMPORT_MAX_BYTES // 2**20
        raise FileTooLarge(name=name, size=-(-size // 2**20), most=most)
    one = DataImport(kind=kind, name=name, size=size, begun_by=by, begun_at=at, stepped_at=at)
    if one.is_history:  # has no columns to be chosen: it is looked through at once
        _begin(one, ImportState.CHECKING, at)
    else:
        _look_at_heads(one, file)
    file.seek(0)
    one.file.save("table", File(file), save=False)
    one.save()
    record("import.sent", one, at=at, by=by, table=kind, name=name)
    return one


def _look_at_heads(one: DataImport, file: IO[bytes]) -> None:
    try:
        shape = shape_of(file)
        heads = heads_of(rows_of(file, shape))
    except UnreadableFile as error:
        raise FileUnreadable(why=str(error)) from error
    one.encoding, one.separator, one.heads = shape.encoding, shape.separator, list(heads)
    one.mapping = guessed(one.table, heads, _remembered(one.kind))


@transaction.atomic
def read_as(one: DataImport, *, encoding: str, separator: str, by: Person, at: datetime) -> None:
    """Read the file in another way than was guessed. Errors: `ImportBusy`, `FileUnreadable`."""
    one = _locked(one, by, ImportState.SENT, ImportState.CHECKED, ImportState.REFUSED)
    shape = Shape(encoding, separator)
    if one.is_history or one.shape.is_sheet or shape == one.shape:
        return
    try:
        with one.file.open() as file:
            heads = heads_of(rows_of(file, shape))
    except UnreadableFile as error:
        raise FileUnreadable(why=str(error)) from error
    one.encoding, one.separator, one.heads = encoding, separator, list(heads)
    one.mapping = guessed(one.table, heads, _remembered(one.kind))
    one.state, one.stepped_at = ImportState.SENT, at
    one.save()
    one.lines.all().delete()


@transaction.atomic
def try_it(
    one: DataImport, *, mapping: Mapping[str, int], day_form: str, by: Person, at: datetime
) -> None:
    """Have a worker try every line, and write nothing: `mapping` says which column is which field.

    Safe to repeat with another mapping. Errors: `ImportBusy`, `ColumnsMissing`, `ColumnTwice`,
    `DayFormMissing` where a day can be read in two ways and nobody said how.
    """
    one = _locked(one, by, ImportState.SENT, ImportState.CHECKED, ImportState.REFUSED)
    if one.is_history:
        mapping = {}
    known = {field.name for field in one.table.fields}
    mapping = {k: v for k, v in mapping.items() if k in known and 0 <= v < len(one.heads)}
    _check_mapping(one, mapping)
    form = DayForm(day_form)
    if form is DayForm.ASKED and (example := odd_day(one, mapping)):
        raise DayFormMissing(example=example)
    one.mapping, one.day_form = dict(mapping), form
    _begin(one, ImportState.CHECKING, at)
    one.counts, one.said = {}, ""
    one.save()
    one.lines.all().delete()


@transaction.atomic
def bring_in(one: DataImport, *, leaves_out_bad: bool, by: Person, at: datetime) -> None:
    """Have a worker write what was tried. Errors: `ImportBusy`, `LinesAreBad`, `NothingToBring`."""
    one = _locked(one, by, ImportState.CHECKED)
    if one.bad and not leaves_out_bad:
        raise LinesAreBad(count=one.bad)
    if not one.to_write:
        raise NothingToBring()
    one.leaves_out_bad = leaves_out_bad
    _begin(one, ImportState.APPLYING, at)
    one.total = 0 if one.is_history else one.to_write
    one.save()
    record("import.begun", one, at=at, by=by, table=one.kind, name=one.name, lines=one.to_write)


@transaction.atomic
def undo(one: DataImport, *, by: Person, at: datetime) -> None:
    """Have a worker take back what nothing was built on. Errors: `ImportBusy`, `LinesForgotten`."""
    one = _locked(one, by, ImportState.APPLIED, ImportState.UNDONE, ImportState.HALTED)
    one.applied_at = one.applied_at or at  # of what was halted: as far as it came
    one.said = ""
    if one.lines_gone_at is not None and not one.is_history:
        raise LinesForgotten()
    one.lines.exclude(stays="").update(stays="")  # what stayed before may go now
    _begin(one, ImportState.UNDOING, at)
    left = one.lines.filter(done_at__isnull=False, undone_at=None)
    one.total = one.old_incidents.count() if one.is_history else left.count()
    one.save()
    record("import.undo_begun", one, at=at, by=by, table=one.kind, name=one.name)


@transaction.atomic
def go_on(one: DataImport, *, by: Person, at: datetime) -> None:
    """Have a worker go on where an error of ours halted it. Error: `ImportBusy`."""
    one = _locked(one, by, ImportState.HALTED)
    one.state = ImportState.UNDOING if one.applied_at else ImportState.APPLYING
    one.stepped_at, one.said = at, ""
    one.save()
    record("import.resumed", one, at=at, by=by, table=one.kind, name=one.name)
    nudge_on_commit(TASK)


def halt(pk: int) -> None:
    """Stop what an error of ours stops again and again; what is through stays, and it can go on.

    Opens its own transaction: call it outside of any.
    """
    with rls.everything():
        one = DataImport.objects.select_for_update().filter(pk=pk).first()
        if one is not None and one.state in (ImportState.APPLYING, ImportState.UNDOING):
            one.state = ImportState.HALTED
            one.said = (
                "An error of ours halted it. It is logged, for whoever runs the desk; what is"
                " through stays. Go on, or take it back."
            )
            one.save()


@transaction.atomic
def discard(one: DataImport, *, by: Person, at: datetime) -> None:
    """Forget a file of which nothing was brought in. Error: `ImportBusy`."""
    one = _locked(one, by, ImportState.SENT, ImportState.CHECKED, ImportState.REFUSED)
    record("import.discarded", one, at=at, by=by, table=one.kind, name=one.name)
    drop_file(one)
    one.lines.all().delete()
    one.delete()


def drop_file(one: DataImport) -> None:
    """Remove the file once the transaction is through; its row names none from now on."""
    if one.is_history:
        forget_staged(one)
    storage, name = one.file.storage, one.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))
        one.file = ""


def odd_day(one: DataImport, mapping: Mapping[str, int], *, most: int | None = None) -> str:
    """A day of the file that can be read in two ways; "" where there is none.

    Reads the file, or only its first lines: a page looks at `most`, the trial at all of them.
    """
    columns = [
        mapping[field.name]
        for field in one.table.fields
        if field.kind is ValueKind.DAY and field.name in mapping
    ]
    if not columns:
        return ""
    try:
        with one.file.open() as file:
            for row in islice(rows_of(file, one.shape), most):
                odd = next((cell for cell in _of(row, columns) if needs_form([cell])), "")
                if odd:
                    return odd
    except UnreadableFile:
        return ""  # the trial says it, with its line
    return ""


def _of(row: Row, columns: Sequence[int]) -> list[str]:
    return [row.cells[index] for index in columns if index < len(row.cells)]


def _check_manager(by: Person) -> None:
    if not policies.may_bring_in(by):
        raise NotForOffice()


def _locked(one: DataImport, by: Person, *states: ImportState) -> DataImport:
    """As it is now. Errors: `NotForOffice`, `ImportBusy` in any other state."""
    _check_manager(by)
    found = DataImport.objects.select_for_update().get(pk=one.pk)
    if found.state not in states:
        raise ImportBusy(state=found.get_state_display())
    return found


def _begin(one: DataImport, state: ImportState, at: datetime) -> None:
    one.state, one.stepped_at, one.total, one.done = state, at, 0, 0
    nudge_on_commit(TASK)


def _check_mapping(one: DataImport, mapping: Mapping[str, int]) -> None:
    missing = [field.label for field in one.table.needed if field.name not in mapping]
    if missing:
        raise ColumnsMissing(fields=", ".join(missing))
    fields_of: dict[int, list[str]] = {}
    for name, index in mapping.items():
        fields_of.setdefault(index, []).append(one.table.field(name).label)
    for index, fields in fields_of.items():
        if len(fields) > 1:
            raise ColumnTwice(column=one.heads[index], fields=" and ".join(fields))


def _remembered(kind: str) -> dict[str, str]:
    """Which field each head was the last times, the latest first."""
    found: dict[str, str] = {}
    before = DataImport.objects.filter(kind=kind).exclude(state=ImportState.SENT)
    for heads, mapping in before.order_by("-pk").values_list("heads", "mapping")[:REMEMBERED]:
        for field, index in mapping.items():
            if index < len(heads):
                found.setdefault(heads[index], field)
    return found


def cells_as_text(cells: Sequence[str]) -> str:
    """As `ImportLine.cells` keeps them."""
    return json.dumps(list(cells), ensure_ascii=False)


def line_counts(lines: Any) -> dict[str, int]:
    """How many lines of each outcome."""
    found: dict[str, int] = dict.fromkeys(Outcome.values, 0)
    for outcome in lines:
        found[outcome] += 1
    return found
