"""Mail as it came in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from mailroom.enums import MailOutcome
from mailroom.querysets import (
    KEPT_UNTOLD,
    OPENED_NOTHING,
    RAW_KEPT,
    UNHANDLED,
    InboundMailQuerySet,
)
from tickets.enums import Proof
from tickets.models.incidents import Incident

ORGANISATION = "accounts.Organisation"


class InboundMail(models.Model):
    """A mail as it came in, kept before anything reads it.

    Only retention and the erasure of a person take anything away (F2): `raw` is empty from
    `raw_gone_at` on.

    `organisation` is known once a sender is. A mail is taken once an organisation (L3), by its
    Message-ID and content (M3); mails of unknown senders once altogether.
    """

    organisation = models.ForeignKey(
        ORGANISATION, models.PROTECT, null=True, blank=True, related_name="+"
    )
    raw = models.BinaryField()
    raw_gone_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    message_id = models.CharField(max_length=250, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    content = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of what it says: the same mail, or another"
    )
    proof = models.CharField(
        max_length=8, choices=Proof.choices, blank=True, help_text="Empty before it is judged"
    )
    proof_why = models.CharField(max_length=300, blank=True)
    is_spam = models.BooleanField(default=False)
    # When the leads heard that it is kept aside; what opened nothing is never told.
    told_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(
        max_length=12, choices=MailOutcome.choices, default=MailOutcome.RECEIVED
    )
    reason = models.CharField(max_length=500, blank=True)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="mails"
    )

    became = models.ForeignKey(
        "tickets.Message", models.PROTECT, null=True, blank=True, related_name="mails"
    )

    objects = InboundMailQuerySet.as_manager()

    journal_name = "tickets.inboundmail"

    class Meta:
        db_table = "tickets_inboundmail"  # from when incidents, calls and mail were one app
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "message_id", "content"],
                condition=Q(outcome__in=[MailOutcome.INCIDENT, MailOutcome.MESSAGE]),
                name="mail_taken_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="mail_same_bytes"),
            models.Index(fields=["sender", "received_at"], name="mail_of_a_sender"),
            models.Index(fields=["received_at"], condition=UNHANDLED, name="mail_unhandled"),
            models.Index(
                fields=["-received_at", "-id"],
                condition=OPENED_NOTHING,
                name="mail_that_opened_nothing",
            ),
            models.Index(
                fields=["told_at"], condition=Q(told_at__isnull=False), name="mail_told_of"
            ),
            models.Index(fields=["received_at"], condition=KEPT_UNTOLD, name="mail_kept_untold"),
            models.Index(fields=["received_at"], condition=RAW_KEPT, name="mail_raw_kept"),
            models.Index(
                fields=["-received_at"],
                condition=Q(outcome__in=[MailOutcome.HELD, MailOutcome.UNREADABLE]),
                name="mail_kept_for_a_human",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.subject}"
