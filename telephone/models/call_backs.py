"""Calls that customers asked for, and what became of them (rule 9)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from telephone.enums import AskedThrough, CallBackEnd, CallBackState
from telephone.models.calls import E164
from telephone.querysets import CALL_OWED, CALL_WATCHED, CallBackQuerySet
from telephone.rules.phone import region_of, shown
from tickets.models.incidents import Incident

ORGANISATION = "accounts.Organisation"


class CallBack(models.Model):
    """A call that is owed to one contact, at once or in a slot that they chose.

    Owed from `owed_at` (the moment of asking, or the slot's beginning) and promised by `due_at`: by
    then a first attempt is made. `called_at` is when that was. `next_at` orders the queue. Each
    attempt is a `Call` of its own. One engineer at a time holds it (`claimed_by`). `ended_at` and
    `end` close it, for good. `incident` is what it is about, or the one that it became.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    contact = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    through = models.CharField(max_length=8, choices=AskedThrough.choices)
    number = models.CharField(max_length=16, help_text="E.164")
    extension = models.CharField(max_length=20, blank=True)
    topic = models.CharField(max_length=500, blank=True)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="call_backs"
    )
    asked_at = models.DateTimeField()
    slot_at = models.DateTimeField(null=True, blank=True)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=10, choices=CallBackEnd.choices, blank=True)
    late_noted_at = models.DateTimeField(null=True, blank=True)

    objects = CallBackQuerySet.as_manager()

    journal_name = "tickets.callback"

    class Meta:
        db_table = "tickets_callback"  # from when incidents, calls and mail were one app
        ordering = ["next_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=E164), name="call_back_number_e164"),
            models.CheckConstraint(
                condition=Q(through__in=AskedThrough.values), name="call_back_known_way"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="")
                | Q(ended_at__isnull=False, end__in=CallBackEnd.values, claimed_by=None),
                name="call_back_ended_whole",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="call_back_claimed_whole",
            ),
            models.CheckConstraint(
                condition=Q(owed_at__gte=F("asked_at"), due_at__gte=F("owed_at")),
                name="call_back_due_after_asking",
            ),
            models.CheckConstraint(
                condition=~Q(end=CallBackEnd.DONE)
                | Q(incident__isnull=False, called_at__isnull=False),
                name="call_back_done_on_an_incident",
            ),
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(ended_at=None, slot_at=None),
                name="call_back_at_once_once",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=CALL_OWED, name="call_back_owed"),
            models.Index(fields=["due_at"], condition=CALL_WATCHED, name="call_back_watched"),
            models.Index(fields=["organisation", "-asked_at"], name="call_back_of_tenant"),
        ]

    def __str__(self) -> str:
        return f"{self.contact} at {self.shown_number}"

    def state(self, at: datetime) -> CallBackState:
        """Where it stands at `at`, told by the facts alone."""
        if self.end:
            return CallBackState(self.end)
        if self.called_at is not None:
            return CallBackState.CALLED
        return CallBackState.DUE if at >= self.owed_at else CallBackState.ASKED

    @property
    def shown_number(self) -> str:
        return shown(self.number) + (f" ext. {self.extension}" if self.extension else "")

    @property
    def region(self) -> str:
        """The number's country, ISO 3166."""
        return region_of(self.number)
