from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from entitlements.querysets import OwnedQuerySet
from resources.enums import IssueState
from resources.querysets.articles import read_by

if TYPE_CHECKING:
    from resources.models import AdvisoryReach, NewsletterIssue  # noqa: F401 -- quoted below
    from resources.rules.readers import Reader

# Issues that are to be gathered and sent; the index of the sweep is built on the same.
TO_WORK_OFF = Q(state__in=(IssueState.READY, IssueState.SENDING))
# What an organisation still has to look at.
UNREAD = Q(read_at=None, spared_at=None)
# Strangers who asked, and did not confirm.
NOT_CONFIRMED = Q(confirmed_at=None)


class NewsletterIssueQuerySet(models.QuerySet["NewsletterIssue"]):
    def visible_to(self, reader: Reader) -> Self:
        """The issues of the archive that `reader` may read: nothing before its sending began."""
        return self.filter(started_at__isnull=False).filter(read_by(reader))

    def for_list(self) -> Self:
        return self.select_related("newsletter").order_by("-started_at", "-pk")

    def for_desk(self) -> Self:
        """All of them, what changed last first."""
        return self.select_related("newsletter", "written_by").order_by("-pk")

    def to_work_off(self, at: datetime) -> Self:
        """Those that are due or being sent, the oldest first."""
        return self.filter(TO_WORK_OFF, send_at__lte=at).order_by("send_at", "pk")


class AdvisoryReachQuerySet(OwnedQuerySet["AdvisoryReach"]):
    def unread(self) -> Self:
        """What nobody there has read yet, the newest first, without the issues' texts."""
        found = self.filter(UNREAD).select_related("issue__newsletter")
        return found.defer("issue__body", "issue__html").order_by("-pk")
