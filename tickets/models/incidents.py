"""An incident, and what hangs on it alone: its number, requests answered once, the rating."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from entitlements.channels import channel_choices
from tickets.enums import (
    FINISHED,
    OUTSIDE,
    UNFINISHED,
    Impact,
    Priority,
    Proof,
    State,
    Tier,
    Urgency,
)
from tickets.querysets import UNWORKED, IncidentQuerySet

ORGANISATION = "accounts.Organisation"
_WRITTEN_BY_THE_DATABASE: Any = {
    "null": True,
    "blank": True,
    "editable": False,
    "db_constraint": False,
    "db_index": False,
}


class Incident(models.Model):
    """One reported problem, with its own number.

    `decision` says which level serves it and why; without a level in it the incident is "not
    covered" and no clock runs (R3). `owner` talks to the customer, whatever `tier` works on it;
    `worker` is who works on it at TS2 or TS3 (X1), and nobody at TS1, where that is the owner.
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
    channel = models.CharField(max_length=10, choices=channel_choices)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    # From which the priority came; NULL where it was given by itself.
    impact = models.PositiveSmallIntegerField(choices=Impact.choices, null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, null=True, blank=True)
    product = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    # Only the reporter and who takes part see it of the organisation, whatever it chose (F4).
    is_private = models.BooleanField(default=False, db_default=False)
    proof = models.CharField(
        max_length=8, choices=Proof.choices, blank=True, help_text="Of the mail that reported it"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, default=Tier.TS1)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_incidents",
    )
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="worked_incidents",
        db_index=False,  # of unfinished ones: see `incident_worked_on_by`
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    merged_into = models.ForeignKey(  # the incident that this one repeats (G1)
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_index=False,  # few are: see `incident_merged`
    )
    # Since when it is said to be outside what support covers (rule 14): how it ended, so what is
    # open again has none.
    outside_at = models.DateTimeField(null=True, blank=True)
    split_from = models.ForeignKey(  # whose messages it was made of (G2)
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="split_off",
        db_index=False,  # nobody asks for it from there
    )
    # When it was made of them; it is received when the first of them was.
    split_at = models.DateTimeField(null=True, blank=True)
    defect = models.ForeignKey(
        "resources.Defect",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        db_index=False,  # few incidents have one: see `incident_of_defect`
    )
    received_at = models.DateTimeField(help_text="When the server received the report (R1)")
    # Of the open response target; NULL where no answer is owed. The database writes it with the
    # target (migration 0027), so that the queue reads its order from one index.
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The last that a person said, to the customer or among the staff, and the last of the
    # customer's. The database writes them with the message (migration 0032). Keys without a
    # constraint and without a text: what is read goes through `Message.objects.visible_to`, so
    # that no list shows a note to a customer, and what is erased there is erased here.
    last_message = models.ForeignKey(
        "tickets.Message", models.DO_NOTHING, related_name="+", **_WRITTEN_BY_THE_DATABASE
    )
    last_customer_message = models.ForeignKey(
        "tickets.Message", models.DO_NOTHING, related_name="+", **_WRITTEN_BY_THE_DATABASE
    )
    last_at = models.DateTimeField(null=True, blank=True, editable=False)
    customer_wrote_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When dispatch looked last and found nobody with room; NULL before it looked. In no index, so
    # that noting it moves nothing.
    dispatch_tried_at = models.DateTimeField(null=True, blank=True, editable=False)
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
            models.CheckConstraint(  # a NULL passes a CHECK
                condition=Q(impact__in=Impact.values), name="incident_known_impact"
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="incident_known_urgency"
            ),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="incident_known_tier"),
            models.CheckConstraint(
                condition=Q(worker=None) | Q(tier__gt=Tier.TS1), name="incident_worker_above_ts1"
            ),
            models.CheckConstraint(
                condition=Q(outside_at=None) | Q(state__in=FINISHED),
                name="incident_outside_is_finished",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(state=State.CLOSED) & ~Q(merged_into=F("id"))),
                name="incident_merged_is_closed",
            ),
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
                fields=["worker"],
                condition=Q(state__in=UNFINISHED, worker__isnull=False),
                name="incident_worked_on_by",
            ),
            models.Index(
                fields=["priority", "received_at"],
                condition=UNWORKED,
                name="incident_without_worker",
            ),
            models.Index(
                fields=["due_at", "priority", "received_at", "id"],
                condition=Q(state__in=UNFINISHED),
                name="incident_due_first",
            ),
            models.Index(
                fields=["owner", "due_at"],
                condition=Q(due_at__isnull=False),
                name="incident_owed_by",
            ),
            models.Index(fields=["state"], condition=Q(state__in=UNFINISHED), name="incident_open"),
            models.Index(
                fields=["tier"], condition=Q(state__in=UNFINISHED), name="incident_of_tier"
            ),
            models.Index(
                fields=["received_at"],
                condition=Q(state__in=UNFINISHED, owner=None),
                name="incident_unassigned",
            ),
            models.Index(
                fields=["defect"], condition=Q(defect__isnull=False), name="incident_of_defect"
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="incident_merged",
            ),
            models.Index(fields=["-received_at", "-id"], name="incident_newest_first"),
            models.Index(
                fields=["-outside_at"],
                condition=Q(outside_at__isnull=False),
                name="incident_outside",
            ),
            models.Index(
                fields=["solved_at"], condition=Q(state=State.SOLVED), name="incident_solved"
            ),
            models.Index(
                fields=["-customer_wrote_at"],
                condition=Q(state__in=UNFINISHED),
                name="incident_customer_wrote",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def shown_state(self) -> str:
        """As people read it: "outside" is how an incident ended, beside solved and closed."""
        return OUTSIDE if self.outside_at else self.state

    @property
    def is_being_assigned(self) -> bool:
        """Whether dispatch has not looked at it yet, which it does within a second."""
        waits = self.owner_id is None and self.state in UNFINISHED and not self.dispatch_tried_at
        return waits and self.decision.level_id is not None


class HandledRequest(models.Model):
    """A request that was already answered, so that repeating it makes nothing twice.

    `made` names what it made, as the journal names its subjects: "tickets.incident:17".
    """

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was asked")
    made = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="request_once"),
            models.CheckConstraint(condition=~Q(made=""), name="request_made_something"),
        ]

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
