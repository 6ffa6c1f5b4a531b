"""One incident merged into another, and how it was, so that it can be undone (G1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tickets.enums import State
from tickets.models.incidents import Incident
from tickets.models.targets import ResponseTarget


class Merge(models.Model):
    """`source` is a duplicate of `into`, whose page shows the words of both.

    `ended` is the response target of the source that ended with it, `opened` the one that the
    other incident owes since, and owed nothing before. `joined` are the people (ids) who are
    notified of the other's answers since, `carried` the incidents (ids) that had been merged into
    the source and are merged into the other now. `state` and `solved_at` are the source's of
    before.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    source = models.ForeignKey(Incident, models.PROTECT, related_name="merges")
    into = models.ForeignKey(Incident, models.PROTECT, related_name="taken_in")
    state = models.CharField(max_length=10, choices=State.choices)
    solved_at = models.DateTimeField(null=True, blank=True)
    ended = models.ForeignKey(
        ResponseTarget, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened = models.ForeignKey(
        ResponseTarget, models.PROTECT, null=True, blank=True, related_name="+"
    )
    joined = models.JSONField(default=list)
    carried = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(undone_at=None), name="merge_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(source=F("into")), name="merge_of_two_incidents"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__gte=F("at"), undone_by__isnull=False),
                name="merge_undone_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.into_id}"
