from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

from entitlements.querysets import OwnedQuerySet

if TYPE_CHECKING:
    from resources.models import (  # noqa: F401 -- quoted below
        Download,
        Release,
        ReleaseFile,
    )
    from resources.rules.readers import Reader

# Releases that will be published by themselves; the index of the sweep is built on the same.
RELEASE_TO_PUBLISH = Q(published_at=None, publish_at__isnull=False)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, reader: Reader) -> Self:
        """Those that `reader` may know of; whether a licence gets one is for `rules.downloads`.

        Beta builds are none of them: members come to them by `builds` (BT3).
        """
        if reader.is_staff:
            return self
        return self.published() if reader.is_registered else self.none()

    def published(self) -> Self:
        """Without beta builds, which are no releases to customers."""
        return self.filter(published_at__isnull=False, programme=None)

    def builds(self) -> Self:
        """Beta builds that are out, the highest version first."""
        out = self.filter(published_at__isnull=False, programme__isnull=False)
        return out.order_by("-place", "pk")

    def with_files(self) -> Self:
        """With what a page shows of each: files, and what it fixes."""
        return self.prefetch_related("files", "fixes__defect")

    def for_desk(self) -> Self:
        """All of them, newest first, with what the desk's list shows."""
        counted = self.annotate(file_count=Count("files", distinct=True))
        return counted.select_related("made_by").order_by("-made_at", "-pk")

    def to_publish(self, at: datetime) -> Self:
        """Those whose moment has come, the oldest first."""
        return self.filter(RELEASE_TO_PUBLISH, publish_at__lte=at).order_by("publish_at", "pk")


class ReleaseFileQuerySet(models.QuerySet["ReleaseFile"]):
    def visible_to(self, reader: Reader) -> Self:
        """The files of releases that `reader` may know of."""
        if reader.is_staff:
            return self
        published = self.filter(release__published_at__isnull=False, release__programme=None)
        return published if reader.is_registered else self.none()


class DownloadQuerySet(OwnedQuerySet["Download"]):
    def for_list(self) -> Self:
        """Newest first, with what a row shows."""
        return self.select_related("organisation", "licence", "file", "person")
