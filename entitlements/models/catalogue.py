"""What is promised: services, calendars and levels, versioned (R4)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from entitlements.channels import channel_choices
from entitlements.enums import Level
from entitlements.levels import level_choices


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
    of `overrides` are ISO dates in `timezone`. `holiday_names` has the names of those holidays
    that have one, by date: only words, nothing is computed from them.
    """

    calendar = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=60)
    hours = models.JSONField(default=dict)
    holidays = models.JSONField(default=list, blank=True)
    holiday_names = models.JSONField(default=dict, blank=True)
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

    level = models.CharField(max_length=10, choices=level_choices)
    version = models.PositiveIntegerField()
    response_time = models.DurationField(help_text="Maximum, counted on the calendar")
    calendar = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="+")
    channels = ArrayField(models.CharField(max_length=10, choices=channel_choices))
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
