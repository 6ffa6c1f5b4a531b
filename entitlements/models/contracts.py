"""What was sold: licences, subscriptions, GoLive projects, technical contracts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from entitlements.enums import SUBSCRIBED_LEVELS, ClaimState, Edition
from entitlements.levels import subscribed_choices
from entitlements.models.money import MONEY
from entitlements.querysets import (
    CHECK_OWED,
    COUNTING,
    HELD,
    NOT_APPLIED,
    NOT_PROPOSED,
    NOT_TAKEN_UP,
    STANDING,
    WAITING,
    LicenceQuerySet,
    OwnedQuerySet,
    SubscriptionQuerySet,
)


class Licence(models.Model):
    """A registered product of an organisation.

    A licence that was transferred leaves this row behind as the history of its former owner
    (`transferred_at`), and goes on as a new row of the new one (`predecessor`, which only an
    unrestricted transaction can read).

    What a customer registers is a claim (`claimed_at`, K1): nothing is promised on it before
    `confirmed_at`, and one that is declined is not the organisation's any more. What staff
    register is no claim, and counts. A key counts in one row; any number may claim it. `check_at`
    is when the vendor's check is asked next, `check_said` what it said, for staff. `taken_up_at`
    says that the reports of before were looked at; who does that is above this app.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="licences"
    )
    key = models.CharField(max_length=60)
    product = models.CharField(max_length=120, default="AXIGEN Mail Server")
    edition = models.CharField(max_length=20, choices=Edition.choices)
    registered_on = models.DateField(help_text="In the organisation's time zone")
    price = models.DecimalField(**MONEY, default=Decimal(0))
    currency = models.CharField(max_length=3, default="EUR")
    made_at = models.DateTimeField()
    transferred_at = models.DateTimeField(null=True, blank=True)
    predecessor = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="successor"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody where the vendor's check did",
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_for = models.CharField(max_length=300, blank=True, help_text="The customer reads it")
    check_at = models.DateTimeField(null=True, blank=True)
    check_tries = models.PositiveSmallIntegerField(default=0)
    check_said = models.CharField(max_length=200, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        indexes = [
            models.Index(fields=["registered_on"], condition=COUNTING, name="licence_registered"),
            models.Index(fields=["claimed_at"], condition=WAITING, name="licence_waiting"),
            models.Index(fields=["check_at"], condition=CHECK_OWED, name="licence_check_owed"),
            models.Index(
                fields=["confirmed_at"], condition=NOT_TAKEN_UP, name="licence_to_take_up"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=COUNTING, name="licence_key_once"),
            models.UniqueConstraint(
                fields=["organisation", "key"], condition=HELD, name="licence_claimed_once"
            ),
            models.CheckConstraint(
                condition=Q(claimed_at__isnull=False)
                | Q(confirmed_at=None, declined_at=None, check_at=None),
                name="licence_only_claims_are_decided",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(declined_at=None),
                name="licence_confirmed_or_declined",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="licence_price_not_negative"),
            models.CheckConstraint(
                condition=Q(edition__in=Edition.values), name="licence_known_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.get_edition_display()} ({self.key})"

    def held_at(self, at: datetime) -> bool:
        """Whether it was its organisation's at `at`: not transferred by then, and not declined."""
        gone = self.transferred_at is not None and self.transferred_at <= at
        return not gone and self.declined_at is None

    @property
    def counts(self) -> bool:
        """Whether anything can be promised on it by now (K1)."""
        return self.claimed_at is None or self.confirmed_at is not None

    def counted_at(self, at: datetime) -> bool:
        """The same at `at`: what was confirmed later did not count then."""
        return self.counts and (self.confirmed_at is None or self.confirmed_at <= at)

    @property
    def state(self) -> ClaimState:
        """Where the registration stands, for lists and the API."""
        if self.declined_at is not None:
            return ClaimState.DECLINED
        return ClaimState.CONFIRMED if self.counts else ClaimState.WAITING

    def get_state_label(self) -> str:
        return str(self.state.label).lower()

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to confirm or decline it."""
        return self.transferred_at is None and self.state == ClaimState.WAITING


class Subscription(models.Model):
    """A paid level for a licence, from its first day to the day after its last (E1).

    Days are those of the organisation's time zone. Two of one level for one licence never
    overlap: the database excludes it. One that was sold by mistake or cancelled before its first
    day is void: kept, and never counted. `applied_at` says that the clocks which run for its
    licence have been looked at since it took effect (R6); who does that is above this app.
    `proposed_at` is when its renewal was proposed (RN1).
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="subscriptions"
    )
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="subscriptions")
    level = models.CharField(max_length=10, choices=subscribed_choices)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The first day that is no longer covered")
    price = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3, default="EUR")
    bought_at = models.DateTimeField()
    bought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        indexes = [
            models.Index(
                fields=["starts_on"], condition=NOT_APPLIED, name="subscription_unapplied"
            ),
            models.Index(fields=["ends_on"], condition=STANDING, name="subscription_ending"),
            models.Index(
                fields=["ends_on"], condition=NOT_PROPOSED, name="subscription_unproposed"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="subscription_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(level__in=SUBSCRIBED_LEVELS), name="subscription_known_level"
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0), name="subscription_price_not_negative"
            ),
            ExclusionConstraint(
                name="subscription_no_overlap",
                condition=STANDING,
                expressions=[
                    ("licence", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.starts_on} to {self.ends_on - timedelta(days=1)}"

    def runs_on(self, day: date) -> bool:
        """Whether it counts on `day`, a day of the organisation's time zone."""
        return self.void_at is None and self.starts_on <= day < self.ends_on


class GoLiveProject(models.Model):
    """The window in which a project's incidents have the GoLive level (R2)."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="golive_projects"
    )
    name = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The first day that is no longer covered")
    made_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="golive_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TechnicalContract(models.Model):
    """The special technical contract that on-site support needs, at any level (rule 10)."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="technical_contracts"
    )
    reference = models.CharField(max_length=80, help_text="As on the signed paper")
    subject = models.CharField(max_length=200, help_text="What the visits are for")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The first day that is no longer covered")
    days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days of visits that it includes; empty: no limit"
    )
    made_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="technical_contract_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.reference
