from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from entitlements.enums import Channel
from tickets.enums import (
    PUBLIC_KINDS,
    UNFINISHED,
    MailOutcome,
    MessageKind,
    Priority,
    State,
    Tier,
)
from tickets.querysets import (
    PENDING,
    UNHANDLED,
    WATCHED,
    AttachmentQuerySet,
    InboundMailQuerySet,
    IncidentQuerySet,
    MessageQuerySet,
    ResponseTargetQuerySet,
    TargetWarningQuerySet,
)

ORGANISATION = "accounts.Organisation"


class Incident(models.Model):
    """One reported problem, with its own number.

    `decision` says which level serves it and why; without a level in it the incident is "not
    covered" and no clock runs (R3). `owner` talks to the customer, whatever `tier` works on it.
    """

    number = models.CharField(max_length=20, unique=True)
    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="incidents")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reported_incidents"
    )
    licence = models.ForeignKey(
        "entitlements.Licence", models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    project = models.ForeignKey(
        "entitlements.GoLiveProject", models.PROTECT, null=True, blank=True, related_name="+"
    )
    service = models.ForeignKey("entitlements.Service", models.PROTECT, related_name="+")
    decision = models.OneToOneField(
        "entitlements.CoverageDecision", models.PROTECT, related_name="incident"
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    product = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, default=Tier.TS1)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_incidents",
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    received_at = models.DateTimeField(help_text="When the server received the report (R1)")
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="incident_known_state"
            ),
            models.CheckConstraint(
                condition=Q(priority__in=Priority.values), name="incident_known_priority"
            ),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="incident_known_tier"),
            models.CheckConstraint(
                condition=Q(state__in=UNFINISHED, solved_at=None, closed_at=None)
                | Q(state=State.SOLVED, solved_at__isnull=False, closed_at=None)
                | Q(state=State.CLOSED, closed_at__isnull=False),
                name="incident_state_has_its_moments",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-received_at"], name="incident_of_tenant"),
            models.Index(fields=["owner"], condition=Q(state__in=UNFINISHED), name="incident_load"),
            models.Index(
                fields=["received_at"],
                condition=Q(state__in=UNFINISHED, owner=None),
                name="incident_unassigned",
            ),
            models.Index(fields=["-received_at", "-id"], name="incident_newest_first"),
            models.Index(
                fields=["solved_at"], condition=Q(state=State.SOLVED), name="incident_solved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"


class Message(models.Model):
    """One entry of an incident's conversation. `author` is empty for what a machine wrote."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PORTAL)
    body = models.TextField(blank=True)
    quoted = models.TextField(blank=True, help_text="Quoted text and signature, folded away")
    message_id = models.CharField(max_length=250, blank=True, help_text="Of the mail, in or out")
    sent_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MessageKind.values), name="message_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind=MessageKind.AUTOMATIC) | Q(author__isnull=False),
                name="message_has_an_author",
            ),
        ]
        indexes = [
            models.Index(
                fields=["message_id"], condition=~Q(message_id=""), name="message_by_mail_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.incident_id} at {self.sent_at:%F %T}"

    @property
    def is_public(self) -> bool:
        return self.kind in PUBLIC_KINDS


def storage_path(attachment: Attachment, name: str) -> str:
    """A path nobody can guess, which says nothing of the name that came from outside."""
    return f"attachments/{attachment.sent_at:%Y/%m}/{secrets.token_hex(16)}"


class Attachment(models.Model):
    """A file of a message. Served only by `tickets.views.attachments`, as a download."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to=storage_path, max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100, default="application/octet-stream")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tickets:attachment", args=[self.pk])


class ResponseTarget(models.Model):
    """A human answer owed on one incident by `due_at` (C1 to C8).

    Opened with the report and with a customer's message while no answer is owed; met by the
    first public human answer. It is breached at `due_at` itself; `breach_noted_at` only says
    when a sweep noticed. `abandoned_at` ends one that no answer is owed for any more, because
    the customer closed the incident first. A target that is met or abandoned never changes (C7).
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="targets")
    cycle = models.PositiveSmallIntegerField()
    level = models.ForeignKey("entitlements.LevelVersion", models.PROTECT, related_name="+")
    calendar = models.ForeignKey("entitlements.CalendarVersion", models.PROTECT, related_name="+")
    target = models.DurationField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    abandoned_at = models.DateTimeField(null=True, blank=True)
    breach_noted_at = models.DateTimeField(null=True, blank=True)
    # A target that an upgrade moved: from when it counts now, and when it was due before (R6).
    counted_from_at = models.DateTimeField(null=True, blank=True)
    first_due_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseTargetQuerySet.as_manager()

    class Meta:
        ordering = ["cycle"]
        constraints = [  # a NULL passes a CHECK, so each reads as "when set, …"
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(met_at=None, abandoned_at=None),
                name="response_target_one_open",
            ),
            models.UniqueConstraint(
                fields=["incident", "cycle"], name="response_target_one_a_cycle"
            ),
            models.CheckConstraint(
                condition=Q(target__gt=timedelta(0)), name="response_target_positive"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opened_at")), name="response_target_due_after_opened"
            ),
            models.CheckConstraint(
                condition=Q(met_at__gte=F("opened_at")), name="response_target_met_after_opened"
            ),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(abandoned_at=None), name="response_target_one_end"
            ),
            models.CheckConstraint(
                condition=Q(counted_from_at=None, first_due_at=None)
                | Q(counted_from_at__isnull=False, first_due_at__isnull=False),
                name="response_target_moved_whole",
            ),
            models.CheckConstraint(
                condition=Q(breach_noted_at__gt=F("due_at")), name="response_target_no_early_breach"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=WATCHED, name="response_target_watched"),
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, abandoned_at=None),
                name="response_target_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} due {self.due_at:%F %T}"


class TargetWarning(models.Model):
    """One warning before a target is breached, computed forward through the calendar (X3).

    Told once, or skipped: because the answer came first, or because the breach did (T3).
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    target = models.ForeignKey(ResponseTarget, models.CASCADE, related_name="warnings")
    percent = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    skipped_at = models.DateTimeField(null=True, blank=True)

    objects = TargetWarningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "percent"], name="target_warning_once"),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lt=100), name="target_warning_before_breach"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=PENDING, name="target_warning_due")]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.target_id}"


