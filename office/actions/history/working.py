"""Looking an export through, keeping it, taking it back: in batches, whatever ends a worker.

Each batch is one transaction with the place it got to (`DataImport.counts["place"]`), so the next
worker goes on behind it, and what is here already is skipped by its number there.
"""

from __future__ import annotations

import base64
import binascii
import io
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from core import rls
from core.journal import record
from core.text import clean, clean_block, one_line
from mailroom.text.html import as_text
from office.actions.history.owners import Owners
from office.actions.history.staging import BROKEN, Staged, staged
from office.actions.imports.steps import cells_as_text, drop_file
from office.enums import ImportState, Outcome
from office.models import DataImport, ImportLine, OldFile, OldIncident, OldMessage
from office.rules.history.systems import SYSTEMS
from office.rules.history.tickets import Fields, Odd, Said, Ticket, text_of
from office.rules.history.tickets import OldFile as Described
from office.rules.imports.reading import UnreadableFile

TOGETHER = 200  # tickets of a transaction
PLACE = "place"
ID_LONGEST = 60  # characters of a number there
LONGEST = 200_000  # characters of a message
FILE_MOST = 50 * 1024 * 1024
NOBODYS = (
    "Nobody here has this customer: bring the organisation in first, with its number or name there"
    " as its reference, or the person who reported it."
)


def look_through(pk: int, *, at: datetime, seconds: float) -> bool:
    """Go on finding out what would be kept; whether it is through. Writes no incident."""
    return _go_on(pk, ImportState.CHECKING, _looked_at, at=at, seconds=seconds)


def keep(pk: int, *, at: datetime, seconds: float) -> bool:
    """Go on keeping; whether it is through. Nobody is notified, nothing is promised."""
    return _go_on(pk, ImportState.APPLYING, _kept, at=at, seconds=seconds)


