"""Telephone calls, and the numbers by which callers are known."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from telephone.enums import CallOutcome, Direction
from telephone.querysets import CallQuerySet, PhoneNumberQuerySet
from telephone.rules.phone import shown
from tickets.models.incidents import Incident

ORGANISATION = "accounts.Organisation"
E164 = r"^\+[1-9][0-9]{4,14}$"
DAY = 24 * 60  # minutes

check_e164 = RegexValidator(E164, "Write the number as +40215550100.")


class PhoneNumber(models.Model):
    """A number by which a caller is found: of a person, or of the organisation (its exchange).

    One that the calls taught us, besides what people wrote into their profiles. Several each;
    several people may share one.
    """

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="numbers"
    )
    number = models.CharField(max_length=16, validators=[check_e164], help_text="E.164")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = PhoneNumberQuerySet.as_manager()

    journal_name = "tickets.phonenumber"

    class Meta:
        db_table = "tickets_phonenumber"  # from when incidents, calls and mail were one app
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "number"],
                name="phone_number_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(number__regex=E164), name="phone_number_e164"),
        ]
        indexes = [models.Index(fields=["number"], name="phone_number_found")]

    def __str__(self) -> str:
        return self.number

    @property
    def shown(self) -> str:
        return shown(self.number)


class Call(models.Model):
    """A telephone call that an engineer logged: the evidence that a report by telephone needs (E2).

    On an incident, or an attempt at a call-back that reached nobody. `contact` is the customer's
    person, `number` theirs, "" when it was withheld. `answered`: they were told something that
    counts as an answer (C8), which stands as a message on the incident. `minutes` are the
    engineer's, for the report. Never changed.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="calls"
    )
    call_back = models.ForeignKey(
        "telephone.CallBack", models.PROTECT, null=True, blank=True, related_name="calls"
    )
    contact = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = models.CharField(max_length=16, blank=True, help_text="E.164")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    outcome = models.CharField(
        max_length=12, choices=CallOutcome.choices, default=CallOutcome.TALKED
    )
    minutes = models.PositiveSmallIntegerField(default=0)
    answered = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()

    objects = CallQuerySet.as_manager()

    journal_name = "tickets.call"

    class Meta:
        db_table = "tickets_call"  # from when incidents, calls and mail were one app
        ordering = ["-logged_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="call_known_direction"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=CallOutcome.values), name="call_known_outcome"
            ),
            models.CheckConstraint(
                condition=Q(number="") | Q(number__regex=E164), name="call_number_e164"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=0, minutes__lte=DAY), name="call_within_a_day"
            ),
            models.CheckConstraint(
                condition=Q(incident__isnull=False)
                | (Q(call_back__isnull=False) & ~Q(outcome=CallOutcome.TALKED)),
                name="call_about_something",
            ),
            models.CheckConstraint(
                condition=Q(answered=False) | Q(outcome=CallOutcome.TALKED),
                name="call_answered_by_talking",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "logged_at"], name="call_of_tenant")]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}, {self.minutes} min, {self.logged_at:%F %H:%M}"
