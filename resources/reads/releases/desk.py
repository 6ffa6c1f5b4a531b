"""The desk's list of releases."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from resources.models import Release

TABS = (
    ("", "All"),
    ("drafts", "Drafts"),
    ("waiting", "Will be published"),
    ("published", "Published"),
    ("withdrawn", "Withdrawn"),
)
_OF_TAB = {
    "drafts": Q(published_at=None, publish_at=None),
    "waiting": Q(published_at=None, publish_at__isnull=False),
    "published": Q(published_at__isnull=False, withdrawn_at=None),
    "withdrawn": Q(withdrawn_at__isnull=False),
}


def releases_for_desk(tab: str, words: str) -> QuerySet[Release]:
    """Those of the tab, the highest version first; `words` narrow by the version's beginning."""
    found = Release.objects.for_desk().filter(_OF_TAB.get(tab, Q()))
    if words:
        found = found.filter(version__istartswith=words)
    return found.order_by("-place", "edition")
