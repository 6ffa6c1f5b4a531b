"""The trial of a file: every line is brought in by the real actions, and all of it undone.

So what the trial says is what happens. All lines are tried in one transaction, since later ones
rest on earlier ones: a term that overlaps the one in the line before, an address that comes twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import structlog
from django.core.cache import cache
from django.db import DataError, IntegrityError, transaction

from accounts.models import Person
from core import nudges, rls
from core.errors import Refusal
from office.actions.imports import organisations, people
from office.actions.imports.contracts import Licences, Packs, Subscriptions
from office.actions.imports.lines import Bringer, Brought, Cells
from office.actions.imports.steps import cells_as_text, line_counts
from office.enums import ImportState, Outcome
from office.models import DataImport, ImportLine
from office.rules.imports.reading import Row, UnreadableFile, heads_of, rows_of, why_odd

LINES_MOST = 20_000  # of one file: all of it is tried in one transaction
SAVED_AT_ONCE = 500
PROGRESS_EACH = 100  # lines

BRINGERS: dict[str, Bringer] = {
    "organisations": organisations,
    "people": people,
    "licences": Licences(),
    "subscriptions": Subscriptions(),
    "packs": Packs(),
}


logger = structlog.get_logger(__name__)


class _Tried(Exception):
    """Ends the transaction of the trial, so that nothing of it stays."""


def try_lines(pk: int, *, at: datetime) -> None:
    """Try the whole file, and keep what became of each line. Safe to repeat.

    Opens its own transactions: call it outside of any.
    """
    with rls.everything():
        one = DataImport.objects.select_related("begun_by").get(pk=pk)
    try:
        lines = _tried(one, at)
    except UnreadableFile as error:
        _keep(pk, [], said=str(error))
        return
    _keep(pk, lines)


def give_up(pk: int) -> None:
    """End a trial that an error of ours stopped: it can be forgotten then, and sent again."""
    _keep(pk, [], said="An error of ours stopped the trial. It is logged; send the file again.")


def progress_of(one: DataImport) -> int:
    """How many lines were tried; from the cache, since the trial itself leaves nothing."""
    return int(cache.get(_progress_key(one.pk)) or 0)


def cells_of(one: DataImport, values: Sequence[str]) -> Cells:
    """The cells of a line by field, as the mapping says."""
    found = {name: values[i] for name, i in one.mapping.items() if i < len(values)}
    return Cells(one.table, found, one.days)


def brought(
    one: DataImport, values: Sequence[str], *, by: Person, at: datetime
) -> tuple[Brought | None, str]:
    """What a line does, in a savepoint of its own; with the sentence where it is refused."""
    try:
        with transaction.atomic():
            return BRINGERS[one.kind].bring(cells_of(one, values), by=by, at=at), ""
    except Refusal as refusal:
        return None, str(refusal)
    except DataError:  # what a column of ours has no room for
        return None, "Something in this line is longer than can be kept. Shorten it."
    except IntegrityError:  # what a rule of the database refuses, and no action of ours foresaw
        logger.exception("a line was refused by the database", import_=one.pk)
        return None, "This line does not fit what is there already. Bring it in by hand."


def _tried(one: DataImport, at: datetime) -> list[ImportLine]:
    found: list[ImportLine] = []
    try:
        with nudges.without_haste(), rls.everything():
            for line in _each(one, at):
                found.append(line)
                if len(found) % PROGRESS_EACH == 0:
                    cache.set(_progress_key(one.pk), len(found), timeout=3600)
            raise _Tried
    except _Tried:
        return found


def _each(one: DataImport, at: datetime) -> Iterator[ImportLine]:
    seen: dict[str, int] = {}
    with one.file.open() as file:
        rows = rows_of(file, one.shape)
        heads = heads_of(rows)
        for count, row in enumerate(rows, start=1):
            if count > LINES_MOST:
                raise UnreadableFile(
                    f"The file has more than {LINES_MOST:,} lines. Split it into several files."
                )
            yield _one(one, row, why_odd(row, heads), seen, at)


def _one(one: DataImport, row: Row, odd: str, seen: dict[str, int], at: datetime) -> ImportLine:
    line = ImportLine(
        of=one, number=row.number, cells=cells_as_text(row.cells), outcome=Outcome.BAD
    )
    said = odd or _said_before(one, row, seen)
    done: Brought | None = None
    if not said:
        done, said = brought(one, row.cells, by=one.begun_by, at=at)
    if done is not None:
        line.outcome, said = done.outcome, done.said
    line.said = said[:400]
    return line


def _said_before(one: DataImport, row: Row, seen: dict[str, int]) -> str:
    """A sentence where an earlier line of the file means the same thing."""
    try:
        key = BRINGERS[one.kind].key(cells_of(one, row.cells))
    except Refusal as refusal:
        return str(refusal)
    first = seen.setdefault(key, row.number)
    if first == row.number:
        return ""
    return f"Line {first} of this file is about the same {one.table.one}. Leave one of them out."


def _keep(pk: int, lines: list[ImportLine], *, said: str = "") -> None:
    """What the trial found, unless somebody has sent the file away meanwhile."""
    with rls.everything():
        one = DataImport.objects.select_for_update().filter(pk=pk).first()
        if one is None or one.state != ImportState.CHECKING:
            return
        one.lines.all().delete()
        ImportLine.objects.bulk_create(lines, batch_size=SAVED_AT_ONCE)
        one.counts = line_counts(line.outcome for line in lines)
        one.total = one.done = len(lines)
        one.state = ImportState.REFUSED if said else ImportState.CHECKED
        one.said = said[:300]
        one.save()
    cache.delete(_progress_key(pk))


def _progress_key(pk: int) -> str:
    return f"import:{pk}"
