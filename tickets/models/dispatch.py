"""Who can be given which incidents, and who was given one, and why."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tickets.models.incidents import Incident
from tickets.models.targets import ResponseTarget
from tickets.querysets import (
    OWED_REDISPATCH,
    TO_BE_TAKEN,
    DispatchQuerySet,
    DispatchRulesQuerySet,
    OwedRedispatchQuerySet,
)
from tickets.rules.dispatch.settings import MOST_ENGINEERS, DispatchRules

ORGANISATION = "accounts.Organisation"


class EngineerProfile(models.Model):
    """What dispatch knows of an engineer. Who has none is a level 1 CSE of any service."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="engineer_profile"
    )
    capacity = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Unfinished incidents they may own before they are passed by."
        " Empty: as the rules of dispatch say.",
    )
    is_level_2 = models.BooleanField(
        "level 2 CSE", default=False, help_text="Comes first for levels that level 2 supplies"
    )
    services = models.ManyToManyField(
        "entitlements.Service",
        blank=True,
        related_name="+",
        help_text="What they know. None in particular means all of them.",
    )
    languages = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        help_text="Further languages they work in, besides their own and English",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="profile_has_some_capacity")
        ]

    def __str__(self) -> str:
        return f"profile of {self.person_id}"


class DispatchRulesVersion(models.Model):
    """The rules of dispatch from some moment on. An edit makes a new version.

    Of the versions that have begun the highest counts; before the first one the desk does as it
    was delivered. So a later version takes back an earlier one that has not begun.
    """

    version = models.PositiveIntegerField(unique=True)
    take_within = models.PositiveSmallIntegerField(help_text="Percent of the response time")
    most_tries = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField()
    wishes = ArrayField(models.CharField(max_length=10))
    order = ArrayField(models.CharField(max_length=10))
    reason = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DispatchRulesQuerySet.as_manager()

    class Meta:
        verbose_name = "version of the rules of dispatch"
        verbose_name_plural = "versions of the rules of dispatch"
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(take_within__gte=1, take_within__lte=99),
                name="dispatch_rules_take_within_the_target",
            ),
            models.CheckConstraint(
                condition=Q(most_tries__gte=1, most_tries__lte=MOST_ENGINEERS),
                name="dispatch_rules_some_tries",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="dispatch_rules_some_room"),
            models.CheckConstraint(
                condition=Q(starts_at__gte=F("made_at")), name="dispatch_rules_never_before_made"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(order=[]), name="dispatch_rules_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"rules of dispatch, version {self.version}"

    @property
    def rules(self) -> DispatchRules:
        return DispatchRules(
            take_within=self.take_within,
            most_tries=self.most_tries,
            capacity=self.capacity,
            wishes=tuple(self.wishes),
            order=tuple(self.order),
        )


class Dispatch(models.Model):
    """One decision to whom an incident goes, with everybody who was considered.

    `considered` holds `rules.dispatch.Considered` as objects, the chosen one first. `take_by` is
    the moment by which the engineer must have taken it, else it goes to another; `settled_at`
    says that nobody needs to look any more. `rules` decided; without, those of the delivery.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="dispatches")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    considered = models.JSONField(default=list)
    rules = models.ForeignKey(
        DispatchRulesVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # versions are never deleted, nor is this table asked by them
    )
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    take_by = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["take_by"], condition=TO_BE_TAKEN, name="dispatch_to_be_taken")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} to {self.to_id}"


class OwedRedispatch(models.Model):
    """A policy of alarms wants an incident given to another engineer (X3); a sweep does it.

    `owner` had it when the alarm was sounded, with `reason` as the journal tells it. Nothing is
    done when the target was answered or the incident changed hands before `settled_at`.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    target = models.ForeignKey(ResponseTarget, models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    owed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OwedRedispatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "owed redispatches"
        ordering = ["owed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target"], condition=OWED_REDISPATCH, name="redispatch_owed_once"
            )
        ]
        indexes = [
            models.Index(fields=["owed_at"], condition=OWED_REDISPATCH, name="redispatch_owed")
        ]

    def __str__(self) -> str:
        return f"target {self.target_id} to another than {self.owner_id}"
