from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

from accounts.querysets import IsOneOf
from resources.enums import Audience, VersionState

if TYPE_CHECKING:
    from resources.models import (  # noqa: F401 -- quoted below
        Article,
        ArticleFile,
        ArticleVersion,
        Category,
    )
    from resources.rules.readers import Reader

# Versions that will be published by themselves; the index of the sweep is built on the same.
TO_PUBLISH = Q(state=VersionState.READY)


def read_by(reader: Reader, prefix: str = "") -> Q:
    """What this reader may read, of rows with `audience` and `levels` behind `prefix`."""
    if reader.is_staff:
        return Q()
    may = Q(**{f"{prefix}audience": Audience.EVERYBODY})
    if reader.is_registered:
        may |= Q(**{f"{prefix}audience": Audience.REGISTERED})
    if reader.levels:
        may |= Q(
            **{
                f"{prefix}audience": Audience.LEVELS,
                f"{prefix}levels__overlap": sorted(reader.levels),
            }
        )
    return may


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, reader: Reader) -> Self:
        """The published articles that `reader` may read: the only door to them for readers."""
        return self.filter(live__isnull=False).filter(read_by(reader, "live__"))

    def for_list(self) -> Self:
        """Published ones, with what a row of a list shows."""
        return self.select_related("live__category").order_by("live__title", "pk")

    def for_desk(self) -> Self:
        """All of them, with what the desk's list shows."""
        return self.select_related("live__category", "owner")

    def to_check(self, today: date) -> Self:
        """Published, and not looked at since the day until which somebody vouched for them."""
        return self.filter(live__isnull=False, checked_until__lt=today)


class ArticleVersionQuerySet(models.QuerySet["ArticleVersion"]):
    def to_publish(self, at: datetime) -> Self:
        """Those whose moment has come, the oldest first."""
        return self.filter(TO_PUBLISH, publish_at__lte=at).order_by("publish_at", "pk")


class ArticleFileQuerySet(models.QuerySet["ArticleFile"]):
    def visible_to(self, reader: Reader) -> Self:
        """Files that a published article shows which `reader` may read; for staff all."""
        if reader.is_staff:
            return self
        shown = Q(IsOneOf("name", "article__live__files"))
        return self.filter(shown).filter(read_by(reader, "article__live__"))


class CategoryQuerySet(models.QuerySet["Category"]):
    def with_counts(self, reader: Reader) -> Self:
        """Those that hold an article for this reader, and how many."""
        mine = Q(versions__live_of__isnull=False) & read_by(reader, "versions__")
        counted = self.annotate(count=Count("versions", filter=mine)).filter(count__gt=0)
        return counted.order_by("position", "name")
