"""The online resources: articles and what readers leave behind."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import Organisation, Person
from resources.enums import Audience, IssueState, VersionState
from resources.models import (
    AdvisoryReach,
    Article,
    ArticleAddress,
    ArticleFile,
    ArticleUse,
    ArticleVersion,
    ArticleVote,
    Category,
    Deflection,
    MissedSearch,
    Newsletter,
    NewsletterChoice,
    NewsletterIssue,
    OutsideReader,
)
from tests.factories.base import NINE
from tests.factories.people import make_contact, make_engineer, make_organisation

numbers = count(1)


def make_category(**fields: Any) -> Category:
    number = next(numbers)
    return Category.objects.create(**{"name": f"Subject {number}", "slug": f"s-{number}"} | fields)


def make_article(**fields: Any) -> Article:
    """Published for everybody, unless `state` says that its version is none yet."""
    number, state = next(numbers), fields.pop("state", VersionState.LIVE)
    owner = fields.pop("owner", None) or make_engineer()
    of_article = {name: fields.pop(name) for name in ("slug", "checked_until") if name in fields}
    one = Article.objects.create(
        **{"slug": f"article-{number}", "owner": owner, "made_at": NINE} | of_article
    )
    version = make_version(one, state=state, **fields)
    if state == VersionState.LIVE:
        one.live, one.published_at, one.changed_at = version, NINE, NINE
        one.save()
    return one


def make_version(article: Article, **fields: Any) -> ArticleVersion:
    """The next version of an article; nothing else of it is changed."""
    state = fields.setdefault("state", VersionState.DRAFT)
    body = fields.setdefault("body", "Restart the IMAP service.")
    defaults = {
        "number": article.versions.count() + 1,
        "title": "IMAP stops answering",
        "html": f"<p>{body}</p>",
        "audience": Audience.EVERYBODY,
        "written_by": article.owner,
        "written_at": NINE,
        "published_at": NINE if state in (VersionState.LIVE, VersionState.OLD) else None,
    }
    category = fields.pop("category", None) or make_category()
    return ArticleVersion.objects.create(article=article, category=category, **defaults | fields)


def make_article_file(article: Article | None = None, **fields: Any) -> ArticleFile:
    article = article or make_article()
    defaults = {
        "token": f"token{next(numbers)}",
        "name": "screen.png",
        "file": "articles/none",
        "content_type": "image/png",
        "size": 10,
        "sha256": "0" * 64,
        "added_by": article.owner,
        "added_at": NINE,
    }
    return ArticleFile.objects.create(article=article, **defaults | fields)


def make_former_address(article: Article | None = None, **fields: Any) -> ArticleAddress:
    article = article or make_article()
    slug = fields.pop("slug", f"former-{next(numbers)}")
    return ArticleAddress.objects.create(article=article, slug=slug, left_at=NINE)


def make_vote(organisation: Organisation | None = None, **fields: Any) -> ArticleVote:
    person: Person = fields.pop("person", None) or make_contact(organisation)
    assert person.organisation is not None
    article = fields.pop("article", None) or make_article()
    defaults: dict[str, Any] = {"helped": False, "why": "It names no port", "at": NINE}
    return ArticleVote.objects.create(
        organisation=person.organisation, person=person, article=article, **defaults | fields
    )


def make_use(organisation: Organisation | None = None, **fields: Any) -> ArticleUse:
    article = fields.pop("article", None) or make_article()
    defaults: dict[str, Any] = {"incident_id": next(numbers), "by": article.owner, "at": NINE}
    return ArticleUse.objects.create(
        organisation=organisation or make_organisation(), article=article, **defaults | fields
    )


def make_deflection(organisation: Organisation | None = None, **fields: Any) -> Deflection:
    person: Person = fields.pop("person", None) or make_contact(organisation)
    assert person.organisation is not None
    defaults: dict[str, Any] = {"kind": "article", "subject_id": 1, "at": NINE}
    return Deflection.objects.create(
        organisation=person.organisation, person=person, **defaults | fields
    )


def make_missed(**fields: Any) -> MissedSearch:
    defaults = {"words": f"words {next(numbers)}", "first_at": NINE, "last_at": NINE}
    return MissedSearch.objects.create(**defaults | fields)


def make_newsletter(**fields: Any) -> Newsletter:
    number = next(numbers)
    defaults = {"name": f"News {number}", "slug": f"news-{number}", "what": "What is new"}
    return Newsletter.objects.create(**defaults | fields)


def _delivered(slug: str) -> Newsletter:
    """One that a migration makes; a test that really commits is cleaned up by emptying all."""
    named = {"name": slug.capitalize(), "what": slug, "is_advisory": slug == "advisories"}
    return Newsletter.objects.get_or_create(slug=slug, defaults=named)[0]


def make_issue(newsletter: Newsletter | None = None, **fields: Any) -> NewsletterIssue:
    """In the archive, and sent, unless its `state` says otherwise."""
    newsletter = newsletter or make_newsletter()
    body = fields.setdefault("body", "The new release is there.")
    is_unsent = fields.get("state") in (IssueState.DRAFT, IssueState.READY)
    defaults: dict[str, Any] = {
        "state": IssueState.SENT,
        "subject": "Release 10.6.2",
        "html": f"<p>{body}</p>",
        "audience": Audience.EVERYBODY,
        "written_by": fields.pop("written_by", None) or make_engineer(),
        "written_at": NINE,
        "send_at": None if fields.get("state") == IssueState.DRAFT else NINE,
    }
    if not is_unsent:
        defaults |= {"number": newsletter.issues.count() + 1, "started_at": NINE}
        defaults |= {"gathered_at": NINE, "sent_at": NINE}
    return NewsletterIssue.objects.create(newsletter=newsletter, **defaults | fields)


def make_advisory(**fields: Any) -> NewsletterIssue:
    """An issue of the advisories that the desk comes with."""
    newsletter = _delivered("advisories")
    defaults = {
        "subject": "Mails of a certain form stop IMAP",
        "severity": "high",
        "affected": ["10.5.0 to 10.6.1"],
        "fixed_in": "10.6.2",
    }
    return make_issue(newsletter, **defaults | fields)


def make_news_choice(organisation: Organisation | None = None, **fields: Any) -> NewsletterChoice:
    person: Person = fields.pop("person", None) or make_contact(organisation)
    newsletter = fields.pop("newsletter", None) or _delivered("tips")
    assert person.organisation is not None
    defaults: dict[str, Any] = {"wants": False, "how": "page", "at": NINE}
    return NewsletterChoice.objects.create(
        organisation=person.organisation, person=person, newsletter=newsletter, **defaults | fields
    )


def make_outside_reader(**fields: Any) -> OutsideReader:
    newsletter = fields.pop("newsletter", None) or _delivered("tips")
    number = next(numbers)
    defaults = {"address": f"o{number}@elsewhere.example", "asked_at": NINE, "confirmed_at": NINE}
    return OutsideReader.objects.create(newsletter=newsletter, **defaults | fields)


def make_reach(organisation: Organisation | None = None, **fields: Any) -> AdvisoryReach:
    """An advisory concerns the organisation, and nobody there has read it."""
    defaults: dict[str, Any] = {"is_certain": True, "versions": ["10.6.1"], "made_at": NINE}
    issue = fields.pop("issue", None) or make_advisory()
    return AdvisoryReach.objects.create(
        organisation=organisation or make_organisation(), issue=issue, **defaults | fields
    )
