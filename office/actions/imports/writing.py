"""Bringing in what was tried, and taking it back: line by line, in batches, whatever ends a worker.

What a line did and that it is done are one transaction, so a worker that is killed leaves whole
lines, and the next one goes on behind them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from accounts.models import Person
from core import rls
from core.errors import Refusal
from core.journal import label, record
from office.actions.imports.steps import drop_file, line_counts
from office.actions.imports.trying import BRINGERS, brought
from office.enums import ImportState, Outcome
from office.models import DataImport, ImportLine, Reference
from office.querysets.imports import TO_UNDO, TO_WRITE

TOGETHER = 50  # lines of a transaction


def write_lines(pk: int, *, at: datetime, seconds: float) -> bool:
    """Go on bringing in for so long; whether it is through. Opens its own transactions."""
    return _in_turns(pk, ImportState.APPLYING, _write_some, at=at, seconds=seconds)


def undo_lines(pk: int, *, at: datetime, seconds: float) -> bool:
    """Go on taking back for so long; whether it is through. Opens its own transactions."""
    return _in_turns(pk, ImportState.UNDOING, _undo_one, at=at, seconds=seconds)


def _in_turns(
    pk: int,
    state: ImportState,
    some: Callable[[DataImport, datetime], bool],
    *,
    at: datetime,
    seconds: float,
) -> bool:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with rls.everything():
            one = DataImport.objects.select_for_update().filter(pk=pk, state=state).first()
            if one is None or not some(one, at):
                return True
    return False


def _write_some(one: DataImport, at: datetime) -> bool:
    """The next lines; False where none was left, and the import is done."""
    lines = list(one.lines.filter(TO_WRITE).order_by("number")[:TOGETHER])
    if not lines:
        _end(one, ImportState.APPLIED, at)
        return False
    by = one.begun_by
    for line in lines:
        _write(one, line, by=by, at=at)
    ImportLine.objects.bulk_update(
        lines, ["organisation", "outcome", "said", "made", "before", "done_at"]
    )
    _went_on(one, len(lines))
    return True


def _write(one: DataImport, line: ImportLine, *, by: Person, at: datetime) -> None:
    """What is refused by now, since the trial, is kept as bad, and the rest goes on."""
    done, said = brought(one, line.values, by=by, at=at)
    if done is None:
        line.outcome, line.said = Outcome.BAD, said[:400]
        return
    line.outcome, line.said, line.done_at = done.outcome, done.said[:400], at
    line.organisation_id, line.made = done.organisation, label(done.subject)
    line.before = {"before": done.before, "after": done.after} if done.before else {}
    if done.outcome is Outcome.SAME:  # somebody else made it meanwhile: theirs to take back
        line.done_at = None


def _undo_one(one: DataImport, at: datetime) -> bool:
    """The last line that is not taken back yet; False where none was left."""
    line = one.lines.filter(TO_UNDO).order_by("-number").first()
    if line is None:
        _end(one, ImportState.UNDONE, at)
        return False
    why = _undone(one, line, at)
    done: dict[str, Any] = {"stays": why[:300]} if why else {"undone_at": at, "organisation": None}
    ImportLine.objects.filter(pk=line.pk).update(**done)
    _went_on(one, 1)
    return True


def _undone(one: DataImport, line: ImportLine, at: datetime) -> str:
    """Why it stays; "" where it was taken back."""
    try:
        with transaction.atomic():
            BRINGERS[one.kind].take_back(line.made_key, line.before, by=one.begun_by, at=at)
            if not line.before:
                Reference.objects.filter(kind=one.kind, subject=line.made).delete()
            connection.check_constraints()  # what still points there is found here, not at the end
    except Refusal as refusal:
        return str(refusal)
    except IntegrityError:
        return "It is in use by now, so it stays."
    return ""


def _went_on(one: DataImport, count: int) -> None:
    one.done = min(one.done + count, one.total)
    one.save(update_fields=["done"])


def _end(one: DataImport, state: ImportState, at: datetime) -> None:
    one.state, one.done, one.stepped_at = state, one.total, at
    one.counts = line_counts(one.lines.values_list("outcome", flat=True))
    written = one.lines.filter(done_at__isnull=False, undone_at=None).count()
    if state == ImportState.APPLIED:
        one.applied_at = at
        drop_file(one)
        record("import.applied", one, at=at, by=one.begun_by, table=one.kind, lines=written)
    else:
        one.undone_at = at
        record("import.undone", one, at=at, by=one.begun_by, table=one.kind, stay=written)
    one.save()
