"""Manuals and their versions: kept, uploaded, published, retired."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.foreign_pages import NoPage
from core.journal import record
from core.text import one_line
from entitlements.enums import Edition
from resources import policies
from resources.enums import Audience, ManualKind, ManualState
from resources.errors import (
    AddressTaken,
    AddressUnusable,
    EditionUnknown,
    LevelsMissing,
    ManualUnfit,
    ManualUntitled,
    ManualVersionState,
    ManualVersionThere,
    VersionUnusable,
)
from resources.models import Manual, ManualPage, ManualPicture, ManualVersion
from resources.rules.addresses import is_slug, slug_of
from resources.rules.archives import Contents, UnfitArchive, read_archive
from resources.rules.files import kind_of
from resources.rules.manuals import Bound, bind, standing_alone
from resources.rules.versions import place_of

MOST_BYTES = 200 * 2**20  # of what is uploaded
PDF = "application/pdf"
MOST_MISSING = 100  # links to nothing that are listed


@dataclass(frozen=True, kw_only=True)
class ManualDraft:
    """What a manual is, and who reads it."""

    title: str
    product: str
    kind: str = ManualKind.MANUAL
    slug: str = ""
    summary: str = ""
    editions: Sequence[str] = ()
    audience: str = Audience.REGISTERED
    levels: Sequence[str] = ()


@transaction.atomic
def save_manual(
    draft: ManualDraft, *, by: Person, at: datetime, manual: Manual | None = None
) -> Manual:
    """A new manual, or `manual` as it is to be; its address stays. Errors: `NotAllowed`,
    `ManualUntitled`, `LevelsMissing`, `EditionUnknown`, `AddressUnusable`, `AddressTaken`.
    """
    if not policies.may_keep_manuals(by):
        raise NotAllowed()
    title = one_line(draft.title)[:120]
    if not title:
        raise ManualUntitled()
    if draft.audience == Audience.LEVELS and not draft.levels:
        raise LevelsMissing()
    for edition in draft.editions:
        if edition not in Edition.values:
            raise EditionUnknown(edition=edition[:40], known=", ".join(Edition.values))
    one = manual or Manual(made_by=by, made_at=at, slug=_slug(draft.slug or title))
    one.title, one.summary = title, one_line(draft.summary)[:300]
    one.kind, one.product = ManualKind(draft.kind).value, one_line(draft.product)[:120]
    one.editions, one.audience = list(draft.editions), Audience(draft.audience).value
    one.levels = list(draft.levels) if draft.audience == Audience.LEVELS else []
    one.save()
    record("manual.kept", one, at=at, by=by, title=title)
    return one


@transaction.atomic
def add_manual_version(
    manual: Manual,
    upload: UploadedFile[Any],
    *,
    version: str,
    is_preview: bool = False,
    by: Person,
    at: datetime,
) -> ManualVersion:
    """A PDF, or a zip of pages, as the manual of one version; whole or not at all (D4).

    Nobody reads it before it is published. Errors: `NotAllowed`, `VersionUnusable`,
    `ManualVersionThere`, `ManualUnfit`.
    """
    if not policies.may_keep_manuals(by):
        raise NotAllowed()
    manual = _held(manual)
    version = one_line(version)[:40].removeprefix("v")
    place = place_of(version)
    if place is None:
        raise VersionUnusable(version=version)
    same = manual.versions.filter(place=list(place)).exclude(state=ManualState.RETIRED)
    if same.exists():
        raise ManualVersionThere(version=version)
    size = upload.size or 0
    if not 0 < size <= MOST_BYTES:
        why = "It is empty." if not size else f"It is more than {MOST_BYTES >> 20} MB."
        raise ManualUnfit(why=why)
    one = ManualVersion(
        manual=manual, version=version, place=list(place), is_preview=is_preview, added_at=at
    )
    one.added_by = by
    upload.seek(0)
    count = _keep_pdf(one, upload) if kind_of(upload.read(16)) == PDF else _keep_pages(one, upload)
    digest = _digest(upload)
    record(
        "manual.version_added", manual, at=at, by=by, version=version, pages=count, sha256=digest
    )
    return one


@transaction.atomic
def publish_manual(version: ManualVersion, *, by: Person, at: datetime) -> ManualVersion:
    """Its readers read it from now on; one that was for a coming version says so no more.

    Errors: `NotAllowed`, `ManualVersionState`.
    """
    if not policies.may_publish_manuals(by):
        raise NotAllowed()
    one = _held_version(version)
    if one.state == ManualState.LIVE and one.is_preview:
        one.is_preview = False
    elif one.state == ManualState.DRAFT:
        one.state, one.published_at = ManualState.LIVE, at
    else:
        raise ManualVersionState(version=one.version, state=_state(one))
    one.save(update_fields=["state", "published_at", "is_preview"])
    record("manual.published", one.manual, at=at, by=by, version=one.version)
    return one


@transaction.atomic
def retire_manual(version: ManualVersion, *, by: Person, at: datetime) -> ManualVersion:
    """Nobody reads it any more; its addresses lead to the newest. Errors: `NotAllowed`,
    `ManualVersionState`.
    """
    if not policies.may_publish_manuals(by):
        raise NotAllowed()
    one = _held_version(version)
    if one.state != ManualState.LIVE:
        raise ManualVersionState(version=one.version, state=_state(one))
    one.state = ManualState.RETIRED
    one.save(update_fields=["state"])
    record("manual.retired", one.manual, at=at, by=by, version=one.version)
    return one


@transaction.atomic
def remove_manual_version(version: ManualVersion, *, by: Person, at: datetime) -> None:
    """Take back what nobody read. Errors: `NotAllowed`, `ManualVersionState`."""
    if not policies.may_keep_manuals(by):
        raise NotAllowed()
    one = _held_version(version)
    if one.state != ManualState.DRAFT:
        raise ManualVersionState(version=one.version, state=_state(one))
    record("manual.version_removed", one.manual, at=at, by=by, version=one.version)
    one.delete()  # its files are cleared by night


def _held(manual: Manual) -> Manual:
    return Manual.objects.select_for_update().get(pk=manual.pk)


def _held_version(version: ManualVersion) -> ManualVersion:
    _held(version.manual)
    return ManualVersion.objects.select_related("manual").get(pk=version.pk)


def _state(one: ManualVersion) -> str:
    return str(ManualState(one.state).label).lower()


def _slug(wanted: str) -> str:
    slug = slug_of(wanted)[:60].strip("-")
    if not is_slug(slug):
        raise AddressUnusable(slug=wanted[:80])
    if Manual.objects.filter(slug=slug).exists():
        raise AddressTaken(slug=slug)
    return slug


def _digest(upload: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for part in upload.chunks():
        digest.update(part)
    return digest.hexdigest()


def _keep_pdf(one: ManualVersion, upload: UploadedFile[Any]) -> int:
    """The file as it is; one page stands for it where manuals are searched."""
    upload.seek(max((upload.size or 0) - 2048, 0))
    if b"%%EOF" not in upload.read():
        raise ManualUnfit(why="The PDF is cut off: its end is missing.")
    upload.seek(0)
    one.is_pdf, one.size = True, upload.size or 0
    one.file_name = f"{one.manual.slug}-{one.version}.pdf"
    one.file.save(one.file_name, upload, save=False)
    one.save()
    manual = one.manual
    ManualPage.objects.create(version=one, path="", title=manual.title, text=manual.summary)
    return 1


def _keep_pages(one: ManualVersion, upload: IO[bytes]) -> int:
    upload.seek(0)
    try:
        contents = read_archive(upload)
        bound = bind(contents)
    except (UnfitArchive, NoPage) as error:
        raise ManualUnfit(why=str(error)) from error
    one.home, one.missing = bound.home, list(bound.missing[:MOST_MISSING])
    one.file_name = f"{one.manual.slug}-{one.version}.zip"
    offline = _offline(one, contents, bound)
    one.size = len(offline)
    one.file.save(one.file_name, ContentFile(offline), save=False)
    one.save()
    ManualPage.objects.bulk_create(
        ManualPage(version=one, path=path, title=page.title, html=page.html, text=page.text)
        for path, page in bound.pages.items()
    )
    for path, (kind, content) in contents.pictures.items():
        picture = ManualPicture(version=one, path=path, content_type=kind)
        picture.file.save(path, ContentFile(content), save=False)
        picture.save()
    return len(bound.pages)


def _offline(one: ManualVersion, contents: Contents, bound: Bound) -> bytes:
    """The clean pages and their pictures in one folder, for who has no network."""
    made, top = io.BytesIO(), f"{one.manual.slug}-{one.version}"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, page in bound.pages.items():
            archive.writestr(f"{top}/{path}", standing_alone(page, str(one)))
        for path, (_, content) in contents.pictures.items():
            archive.writestr(f"{top}/{path}", content)
    return made.getvalue()
