"""What an account manager writes about a customer: notes with a next step, plans of reviews."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from office.querysets.accounts import STEP_OPEN, TO_REMIND, AccountNoteQuerySet, OwnedQuerySet

ORGANISATION = "accounts.Organisation"


class AccountNote(models.Model):
    """Something said or seen about a customer, and what is to be done next by which day.

    The words never change. A `next_step` has its day `next_on`; at `remind_at`, the morning of
    that day by the clock of who wrote it, they are reminded once, unless it is done by then.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AccountNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="account_note_has_words"),
            models.CheckConstraint(
                condition=Q(next_step="", next_on=None, remind_at=None, done_at=None)
                | ~Q(next_step="") & Q(next_on__isnull=False, remind_at__isnull=False),
                name="account_note_step_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="account_note_done_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-at"], name="account_note_of"),
            models.Index(fields=["remind_at"], condition=TO_REMIND, name="account_note_to_remind"),
            models.Index(
                fields=["organisation", "next_on"], condition=STEP_OPEN, name="account_note_step"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ReviewPlan(models.Model):
    """When the next review with a customer is, and what it is about; an edit is a new row."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    on = models.DateField()
    agenda = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(agenda=""), name="review_plan_has_an_agenda")
        ]

    def __str__(self) -> str:
        return f"review on {self.on}"
