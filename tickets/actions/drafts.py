"""Drafts: kept while somebody types, taken up later, gone with the sending that used them.

Who may write there is the caller's to check: a draft reaches nobody but its author.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Person
from core.text import printable
from tickets.actions.files import check_files, safe_name
from tickets.enums import DraftKind
from tickets.errors import DraftChanged, DraftTooLarge, TooManyFiles
from tickets.models import Draft, DraftFile, Incident

MOST_BYTES = 2 * 2**20
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class DraftOf:
    """Whose draft of what: `incident` is None for a report that is not filed yet."""

    person: Person
    kind: DraftKind
    incident: Incident | None = None

    @property
    def organisation_id(self) -> int:
        found = self.incident.organisation_id if self.incident else self.person.organisation_id
        assert found is not None, "only customers write reports"
        return found

    def found(self) -> Draft | None:
        return self._rows().prefetch_related("files").first()

    def locked(self) -> Draft | None:
        return self._rows().select_for_update().first()

    def _rows(self) -> QuerySet[Draft]:
        drafts = Draft.objects.visible_to(self.person)
        return drafts.filter(
            organisation=self.organisation_id, incident=self.incident, kind=self.kind
        )


@transaction.atomic
def save_draft(
    of: DraftOf,
    *,
    body: str,
    version: int,
    at: datetime,
    fields: Mapping[str, str] | None = None,
) -> int:
    """Keep what is typed, to the letter; the new version, 0 where nothing is left to keep.

    `version` is the one that the tab knows, 0 for none. Errors: `DraftChanged` where another tab
    saved or sent since, `DraftTooLarge`.
    """
    body = printable(body)
    filled = {name: printable(value) for name, value in (fields or {}).items()}
    size = len(body.encode()) + sum(len(one.encode()) for one in filled.values())
    if size > MOST_BYTES:
        raise DraftTooLarge(limit=MOST_BYTES // 2**20)
    draft = of.locked()
    if draft is None:
        if version:
            raise DraftChanged()
        return _begin(of, body, filled, at).version if body.strip() or any(filled.values()) else 0
    if draft.version != version:
        raise DraftChanged()
    if not body.strip() and not any(filled.values()) and not draft.files.exists():
        draft.delete()
        return 0
    draft.body, draft.fields, draft.saved_at = body, filled, at
    draft.version += 1
    draft.save(update_fields=["body", "fields", "saved_at", "version"])
    return draft.version


@transaction.atomic
def add_file(of: DraftOf, file: UploadedFile[Any], *, at: datetime) -> DraftFile:
    """Upload one file to the draft, which begins with it where there was none.

    Errors: `TooManyFiles`, `FileTooLarge`, `EmptyFile`.
    """
    check_files([file])
    draft = of.locked() or _begin(of, "", {}, at)
    count, most = draft.files.count() + 1, settings.ATTACHMENTS_MAX_COUNT
    if count > most:
        raise TooManyFiles(count=count, limit=most)
    name = safe_name(file.name or "")
    return DraftFile.objects.create(
        organisation_id=draft.organisation_id,
        draft=draft,
        file=File(file, name=name),
        name=name,
        size=file.size or 0,
        added_at=at,
    )


@transaction.atomic
def drop_file(of: DraftOf, file_id: int) -> None:
    """Take a file out of the draft; one that is not there is gone already."""
    draft = of.locked()
    if draft is not None:
        _remove(list(draft.files.filter(pk=file_id)))


@transaction.atomic
def discard(of: DraftOf) -> None:
    """Throw it away with its files."""
    draft = of.locked()
    if draft is not None:
        _remove(list(draft.files.all()))
        draft.delete()


def kept_files(of: DraftOf, ids: Sequence[int]) -> list[UploadedFile[Any]]:
    """Files of the draft, as if they came with the form; those that are gone are left out."""
    draft = of.found()
    chosen = [one for one in draft.files.all() if one.pk in ids] if draft else []
    return [UploadedFile(one.file.open("rb"), name=one.name, size=one.size) for one in chosen]


@transaction.atomic
def used(of: DraftOf, *, version: int, body: str) -> None:
    """It was sent: gone, in the transaction of the sending, with its files.

    What another tab wrote since, and is another text, stays.
    """
    draft = of.locked()
    if draft is None:
        return
    if draft.version <= version or draft.body.strip() == body.strip():
        _remove(list(draft.files.all()))
        draft.delete()


@transaction.atomic
def move_drafts(old: Incident, new: Incident) -> int:
    """Drafts on an incident that was merged into another go with it; how many.

    Whoever writes on the other one already keeps that draft, with the old one's text below it.
    """
    moved = 0
    for draft in Draft.objects.select_for_update().filter(incident=old):
        there = Draft.objects.filter(incident=new, person=draft.person_id, kind=draft.kind).first()
        if there is None:
            draft.incident = new
            draft.save(update_fields=["incident"])
        else:
            there.body = f"{there.body}\n\n{draft.body}".strip("\n")
            there.version += 1
            there.save(update_fields=["body", "version"])
            draft.files.update(draft=there)
            draft.delete()
        moved += 1
    return moved


def forget_drafts(at: datetime, *, most: int) -> int:
    """Those that nobody touched for three months; how many."""
    old = list(Draft.objects.filter(saved_at__lt=at - KEPT).prefetch_related("files")[:most])
    for draft in old:
        _remove(list(draft.files.all()))
        draft.delete()
    return len(old)


def _begin(of: DraftOf, body: str, fields: Mapping[str, str], at: datetime) -> Draft:
    """Two tabs that begin at once: the second of them finds the first's row, and is told."""
    draft, made = Draft.objects.get_or_create(
        person=of.person,
        organisation_id=of.organisation_id,
        incident=of.incident,
        kind=of.kind,
        defaults={"body": body, "fields": dict(fields), "saved_at": at},
    )
    if not made and body:
        raise DraftChanged()
    return draft


def remove_draft(draft: Draft) -> None:
    """With its files, in the transaction of what used it."""
    _remove(list(draft.files.all()))
    draft.delete()


def _remove(files: list[DraftFile]) -> None:
    """The rows now, the bytes once that is committed."""
    for one in files:
        one.delete()
        transaction.on_commit(lambda file=one.file: file.storage.delete(file.name))  # type: ignore[misc]
