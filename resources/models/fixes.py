"""News of fixes: what is owed to everybody whose incidents come from a known defect."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from resources.enums import NewsOfFix
from resources.models.defects import Defect
from resources.models.releases import Release
from resources.querysets.fixes import TO_TELL, FixNewsQuerySet


class FixNews(models.Model):
    """A release fixes these defects, or does so no more: who is concerned is told once (FX2).

    Written in the transaction of the fact. `told_to` is the last organisation whose people were
    told, by key; `told_at` the moment at which all were. `incidents` and `people` count them.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="news")
    kind = models.CharField(max_length=10, choices=NewsOfFix.choices)
    defects = models.ManyToManyField(Defect, related_name="news")
    reason = models.CharField(max_length=500, blank=True, help_text="The customer reads it")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    told_to = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    incidents = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)

    objects = FixNewsQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "news of fixes"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NewsOfFix.values), name="fix_news_of_a_kind"
            )
        ]
        indexes = [models.Index(fields=["at", "id"], condition=TO_TELL, name="fix_news_to_tell")]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.kind}"
