"""Answers that are written once and used often, with what else is done then."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tickets.enums import MeantFor, Priority, State, Tier
from tickets.querysets import CannedAnswerQuerySet


class CannedAnswer(models.Model):
    """A text with placeholders (`tickets.rules.canned`), and what is done when it is sent.

    It is `owner`'s own, a `tier`'s, or everybody's. Without services it fits each, so with levels.
    """

    title = models.CharField(max_length=120)
    text = models.TextField()
    meant_for = models.CharField(max_length=10, choices=MeantFor.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, null=True, blank=True)
    services = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    levels = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    then = models.CharField(max_length=10, choices=State.choices, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, null=True, blank=True)
    takes = models.BooleanField(default=False, help_text="Whoever sends it becomes the owner")
    tags = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="What it adds and takes off: webmail -unclear",
    )
    is_for_limits = models.BooleanField(
        default=False,
        db_default=False,
        help_text="What the customer reads where an incident is outside the limits",
    )
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = CannedAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="canned_has_words"),
            models.CheckConstraint(
                condition=Q(meant_for=MeantFor.ME, owner__isnull=False, tier=None)
                | Q(meant_for=MeantFor.TEAM, owner=None, tier__isnull=False)
                | Q(meant_for=MeantFor.ALL, owner=None, tier=None),
                name="canned_is_of_one_a_team_or_all",
            ),
            models.CheckConstraint(
                condition=Q(then__in=("", State.OPEN, State.WAITING, State.SOLVED)),
                name="canned_leaves_an_answer_s_state",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def acts(self) -> bool:
        """Whether it does more than its text and the state, which the form says itself."""
        return self.priority is not None or self.takes or bool(self.tags)
