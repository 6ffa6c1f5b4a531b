"""What the online resources count, measure and let be found (`core.registries`)."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Person
from core.registries import Badge, MeasuredSweep, add_badge, add_resource_page, measure
from core.retention import Kept, keep
from core.search.sources import add_source
from entitlements.enums import Resource
from notices.readers import keep_to_one_customer
from notices.sending.threads import answer_notices_about, fill_notices
from resources import policies
from resources.actions.newsletters.subscribing import forget_unconfirmed
from resources.models import (
    ArticleVersion,
    BetaFeedback,
    ForumNews,
    NewsletterIssue,
    OutsideReader,
    Post,
    Release,
)
from resources.querysets.articles import TO_PUBLISH
from resources.querysets.beta import UNDECIDED
from resources.querysets.forum import TO_TELL as FORUM_TO_TELL
from resources.querysets.newsletters import NOT_CONFIRMED, TO_WORK_OFF
from resources.querysets.releases import RELEASE_TO_PUBLISH
from resources.reads import defects
from resources.reads.articles.desk import in_review
from resources.reads.articles.source import SOURCE
from resources.reads.forum import mail as forum_mail
from resources.reads.forum import source as forum
from resources.reads.forum.desk import to_moderate
from resources.reads.manuals import source as manuals
from resources.reads.newsletters import mail
from resources.reads.releases import source as releases


def register() -> None:
    """Safe to repeat."""
    add_source(SOURCE)
    add_source(releases.SOURCE)
    add_source(manuals.SOURCE)
    add_source(defects.SOURCE)
    add_source(forum.SOURCE)
    add_resource_page(Resource.KNOWLEDGE_BASE, "resources:help")
    add_resource_page(Resource.DOCUMENTATION, "resources:documentation")
    add_resource_page(Resource.BETA, "resources:beta")
    add_badge(Badge("articles", _to_review))
    add_badge(Badge("forum", _to_moderate))
    add_resource_page(Resource.FORUM, "resources:forum")
    add_badge(Badge("beta", _to_decide))
    add_resource_page(Resource.NEWSLETTER, "resources:newsletters")
    answer_notices_about(NewsletterIssue._meta.label_lower, mail.headers_of)
    answer_notices_about(Post._meta.label_lower, forum_mail.headers_of)
    keep_to_one_customer(Post._meta.label_lower, forum_mail.readable)
    for kind in forum_mail.KINDS:
        fill_notices(kind, forum_mail.facts_of)
    fill_notices("newsletter_issue", mail.facts_of)
    fill_notices("security_advisory", mail.facts_of)
    keep(
        Kept(
            "newsletter.unconfirmed",
            "KEEP_UNCONFIRMED_READERS_DAYS",
            "Addresses that asked for a newsletter and did not confirm",
            "The address. Whoever wants the newsletter asks again.",
            rows=lambda before: OutsideReader.objects.filter(NOT_CONFIRMED, asked_at__lt=before),
            moment="asked_at",
            forget=lambda keys, at: forget_unconfirmed(keys, at=at),
        )
    )
    measure(
        MeasuredSweep(
            "newsletters",
            "Newsletters",
            "Issues that are to be sent, and not all gathered yet",
            rows=lambda: NewsletterIssue.objects.filter(TO_WORK_OFF, gathered_at=None),
            moment="send_at",
        ),
        MeasuredSweep(
            "forum",
            "Forum",
            "Posts of the forum that nobody was told of yet",
            rows=lambda: ForumNews.objects.filter(FORUM_TO_TELL),
            moment="at",
        ),
        MeasuredSweep(
            "articles",
            "Articles",
            "Articles whose moment to be published has come",
            rows=lambda: ArticleVersion.objects.filter(TO_PUBLISH),
            moment="publish_at",
        ),
        MeasuredSweep(
            "releases",
            "Releases",
            "Releases whose moment to be published has come",
            rows=lambda: Release.objects.filter(RELEASE_TO_PUBLISH),
            moment="publish_at",
        ),
    )


def _to_decide(person: Person) -> QuerySet[BetaFeedback] | None:
    """What members of betas said, and nobody decided about yet."""
    if not policies.may_judge_feedback(person):
        return None
    return BetaFeedback.objects.visible_to(person).filter(UNDECIDED)


def _to_review(person: Person) -> QuerySet[ArticleVersion] | None:
    """What this person may publish of what waits for review."""
    if not policies.may_keep_shelves(person):
        return None
    waits = in_review()
    return waits if person.is_manager else waits.exclude(written_by=person)


def _to_moderate(person: Person) -> QuerySet[Post] | None:
    """First posts that wait, and posts that readers reported."""
    return to_moderate() if policies.may_moderate(person) else None
