"""The files of a release: whole from a form, or in pieces of which each is on the disk at once."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Coalesce

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean_block
from resources import policies
from resources.actions.releases.keeping import held
from resources.errors import FileUnusable, PieceOutOfPlace, ReleasePublished, UploadBroken
from resources.models import Release, ReleaseFile, ReleaseUpload
from resources.rules.files import release_file_name

MB = 2**20
MOST_FILES = 40  # of a release
LONGEST_SIGNATURE = 16_384  # characters
STALE = timedelta(days=2)  # an upload that nobody went on with for so long is given up
_ROOM = "releases/incoming"
_AT_ONCE = 4 * MB


class _Moved(File):  # type: ignore[type-arg]  # generic in the stubs alone
    """A second name of a file of the store, which becomes another one: renamed, never copied.

    The first name stays until the commit: a worker that dies before it loses nothing.
    """

    def __init__(self, path: Path) -> None:
        second = path.with_suffix(".whole")
        second.unlink(missing_ok=True)  # of a worker that died
        try:
            second.hardlink_to(path)
        except OSError:  # a store that knows no second names
            shutil.copyfile(path, second)
        super().__init__(second.open("rb"), name=path.name)
        self._path = second

    def temporary_file_path(self) -> str:
        """Django's storage renames what has one."""
        return str(self._path)


@transaction.atomic
def add_release_file(
    release: Release,
    upload: UploadedFile[Any],
    *,
    label: str = "",
    signature: str = "",
    by: Person,
    at: datetime,
) -> ReleaseFile:
    """A whole file. Errors: `NotAllowed`, `FileUnusable`."""
    one = _may_add(release, by)
    name = release_file_name(upload.name or "")
    _check(one, name, upload.size or 0, signature)
    return _keep(one, upload, name, label=label, signature=signature, by=by, at=at)


@transaction.atomic
def begin_upload(
    release: Release,
    *,
    name: str,
    size: int,
    label: str = "",
    signature: str = "",
    by: Person,
    at: datetime,
) -> ReleaseUpload:
    """Begin a file of `size` bytes that comes in pieces; the same one again goes on where it was,
    or from the first byte where what was here is lost.

    Errors: `NotAllowed`, `FileUnusable`.
    """
    one = _may_add(release, by)
    name = release_file_name(name)
    _check(one, name, size, signature)
    begun = one.uploads.select_for_update().filter(name=name, size=size, begun_by=by).first()
    if begun is not None:
        return _gone_on(begun)
    token = secrets.token_hex(16)
    upload = ReleaseUpload(
        token=token,
        release=one,
        name=name,
        label=label.strip()[:80],
        signature=clean_block(signature),
        file=f"{_ROOM}/{token}",
        size=size,
        begun_by=by,
        begun_at=at,
    )
    _make_room(upload)
    upload.save()
    return upload


def _gone_on(upload: ReleaseUpload) -> ReleaseUpload:
    if not _is_here(upload):
        _make_room(upload)
        upload.received = 0
        upload.save(update_fields=["received"])
    return upload


def _path_of(upload: ReleaseUpload) -> Path:
    return Path(default_storage.path(str(upload.file.name)))


def _make_room(upload: ReleaseUpload) -> None:
    path = _path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def _is_here(upload: ReleaseUpload) -> bool:
    path = _path_of(upload)
    return path.exists() and path.stat().st_size >= upload.received


@transaction.atomic
def take_piece(
    upload: ReleaseUpload, piece: IO[bytes], *, offset: int, by: Person, at: datetime
) -> ReleaseUpload | ReleaseFile:
    """The next bytes, from `offset` on; the file itself once it is whole.

    A piece that came before is refused with how much is here, so that whoever sends it goes on
    there. Errors: `NotAllowed`, `PieceOutOfPlace`, `UploadBroken`, `FileUnusable`.
    """
    one = ReleaseUpload.objects.select_for_update().select_related("release").get(pk=upload.pk)
    release = _may_add(one.release, by)
    if offset != one.received:
        raise PieceOutOfPlace(received=one.received)
    path = _path_of(one)
    if not _is_here(one):
        raise UploadBroken(name=one.name)
    one.received += _append(path, piece, offset, one.size - offset)
    if one.received < one.size:
        one.last_piece_at = at
        one.save(update_fields=["received", "last_piece_at"])
        return one
    _check(release, one.name, one.size, one.signature)
    facts = {"label": one.label, "signature": one.signature}
    with _Moved(path) as whole:
        kept = _keep(release, whole, one.name, **facts, by=by, at=at)
    one.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return kept


@transaction.atomic
def remove_release_file(file: ReleaseFile, *, by: Person, at: datetime) -> None:
    """Take a file off a release that is not published. Errors: `NotAllowed`,
    `ReleasePublished`.
    """
    release = _may_add(file.release, by)
    if release.published_at is not None:
        raise ReleasePublished(version=release.version)
    record("release.file_removed", release, at=at, by=by, file=file.name)
    file.delete()  # its bytes are cleared by night


@transaction.atomic
def give_up_uploads(at: datetime) -> int:
    """Uploads that nobody went on with; how many. Their bytes are cleared by night."""
    last = ReleaseUpload.objects.alias(went_on_at=Coalesce("last_piece_at", "begun_at"))
    return last.filter(went_on_at__lt=at - STALE).delete()[0]


def _may_add(release: Release, by: Person) -> Release:
    if not policies.may_keep_releases(by):
        raise NotAllowed()
    return held(release)


def _check(release: Release, name: str, size: int, signature: str) -> None:
    limit = settings.RELEASE_FILE_MAX_BYTES
    why = ""
    if size <= 0:
        why = "it is empty."
    elif size > limit:
        why = f"it has {-(-size // MB):,} MB; {limit // MB:,} MB are the most."
    elif release.files.filter(name=name).exists():
        why = "the release has a file of that name, which is never replaced. Rename it."
    elif release.files.count() >= MOST_FILES:
        why = f"a release has {MOST_FILES} files at most."
    elif signature and not _is_armoured(signature):
        why = "its signature is none: give the detached, armoured one (-----BEGIN ...)."
    if why:
        raise FileUnusable(name=name, why=why)


def _is_armoured(signature: str) -> bool:
    text = signature.strip()
    fits = len(text) <= LONGEST_SIGNATURE
    return fits and text.startswith("-----BEGIN ") and text.endswith("-----")


def _append(path: Path, piece: IO[bytes], offset: int, most: int) -> int:
    """Write the piece behind what is here, on the disk when it returns; how many bytes it had."""
    written = 0
    with path.open("r+b") as target:
        target.truncate(offset)  # what a piece left that was never noted
        target.seek(offset)
        while part := piece.read(_AT_ONCE):
            written += len(part)
            if written > most:
                raise FileUnusable(name=path.name, why="more bytes came than were announced.")
            target.write(part)
        target.flush()
        os.fsync(target.fileno())
    return written


def _keep(
    release: Release,
    content: File[Any],
    name: str,
    *,
    label: str,
    signature: str,
    by: Person,
    at: datetime,
) -> ReleaseFile:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    for part in content.chunks(_AT_ONCE):
        digest.update(part)
        size += len(part)
    content.seek(0)
    file = ReleaseFile(
        release=release,
        name=name,
        label=label.strip()[:80],
        size=size,
        sha256=digest.hexdigest(),
        signature=clean_block(signature),
        added_by=by,
        added_at=at,
    )
    file.file.save(name, content, save=False)
    file.save()
    record(
        "release.file_added",
        release,
        at=at,
        by=by,
        file=name,
        size=size,
        sha256=file.sha256,
    )
    return file
