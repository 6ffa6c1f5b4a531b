from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from entitlements.enums import (
    SUBSCRIBED_LEVELS,
    Account,
    Channel,
    Edition,
    EntryKind,
    Level,
    RefundReason,
)
from entitlements.querysets import (
    WITH_BALANCE,
    IncidentPackQuerySet,
    LedgerEntryQuerySet,
    LicenceQuerySet,
    OwnedQuerySet,
)

MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


class Service(models.Model):
    """Something that a level may include, such as migration, and where its limits are (rule 14)."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    limits = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    reportable = models.BooleanField(default=True, help_text="Offered when an incident is filed")

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """Working hours as promised from some moment on. An edit makes a new version (R4, C4).

    `hours` maps "mon".."sun" to lists of ["HH:MM", "HH:MM"], half-open; `holidays` and the keys
    of `overrides` are ISO dates in `timezone`.
    """

    calendar = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=60)
    hours = models.JSONField(default=dict)
    holidays = models.JSONField(default=list, blank=True)
    overrides = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["calendar", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "version"], name="calendar_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} (version {self.version})"


class LevelVersion(models.Model):
    """A support level as the catalogue promised it from some moment on (R4)."""

    level = models.CharField(max_length=10, choices=Level.choices)
    version = models.PositiveIntegerField()
    response_time = models.DurationField(help_text="Maximum, counted on the calendar")
    calendar = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="+")
    channels = ArrayField(models.CharField(max_length=10, choices=Channel.choices))
    services = ArrayField(models.CharField(max_length=40))
    resources = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    round_the_clock = models.BooleanField(help_text="24 x 7 x 365 availability")
    maintenance = models.BooleanField(default=False)
    monthly_report = models.BooleanField(default=False)
    supplied_by = ArrayField(models.CharField(max_length=20), default=list)
    price_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="Of the licence price"
    )
    pack_prices = models.JSONField(default=dict, blank=True, help_text="Incidents to EUR")
    price_text = models.CharField(max_length=120, blank=True)
    first_year_free = models.BooleanField(default=False)
    evaluation_days = models.PositiveSmallIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["level", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["level", "version"], name="level_version_once"),
            models.CheckConstraint(
                condition=Q(response_time__gt=timedelta(0)), name="level_version_positive_time"
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="level_version_known_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} (version {self.version})"


class Licence(models.Model):
    """A registered product of an organisation."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="licences"
    )
    key = models.CharField(max_length=60, unique=True)
    product = models.CharField(max_length=120, default="AXIGEN Mail Server")
    edition = models.CharField(max_length=20, choices=Edition.choices)
    registered_on = models.DateField(help_text="In the organisation's time zone")
    price = models.DecimalField(**MONEY, default=Decimal(0))
    currency = models.CharField(max_length=3, default="EUR")
    made_at = models.DateTimeField()

    objects = LicenceQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="licence_price_not_negative"),
            models.CheckConstraint(
                condition=Q(edition__in=Edition.values), name="licence_known_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.get_edition_display()} ({self.key})"


class Subscription(models.Model):
    """A paid level for a licence, from its first day to the day after its last (E1).

    Days are those of the organisation's time zone. Two of one level for one licence never
    overlap: the database excludes it.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="subscriptions"
    )
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="subscriptions")
    level = models.CharField(
        max_length=10, choices=[(one.value, one.label) for one in SUBSCRIBED_LEVELS]
    )
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The first day that is no longer covered")
    price = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3, default="EUR")
    bought_at = models.DateTimeField()
    bought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
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
        return f"{self.get_level_display()} {self.starts_on} to {self.ends_on}"


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


class IncidentPack(models.Model):
    """N prepaid Gold incidents of a licence that has Premium. `available` is guarded (L2).

    Only `actions.packs` writes `available`, always with a ledger entry in the same transaction.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="incident_packs"
    )
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="incident_packs")
    quantity = models.PositiveIntegerField()
    available = models.IntegerField()
    purchased_at = models.DateTimeField()
    price = models.DecimalField(**MONEY, default=Decimal(0))
    currency = models.CharField(max_length=3, default="EUR")

    objects = IncidentPackQuerySet.as_manager()

    class Meta:
        ordering = ["purchased_at"]
        constraints = [
            models.CheckConstraint(condition=Q(available__gte=0), name="pack_never_negative"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pack_has_incidents"),
        ]
        indexes = [
            models.Index(fields=["licence"], condition=WITH_BALANCE, name="pack_with_balance")
        ]

    def __str__(self) -> str:
        return f"pack of {self.quantity} bought {self.purchased_at:%Y-%m-%d}"


class LedgerEntry(models.Model):
    """One movement of Gold incidents between two accounts. Append-only (L1)."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    pack = models.ForeignKey(IncidentPack, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    debit = models.CharField(max_length=10, choices=Account.choices)
    credit = models.CharField(max_length=10, choices=Account.choices)
    quantity = models.PositiveIntegerField()
    balance = models.PositiveIntegerField(help_text="Available in the pack after this entry")
    incident = models.ForeignKey(
        "tickets.Incident", models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    refund_reason = models.CharField(max_length=20, choices=RefundReason.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ledger_moves_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_two_accounts"),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(kind=EntryKind.CONSUME),
                name="ledger_one_consume_an_incident",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.REFUND) | Q(reverses__isnull=False),
                name="ledger_refund_reverses",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"

    @property
    def change(self) -> int:
        """By how many the entry changed what is available in the pack."""
        given = self.credit == Account.AVAILABLE, self.debit == Account.AVAILABLE
        return self.quantity * (given[0] - given[1])


class CoverageDecision(models.Model):
    """Which level serves a report, and why each other one does not (R2, R3). Never changed.

    `considered` is the ordered list of `rules.resolver`, `remedies` what would have covered it.
    Without a level the incident is not covered and carries no clock.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey(GoLiveProject, models.PROTECT, null=True, related_name="+")
    service = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    level = models.ForeignKey(LevelVersion, models.PROTECT, null=True, related_name="+")
    pack = models.ForeignKey(IncidentPack, models.PROTECT, null=True, related_name="+")
    covered_until_at = models.DateTimeField(null=True)
    gold_depleted = models.BooleanField(default=False)
    goodwill = models.BooleanField(default=False)
    considered = models.JSONField(default=list)
    remedies = models.JSONField(default=list)
    at = models.DateTimeField(help_text="When the server received the report (R1)")

    objects = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.level or 'not covered'} at {self.at:%F %T}"
