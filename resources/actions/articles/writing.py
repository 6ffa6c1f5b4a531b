"""Writing articles: the next version, its files, its address. Nothing here changes what is read."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.markdown import LONGEST, render_page
from core.text import clean_block, one_line
from resources import policies
from resources.enums import Audience, VersionState
from resources.errors import (
    AddressTaken,
    AddressUnusable,
    ArticleIncomplete,
    ArticleTooLong,
    FileUnusable,
    FixUnknown,
    LevelsMissing,
)
from resources.models import (
    Article,
    ArticleAddress,
    ArticleFile,
    ArticleVersion,
    Category,
    Defect,
)
from resources.rules.addresses import counted_up, is_slug, slug_of
from resources.rules.files import file_name, kind_of

MB = 2**20
MOST_FILES = 100  # of an article


@dataclass(frozen=True)
class Draft:
    """What an article is to say, and to whom. `versions` of the product begin so: "10.6"."""

    title: str
    body: str
    category: Category
    audience: str = Audience.REGISTERED
    summary: str = ""
    levels: Sequence[str] = ()
    editions: Sequence[str] = ()
    versions: Sequence[str] = ()
    change: str = ""


@transaction.atomic
def save_draft(
    draft: Draft,
    *,
    by: Person,
    at: datetime,
    article: Article | None = None,
    made_of: str = "",
) -> ArticleVersion:
    """The next version of `article`, or the first of a new one; what is published stays as it is.

    A version that waits for review or for its moment is a draft again. Errors: `NotAllowed`,
    `ArticleIncomplete`, `ArticleTooLong`, `LevelsMissing`.
    """
    if not policies.may_write_articles(by):
        raise NotAllowed()
    _check(draft)
    one = _new(draft, by=by, at=at, made_of=made_of) if article is None else held(article)
    version = _next_version(one)
    _fill(version, draft)
    page = render_page(version.body, addresses_of(one))
    version.html, version.files = page.html, list(page.used)
    version.state, version.publish_at = VersionState.DRAFT, None
    version.reviewed_by = version.reviewed_at = None
    version.written_by, version.written_at = by, at
    version.save()
    record("article.drafted", one, at=at, by=by, version=version.number, title=version.title)
    return version


@transaction.atomic
def name_defects(
    article: Article, numbers: Sequence[str], *, by: Person, at: datetime
) -> list[Defect]:
    """The known defects that it is about, instead of those named before: its page and theirs lead
    to each other. Safe to repeat. Errors: `NotAllowed`, `FixUnknown`.
    """
    if not policies.may_write_articles(by):
        raise NotAllowed()
    article = held(article)
    wanted = list(dict.fromkeys(number.strip().upper() for number in numbers))
    known = Defect.objects.in_bulk(wanted, field_name="number")
    for number in wanted:
        if number not in known:
            raise FixUnknown(number=number[:40])
    named = [known[number] for number in wanted]
    if set(article.defects.values_list("pk", flat=True)) != {one.pk for one in named}:
        article.defects.set(named)
        record("article.defects_named", article, at=at, by=by, names=wanted)
    return named


@transaction.atomic
def add_file(
    article: Article, upload: UploadedFile[Any], *, by: Person, at: datetime
) -> ArticleFile:
    """A picture or file that the text may name; one of that name is never replaced.

    Errors: `NotAllowed`, `FileUnusable`.
    """
    if not policies.may_write_articles(by):
        raise NotAllowed()
    article = held(article)
    name = file_name(upload.name or "")
    _check_file(article, upload, name)
    upload.seek(0)
    kind = kind_of(upload.read(16))
    digest = hashlib.sha256()
    upload.seek(0)
    for part in upload.chunks():
        digest.update(part)
    file = ArticleFile(
        article=article,
        token=secrets.token_hex(16),
        name=name,
        content_type=kind,
        size=upload.size or 0,
        sha256=digest.hexdigest(),
        added_by=by,
        added_at=at,
    )
    file.file = File(upload, name=name)
    file.save()
    record("article.file_added", article, at=at, by=by, file=name)
    _render_again(article)
    return file


@transaction.atomic
def move(article: Article, slug: str, *, by: Person, at: datetime) -> Article:
    """Give it another address; the former one leads there for ever. The same one: no change.

    Errors: `NotAllowed`, `AddressUnusable`, `AddressTaken`.
    """
    if not policies.may_keep_shelves(by):
        raise NotAllowed()
    if not is_slug(slug):
        raise AddressUnusable(slug=slug)
    article = held(article)
    if slug == article.slug:
        return article
    if _is_taken(slug, but=article):
        raise AddressTaken(slug=slug)
    before = article.slug
    ArticleAddress.objects.filter(slug=slug).delete()  # its own, which it takes again
    ArticleAddress.objects.create(slug=before, article=article, left_at=at)
    article.slug = slug
    article.save(update_fields=["slug"])
    record("article.moved", article, at=at, by=by, before=before, after=slug)
    return article


def held(article: Article) -> Article:
    """The article, locked: versions are numbered one after the other."""
    return Article.objects.select_for_update().get(pk=article.pk)


def addresses_of(article: Article) -> dict[str, str]:
    """Name and address of each of its files."""
    if article.pk is None:
        return {}
    return {one.name: one.get_absolute_url() for one in article.attached.all()}


def _check(draft: Draft) -> None:
    if not one_line(draft.title) or not clean_block(draft.body):
        raise ArticleIncomplete()
    if len(draft.body) > LONGEST:
        raise ArticleTooLong(count=f"{len(draft.body):,}", most=f"{LONGEST:,}")
    if draft.audience == Audience.LEVELS and not draft.levels:
        raise LevelsMissing()


def _new(draft: Draft, *, by: Person, at: datetime, made_of: str) -> Article:
    slug, number = slug_of(one_line(draft.title)), 1
    free = slug if is_slug(slug) else counted_up(slug, number)
    while _is_taken(free):
        number += 1
        free = counted_up(slug, number)
    return Article.objects.create(slug=free, owner=by, made_at=at, made_of=made_of)


def _is_taken(slug: str, but: Article | None = None) -> bool:
    its_own = but.pk if but else 0
    now = Article.objects.filter(slug=slug).exclude(pk=its_own)
    before = ArticleAddress.objects.filter(slug=slug).exclude(article=its_own)
    return now.exists() or before.exists()


def _next_version(article: Article) -> ArticleVersion:
    latest = article.versions.first()
    if latest is not None and latest.is_open:
        return latest
    return ArticleVersion(article=article, number=latest.number + 1 if latest else 1)


def _fill(version: ArticleVersion, draft: Draft) -> None:
    version.title, version.summary = one_line(draft.title)[:150], one_line(draft.summary)[:300]
    version.body, version.category = clean_block(draft.body), draft.category
    version.audience = draft.audience
    version.levels = list(draft.levels) if draft.audience == Audience.LEVELS else []
    version.editions = list(draft.editions)
    wanted = (one_line(one)[:20] for one in draft.versions)
    version.versions = list(dict.fromkeys(one for one in wanted if one))
    version.change = one_line(draft.change)[:200]


def _check_file(article: Article, upload: UploadedFile[Any], name: str) -> None:
    size, limit = upload.size or 0, settings.ATTACHMENT_MAX_BYTES
    why = ""
    if size == 0:
        why = "it is empty."
    elif size > limit:
        why = f"it has {-(-size // MB)} MB; {limit // MB} MB are the most."
    elif len(name) > 120:
        why = "its name is too long."
    elif article.attached.filter(name=name).exists():
        why = "the article has a file of that name, which published versions show. Rename it."
    elif article.attached.count() >= MOST_FILES:
        why = f"an article has {MOST_FILES} files at most."
    if why:
        raise FileUnusable(name=upload.name or name, why=why)


def _render_again(article: Article) -> None:
    """The draft that named a file before it was there shows it now."""
    version = article.versions.first()
    if version is None or version.state != VersionState.DRAFT:
        return
    page = render_page(version.body, addresses_of(article))
    version.html, version.files = page.html, list(page.used)
    version.save(update_fields=["html", "files"])