class Handover(models.Model):
    """A step between TS1, TS2 and TS3 with what the next team needs to start (X1)."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="handovers")
    from_tier = models.PositiveSmallIntegerField(choices=Tier.choices)
    to_tier = models.PositiveSmallIntegerField(choices=Tier.choices)
    reason = models.TextField()
    tried = models.TextField(blank=True)
    reproduction = models.TextField(blank=True)
    environment = models.TextField(blank=True)
    logs = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_tier=F("from_tier") + 1) | Q(to_tier__lt=F("from_tier")),
                name="handover_one_step_up_or_back",
            ),
            models.CheckConstraint(
                condition=Q(to_tier__lt=F("from_tier"))
                | ~(Q(tried="") | Q(reproduction="") | Q(environment="")),
                name="handover_up_says_what_was_tried",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} from TS{self.from_tier} to TS{self.to_tier}"


class InboundMail(models.Model):
    """A mail as it came in, kept before anything reads it; nothing is ever deleted here.

    `organisation` is known once a sender is. A mail is taken once an organisation (L3); mails of
    unknown senders once altogether.
    """

    organisation = models.ForeignKey(
        ORGANISATION, models.PROTECT, null=True, blank=True, related_name="+"
    )
    raw = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    message_id = models.CharField(max_length=250, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
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

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "message_id"],
                condition=Q(outcome__in=[MailOutcome.INCIDENT, MailOutcome.MESSAGE]),
                name="mail_taken_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=UNHANDLED, name="mail_unhandled"),
            models.Index(
                fields=["-received_at"],
                condition=Q(outcome__in=[MailOutcome.HELD, MailOutcome.UNREADABLE]),
                name="mail_kept_for_a_human",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.subject}"


class HandledRequest(models.Model):
    """An API request that was already answered, so that repeating it makes nothing twice."""

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was asked")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="request_once")]

    def __str__(self) -> str:
        return self.key


class Rating(models.Model):
    """The answer to the one question after solving: how satisfied, from 1 to 5."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.OneToOneField(Incident, models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    given_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="rating_from_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"{self.score} for {self.incident_id}"