def take_back(pk: int, *, at: datetime, seconds: float) -> bool:
    """Go on removing what this import kept, with its files; whether it is through."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with rls.everything():
            one = _locked(pk, ImportState.UNDOING)
            if one is None:
                return True
            keys = list(one.old_incidents.values_list("pk", flat=True)[:TOGETHER])
            if not keys:
                _end(one, ImportState.UNDONE, at, kept=0)
                return True
            remove(keys)
            one.done = min(one.done + len(keys), one.total)
            one.save(update_fields=["done"])
    return False


def remove(keys: Sequence[int]) -> None:
    """Old incidents with all that hangs on them; files go with the commit."""
    files = OldFile.objects.filter(message__incident__in=keys)
    names = [name for name in files.values_list("file", flat=True) if name]
    files.delete()
    OldMessage.objects.filter(incident__in=keys).delete()
    OldIncident.objects.filter(pk__in=keys).delete()
    transaction.on_commit(lambda: _drop(names))


def _drop(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)


Work = Callable[[DataImport, Staged, list[tuple[int, Fields]], Owners], None]


def _go_on(pk: int, state: ImportState, work: Work, *, at: datetime, seconds: float) -> bool:
    with rls.everything():
        one = _locked(pk, state)
        if one is None:
            return True
        owners = Owners.now()
    try:
        with staged(one) as export:
            return _in_batches(pk, state, work, export, owners, at, seconds)
    except UnreadableFile as error:
        with rls.everything():
            if (one := _locked(pk, state)) is not None:
                one.state, one.said = ImportState.REFUSED, str(error)[:300]
                one.save()
        return True


def _in_batches(
    pk: int,
    state: ImportState,
    work: Work,
    export: Staged,
    owners: Owners,
    at: datetime,
    seconds: float,
) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with rls.everything():
            one = _locked(pk, state)
            if one is None:
                return True
            rows = export.tickets(int(one.counts.get(PLACE, 0)), TOGETHER)
            if not rows:
                after = {ImportState.CHECKING: ImportState.CHECKED}
                _end(one, after.get(state, ImportState.APPLIED), at, kept=_count_of(one))
                return True
            if not one.total:
                one.total = export.count()
            work(one, export, rows, owners)
            one.counts[PLACE] = rows[-1][0]
            one.done = min(one.done + len(rows), one.total)
            one.save()
    return False


def _looked_at(
    one: DataImport, export: Staged, rows: list[tuple[int, Fields]], owners: Owners
) -> None:
    here, bad = _here(one, rows), []
    for place, row in rows:
        ticket, why = _read(one, row, export, owners)
        if ticket is None:
            if why:
                bad.append(_bad_line(one, place, row, why))
            outcome = Outcome.BAD if why else None
        else:
            outcome = Outcome.SAME if ticket.source_id in here else Outcome.NEW
        if outcome is not None:
            one.counts[outcome] = one.count(outcome) + 1
    ImportLine.objects.bulk_create(bad)


def _kept(one: DataImport, export: Staged, rows: list[tuple[int, Fields]], owners: Owners) -> None:
    here = _here(one, rows)
    tickets = [_read(one, row, export, owners)[0] for _, row in rows]
    fresh = {t.source_id: t for t in tickets if t is not None and t.source_id not in here}
    made = OldIncident.objects.bulk_create(
        _incident(one, ticket, owners) for ticket in fresh.values()
    )
    said = [
        (_message(incident, message, owners), message)
        for incident, ticket in zip(made, fresh.values(), strict=True)
        for message in ticket.said
    ]
    OldMessage.objects.bulk_create([message for message, _ in said], batch_size=500)
    OldFile.objects.bulk_create(
        _file(message, described, export) for message, source in said for described in source.files
    )


def _read(
    one: DataImport, row: Fields, export: Staged, owners: Owners
) -> tuple[Ticket | None, str]:
    """The ticket, or why there is none; both empty for one that was merged away there."""
    try:
        ticket = SYSTEMS[one.kind].ticket(row, export)
    except Odd as error:
        return None, str(error)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return None, "This ticket is not written as the export of that desk is."
    if ticket is None:
        return None, ""
    if not 0 < len(ticket.source_id) <= ID_LONGEST:  # by it the same ticket is known again
        return None, f"It needs a number there of 1 to {ID_LONGEST} characters."
    if owners.organisation_of(ticket):
        return ticket, ""
    return None, owners.said_of(ticket) or NOBODYS


def _incident(one: DataImport, ticket: Ticket, owners: Owners) -> OldIncident:
    organisation = owners.organisation_of(ticket)
    assert organisation is not None, "`_read` looked"
    return OldIncident(
        organisation_id=organisation,
        of=one,
        system=one.kind,
        source_id=ticket.source_id,
        number=ticket.number[:60],
        subject=one_line(ticket.subject)[:200] or "(no subject)",
        state=one_line(ticket.state)[:60],
        queue=one_line(ticket.queue)[:120],
        priority=one_line(ticket.priority)[:60],
        tags=[one_line(tag)[:60] for tag in ticket.tags][:30],
        reporter_id=owners.person_of(ticket.requester, organisation),
        reporter_name=one_line(ticket.requester.name)[:200],
        reporter_address=one_line(ticket.requester.address)[:254],
        opened_at=ticket.opened_at,
        closed_at=ticket.closed_at,
    )


def _message(incident: OldIncident, said: Said, owners: Owners) -> OldMessage:
    body = as_text(said.text) if said.is_html else clean_block(said.text)
    return OldMessage(
        organisation_id=incident.organisation_id,
        incident=incident,
        at=said.at,
        author_id=owners.person_of(said.who, incident.organisation_id),
        author_name=one_line(said.who.name)[:200],
        author_address=one_line(said.who.address)[:254],
        is_internal=said.is_internal,
        body=body[:LONGEST],
    )


def _file(message: OldMessage, described: Described, export: Staged) -> OldFile:
    """With its bytes where the archive has them; else its name says what was there."""
    name = one_line(described.name).replace("/", "_")[:200] or "file"
    made = OldFile(
        organisation_id=message.organisation_id,
        message=message,
        name=name,
        content_type=clean(described.content_type)[:120],
    )
    content = _content(described, export)
    if content is not None:
        made.size = content.size
        made.file.save("file", content, save=False)
    return made


def _content(described: Described, export: Staged) -> File[Any] | None:
    if described.content:
        try:
            raw = base64.b64decode(described.content, validate=True)
        except (binascii.Error, ValueError):
            raw = described.content.encode()
        return File(io.BytesIO(raw), name="file") if len(raw) <= FILE_MOST else None
    found = export.file(described.place)
    if found is None or found.file_size > FILE_MOST:
        return None
    try:
        with export.open(found) as opened:
            return File(io.BytesIO(opened.read(FILE_MOST)), name="file")
    except BROKEN:
        return None  # its name says what was there


def _here(one: DataImport, rows: list[tuple[int, Fields]]) -> set[str]:
    """The numbers of those that are kept already."""
    keys = [text_of(row.get("id")) for _, row in rows]
    found = OldIncident.objects.filter(system=one.kind, source_id__in=keys)
    return set(found.values_list("source_id", flat=True))


def _bad_line(one: DataImport, place: int, row: Fields, why: str) -> ImportLine:
    words = [text_of(row.get(key))[:100] for key in ("number", "id", "title", "subject", "Subject")]
    cells = cells_as_text([one_line(word) for word in words if word])
    return ImportLine(of=one, number=place, cells=cells, outcome=Outcome.BAD, said=why[:400])


def _count_of(one: DataImport) -> int:
    return one.old_incidents.count()


def _locked(pk: int, state: ImportState) -> DataImport | None:
    rows = DataImport.objects.select_for_update(of=("self",)).select_related("begun_by")
    return rows.filter(pk=pk, state=state).first()


def _end(one: DataImport, state: ImportState, at: datetime, *, kept: int) -> None:
    one.state, one.stepped_at, one.done = state, at, one.total
    one.counts.pop(PLACE, None)
    if state == ImportState.APPLIED:
        one.applied_at = at
        one.counts[Outcome.NEW] = kept
        drop_file(one)
        record("import.applied", one, at=at, by=one.begun_by, table=one.kind, lines=kept)
    elif state == ImportState.UNDONE:
        one.undone_at = at
        record("import.undone", one, at=at, by=one.begun_by, table=one.kind, stay=kept)
    one.save()
