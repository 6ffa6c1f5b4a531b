"""Feeds of what everybody may read: never more, since whoever has the address reads them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from core.reading import one_or_404
from resources.models import Article, Category, Newsletter, NewsletterIssue
from resources.rules.readers import STRANGER

MOST = 30


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The articles that changed last."""
    return _feed("Knowledge base", reverse("resources:help"), None)


@require_safe
def topic_feed(request: HttpRequest, topic: str) -> HttpResponse:
    """Those of one shelf that holds anything for everybody; else 404."""
    shelves = Category.objects.with_counts(STRANGER)
    category = one_or_404(shelves, slug=topic)
    return _feed(category.name, category.get_absolute_url(), category)


def _feed(title: str, address: str, category: Category | None) -> HttpResponse:
    rows = Article.objects.visible_to(STRANGER).select_related("live")
    if category is not None:
        rows = rows.filter(live__category=category)
    made = Atom1Feed(
        title=f"{settings.VENDOR['name']}: {title}",
        link=f"{settings.SITE_URL}{address}",
        description="",
        language="en",
    )
    for one in rows.order_by("-changed_at", "-pk")[:MOST]:
        assert one.live is not None
        made.add_item(
            title=one.live.title,
            link=f"{settings.SITE_URL}{one.get_absolute_url()}",
            description=one.live.summary,
            unique_id=f"{settings.SITE_URL}{reverse('resources:permalink', args=[one.pk])}",
            pubdate=one.published_at,
            updateddate=one.changed_at or timezone.now(),
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml")


@require_safe
def newsletters(request: HttpRequest) -> HttpResponse:
    """The issues of all newsletters that everybody may read."""
    return _issues("Newsletters", reverse("resources:newsletters"), None)


@require_safe
def newsletter(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of one: of advisories alone, so that a ticket can be opened for each by itself."""
    found = one_or_404(Newsletter.objects.all(), slug=slug)
    return _issues(found.name, found.get_absolute_url(), found)


def _issues(title: str, address: str, newsletter: Newsletter | None) -> HttpResponse:
    rows = NewsletterIssue.objects.visible_to(STRANGER)
    if newsletter is not None:
        rows = rows.filter(newsletter=newsletter)
    made = Atom1Feed(
        title=f"{settings.VENDOR['name']}: {title}",
        link=f"{settings.SITE_URL}{address}",
        description="",
        language="en",
    )
    for one in rows.for_list()[:MOST]:
        url = f"{settings.SITE_URL}{one.get_absolute_url()}"
        made.add_item(
            title=one.subject,
            link=url,
            description=one.summary,
            unique_id=url,
            pubdate=one.started_at,
            updateddate=one.started_at,
            categories=[one.newsletter.name, *filter(None, [one.get_severity_display()])],
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml")
