"""Writing issues, and keeping the newsletters themselves. Nothing here is read by customers yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.markdown import LONGEST, render_page
from core.text import clean_block, one_line
from resources import policies
from resources.enums import Audience, IssueState
from resources.errors import (
    IssueIncomplete,
    IssueOnItsWay,
    IssueTooLong,
    LevelsMissing,
    NewsletterIncomplete,
    NewsletterNamed,
    RangeUnusable,
    SeverityMissing,
    VersionsMissing,
)
from resources.models import Newsletter, NewsletterIssue
from resources.rules.addresses import counted_up, slug_of
from resources.rules.ranges import span_of


@dataclass(frozen=True)
class IssueDraft:
    """What an issue is to say, and to whom. The last four are an advisory's alone."""

    newsletter: Newsletter
    subject: str
    body: str
    summary: str = ""
    audience: str = Audience.EVERYBODY
    levels: Sequence[str] = ()
    severity: str = ""
    products: Sequence[str] = ()
    affected: Sequence[str] = ()
    fixed_in: str = ""


@transaction.atomic
def save_issue(
    draft: IssueDraft, *, by: Person, at: datetime, issue: NewsletterIssue | None = None
) -> NewsletterIssue:
    """A new issue, or `issue` as it is to be; one that waited for its moment is a draft again.

    Errors: `NotAllowed`, `IssueOnItsWay`, and what is missing or unreadable in it.
    """
    if not policies.may_write_news(by):
        raise NotAllowed()
    _check(draft)
    one = held_unsent(issue) if issue is not None else NewsletterIssue()
    _fill(one, draft)
    one.state, one.send_at, one.sent_by = IssueState.DRAFT, None, None
    one.written_by, one.written_at = by, at
    one.save()
    record("newsletter.drafted", one, at=at, by=by, title=one.subject)
    return one


@transaction.atomic
def keep_newsletter(
    name: str,
    *,
    what: str,
    position: int,
    is_advisory: bool,
    comes_with_support: bool,
    by: Person,
    at: datetime,
    old: Newsletter | None = None,
) -> Newsletter:
    """A new one, or `old` under another name; its address stays, and whether it is for advisories.

    Errors: `NotAllowed`, `NewsletterIncomplete`, `NewsletterNamed`.
    """
    if not policies.may_send_news(by):
        raise NotAllowed()
    name, what = one_line(name)[:80], one_line(what)[:200]
    if not name or not what:
        raise NewsletterIncomplete()
    namesakes = Newsletter.objects.filter(name=name)
    if (namesakes.exclude(pk=old.pk) if old else namesakes).exists():
        raise NewsletterNamed(name=name)
    one = old or Newsletter(slug=_free_slug(name), is_advisory=is_advisory)
    one.name, one.what, one.position = name, what, position
    one.comes_with_support = comes_with_support
    one.save()
    record("newsletter.kept", one, at=at, by=by, name=name, comes_with_support=comes_with_support)
    return one


# Words that are pages of their own below `/newsletter/`.
_TAKEN = frozenset(
    {"choose", "subscribe", "confirm", "leave", "feed", "read", "versions", "asked", "confirmed"}
)


def _free_slug(name: str) -> str:
    slug, number = slug_of(name, "news"), 1
    free = slug
    while free in _TAKEN or Newsletter.objects.filter(slug=free).exists():
        number += 1
        free = counted_up(slug, number)
    return free


def held_unsent(issue: NewsletterIssue) -> NewsletterIssue:
    """The issue, locked. Raises `IssueOnItsWay` for one whose sending began."""
    rows = NewsletterIssue.objects.select_for_update(of=("self",)).select_related("newsletter")
    found = rows.get(pk=issue.pk)
    if not found.is_unsent:
        raise IssueOnItsWay(state=str(found.get_state_display()).lower())
    return found


def _check(draft: IssueDraft) -> None:
    if not one_line(draft.subject) or not clean_block(draft.body):
        raise IssueIncomplete()
    if len(draft.body) > LONGEST:
        raise IssueTooLong(count=f"{len(draft.body):,}", most=f"{LONGEST:,}")
    if draft.audience == Audience.LEVELS and not draft.levels:
        raise LevelsMissing()
    if draft.newsletter.is_advisory:
        _check_advisory(draft)


def _check_advisory(draft: IssueDraft) -> None:
    if not draft.severity:
        raise SeverityMissing()
    if not draft.affected:
        raise VersionsMissing()
    for one in draft.affected:
        if span_of(one) is None:
            raise RangeUnusable(range=one[:60])


def _fill(issue: NewsletterIssue, draft: IssueDraft) -> None:
    issue.newsletter, issue.subject = draft.newsletter, one_line(draft.subject)[:150]
    issue.summary, issue.body = one_line(draft.summary)[:300], clean_block(draft.body)
    issue.html = render_page(issue.body, {}).html
    issue.audience = draft.audience
    issue.levels = list(draft.levels) if draft.audience == Audience.LEVELS else []
    is_advisory = draft.newsletter.is_advisory
    issue.severity = draft.severity if is_advisory else ""
    issue.products = [one_line(one)[:120] for one in draft.products] if is_advisory else []
    issue.affected = [" ".join(one.split())[:60] for one in draft.affected] if is_advisory else []
    issue.fixed_in = one_line(draft.fixed_in)[:60] if is_advisory else ""
