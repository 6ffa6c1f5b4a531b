"""How the mail of an issue reads: the same text for all, and a key to leave for each alone.

Neither stands in the outbox: 20,000 rows would hold the text 20,000 times, and the key is a key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings

from core.markdown import render
from notices.models import Notice
from resources.models import AdvisoryReach, NewsletterIssue
from resources.reads.newsletters.tokens import leave_url


def headers_of(notices: Collection[Notice]) -> dict[int, dict[str, str]]:
    """By which a mail program offers to leave, with one click (RFC 8058), and sorts it."""
    return {one.pk: _headers(one) for one in notices}


def _headers(notice: Notice) -> dict[str, str]:
    issue = _issue_of(notice)
    if issue is None:
        return {}
    return {
        "List-Unsubscribe": f"<{_leave_url(notice, issue)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"{issue.newsletter.slug} <{issue.newsletter.slug}.news.{settings.MAIL_DOMAIN}>",
    }


def facts_of(notice: Notice) -> Mapping[str, Any]:
    issue = _issue_of(notice)
    if issue is None:
        return {}
    facts: dict[str, Any] = {
        "subject": issue.subject,
        "body": issue.body,
        "body_html": _as_html(issue.body),
        "newsletter": issue.newsletter.name,
        "url": f"{settings.SITE_URL}{issue.get_absolute_url()}",
        "leave_url": _leave_url(notice, issue),
    }
    if issue.newsletter.is_advisory:
        facts |= {
            "severity": issue.get_severity_display(),
            "affected": ", ".join(issue.affected),
            "fixed_in": issue.fixed_in,
            "reason": _reason(notice, issue),
        }
    return facts


@lru_cache(maxsize=8)
def _as_html(body: str) -> str:
    """Once for all readers: it takes as long as the rest of a mail."""
    return render(body)


def _issue_of(notice: Notice) -> NewsletterIssue | None:
    """Once for a mail: its headers and its words both ask."""
    known = notice.__dict__.get("_newsletter_issue")
    if known is None:
        pk = notice.subject.partition(":")[2]
        issues = NewsletterIssue.objects.select_related("newsletter")
        known = issues.filter(pk=pk).first() if pk.isdigit() else None
        notice.__dict__["_newsletter_issue"] = known
    found: NewsletterIssue | None = known
    return found


def _leave_url(notice: Notice, issue: NewsletterIssue) -> str:
    if notice.to_id is not None:
        kind = "t" if "test" in notice.context else "p"
        return leave_url(kind, notice.to_id, issue.newsletter_id)
    return leave_url("o", int(notice.context.get("reader", 0)), issue.newsletter_id)


def _reason(notice: Notice, issue: NewsletterIssue) -> str:
    """Why this one gets it: what their organisation runs, or that we do not know."""
    if notice.organisation_id is None:
        return ""
    reach = AdvisoryReach.objects.filter(organisation=notice.organisation_id, issue=issue).first()
    return reason_of(reach) if reach is not None else ""


def reason_of(reach: AdvisoryReach) -> str:
    """In a sentence, for mail and page."""
    if reach.is_certain:
        return f"You run {' and '.join(reach.versions)}, which this is about."
    return "We do not know which version you run, so please look whether this concerns you."
