"""From draft to what readers see: review, publish now or at a moment, withdraw, vouch for."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.markdown import render_page
from core.text import one_line
from resources import policies
from resources.actions.articles.writing import addresses_of, held
from resources.enums import VersionState
from resources.errors import (
    NotPublished,
    PictureMissing,
    PublishInThePast,
    ReasonMissing,
    VersionChanged,
)
from resources.models import Article, ArticleVersion
from resources.querysets.articles import TO_PUBLISH


@transaction.atomic
def ask_review(version: ArticleVersion, *, by: Person, at: datetime) -> ArticleVersion:
    """A draft waits for somebody else's eyes. Errors: `NotAllowed`, `VersionChanged`,
    `PictureMissing`.
    """
    if not policies.may_write_articles(by):
        raise NotAllowed()
    version = _held(version, VersionState.DRAFT)
    _check_files(version)
    version.state, version.sent_back_for = VersionState.REVIEW, ""
    version.save(update_fields=["state", "sent_back_for"])
    record("article.review_asked", version.article, at=at, by=by, version=version.number)
    return version


@transaction.atomic
def send_back(version: ArticleVersion, *, reason: str, by: Person, at: datetime) -> ArticleVersion:
    """It is a draft again, with what has to change. Errors: `NotAllowed`, `VersionChanged`,
    `ReasonMissing`.
    """
    if not policies.may_keep_shelves(by):
        raise NotAllowed()
    reason = one_line(reason)[:500]
    if not reason:
        raise ReasonMissing()
    version = _held(version, VersionState.REVIEW, VersionState.READY)
    version.state, version.sent_back_for, version.publish_at = VersionState.DRAFT, reason, None
    version.save(update_fields=["state", "sent_back_for", "publish_at"])
    record(
        "article.sent_back", version.article, at=at, by=by, version=version.number, reason=reason
    )
    return version


@transaction.atomic
def publish(
    version: ArticleVersion, *, by: Person, at: datetime, when: datetime | None = None
) -> ArticleVersion:
    """What was reviewed is read from now on, or from `when` on. A draft was looked at by doing so.

    Errors: `NotAllowed`, `VersionChanged`, `PictureMissing`, `PublishInThePast`.
    """
    version = _held(version, VersionState.DRAFT, VersionState.REVIEW, VersionState.READY)
    if not policies.may_publish(by, version):
        raise NotAllowed()
    _check_files(version)
    version.reviewed_by, version.reviewed_at = by, at
    if when is None:
        return _show(version, by=by, at=at)
    if when <= at:
        raise PublishInThePast()
    version.state, version.publish_at = VersionState.READY, when
    version.save(update_fields=["state", "publish_at", "reviewed_by", "reviewed_at"])
    record("article.scheduled", version.article, at=at, by=by, version=version.number, due_at=when)
    return version


@transaction.atomic
def publish_due(version: int, *, at: datetime) -> int:
    """The sweep's: publish what was to be by `at`; 1 where it was. Safe to repeat and to race."""
    due = ArticleVersion.objects.filter(TO_PUBLISH, pk=version, publish_at__lte=at)
    found = due.select_related("article", "reviewed_by").first()
    if found is None:
        return 0
    held(found.article)
    found = due.select_for_update(of=("self",)).select_related("article", "reviewed_by").first()
    if found is None:  # whoever had the article meanwhile did it, or took it back
        return 0
    _show(found, by=found.reviewed_by, at=at)
    return 1


@transaction.atomic
def withdraw(article: Article, *, reason: str, by: Person, at: datetime) -> Article:
    """Nobody reads it any more; its address says so. What waits to be published waits on.

    Errors: `NotAllowed`, `NotPublished`, `ReasonMissing`.
    """
    if not policies.may_keep_shelves(by):
        raise NotAllowed()
    reason = one_line(reason)[:500]
    if not reason:
        raise ReasonMissing()
    article = held(article)
    if article.live is None:
        raise NotPublished()
    _replace(article.live)
    article.live, article.withdrawn_at = None, at
    article.save(update_fields=["live", "withdrawn_at"])
    record("article.withdrawn", article, at=at, by=by, reason=reason)
    return article


@transaction.atomic
def vouch_for(article: Article, *, until: date, by: Person, at: datetime) -> Article:
    """Somebody looked: what it says is right, and holds until that day.

    Errors: `NotAllowed`, `NotPublished`.
    """
    if not policies.may_write_articles(by):
        raise NotAllowed()
    article = held(article)
    if article.live is None:
        raise NotPublished()
    article.checked_until = until
    article.save(update_fields=["checked_until"])
    record("article.checked", article, at=at, by=by, until=until)
    return article


def _held(version: ArticleVersion, *states: VersionState) -> ArticleVersion:
    """The version, locked with its article. Raises `VersionChanged` in any other state."""
    held(version.article)
    found = ArticleVersion.objects.select_related("article").get(pk=version.pk)
    if found.state not in states:
        raise VersionChanged(state=str(VersionState(found.state).label).lower())
    return found


def _check_files(version: ArticleVersion) -> None:
    missing = render_page(version.body, addresses_of(version.article)).missing
    if missing:
        raise PictureMissing(names=", ".join(missing[:5]))


def _show(version: ArticleVersion, *, by: Person | None, at: datetime) -> ArticleVersion:
    """Put it where readers look, in the transaction of who decided so."""
    article = version.article
    if article.live is not None:
        _replace(article.live)
    page = render_page(version.body, addresses_of(article))
    version.html, version.files = page.html, list(page.used)
    version.state, version.published_at, version.publish_at = VersionState.LIVE, at, None
    version.save()
    article.live, article.changed_at, article.withdrawn_at = version, at, None
    article.published_at = article.published_at or at
    article.save(update_fields=["live", "changed_at", "withdrawn_at", "published_at"])
    record(
        "article.published",
        article,
        at=at,
        by=by,
        version=version.number,
        audience=version.audience,
    )
    return version


def _replace(version: ArticleVersion) -> None:
    version.state = VersionState.OLD
    version.save(update_fields=["state"])
