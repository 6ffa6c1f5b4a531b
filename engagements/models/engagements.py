"""An engagement and its team (rules 10, 12 and 13 of the programme)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from engagements.enums import ENDED, Kind, Light, State
from engagements.querysets.engagements import EngagementQuerySet, HangingQuerySet
from entitlements.channels import channel_choices
from entitlements.enums import Channel

ORGANISATION = "accounts.Organisation"


class Engagement(models.Model):
    """Something that is delivered as a whole: a project, a visit, an assessment.

    `basis` says which contract allows it, as codes and facts with the reason against every other
    (N1); `contract` and `project` name it where it is one of them. `owner` is the account manager
    who answers for it. `starts_on` and `golive_on` are the days from which its plan was laid out,
    `golive_on` the visit's or the project's day. The light is computed when it is looked at; where
    somebody set it by hand, `light` and `light_reason` say what and why.
    """

    number = models.CharField(max_length=20, unique=True)
    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="engagements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    channel = models.CharField(max_length=10, choices=channel_choices, default=Channel.PORTAL)
    basis = models.JSONField(default=dict)
    contract = models.ForeignKey(
        "entitlements.TechnicalContract", models.PROTECT, null=True, blank=True, related_name="+"
    )
    project = models.ForeignKey(
        "entitlements.GoLiveProject", models.PROTECT, null=True, blank=True, related_name="+"
    )
    incident = models.ForeignKey(  # the report that it began as (rule 12)
        "tickets.Incident", models.PROTECT, null=True, blank=True, related_name="engagements"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="requested_engagements"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    starts_on = models.DateField(null=True, blank=True)
    golive_on = models.DateField(null=True, blank=True)
    template_version = models.PositiveIntegerField(null=True, blank=True)
    light = models.CharField(max_length=6, choices=Light.choices, blank=True)
    light_reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=1000, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="engagement_known_kind"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | Q(state__in=[State.REQUESTED, State.RUNNING], ended_at=None),
                name="engagement_state_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(golive_on=None) | Q(golive_on__gte=F("starts_on")),
                name="engagement_golive_after_start",
            ),
            models.CheckConstraint(
                condition=Q(light="", light_reason="")
                | (Q(light__in=Light.values) & ~Q(light_reason="")),
                name="engagement_light_by_hand_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-requested_at"], name="engagement_of_tenant"),
            models.Index(
                fields=["-requested_at", "-id"],
                condition=Q(ended_at=None),
                name="engagement_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def kind_of(self) -> Kind:
        return Kind(self.kind)

    @property
    def state_of(self) -> State:
        return State(self.state)

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class Member(models.Model):
    """Somebody who takes part: of the team, or of the customer."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    part = models.CharField(max_length=120, blank=True, help_text="What they do in it")
    joined_at = models.DateTimeField()

    objects = HangingQuerySet["Member"].as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["engagement", "person"], name="member_once")]

    def __str__(self) -> str:
        return str(self.person)
