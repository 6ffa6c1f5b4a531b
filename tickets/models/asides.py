"""Side conversations: what the staff say to a few named colleagues about an incident (X4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString, mark_safe

from core import plain
from entitlements.channels import channel_choices
from entitlements.enums import Channel
from tickets.enums import Proof
from tickets.models.incidents import Incident
from tickets.querysets import AsideQuerySet, OfAsideQuerySet

ORGANISATION = "accounts.Organisation"


class Aside(models.Model):
    """One side conversation of an incident, with words and people of its own.

    It is no part of what is said to the customer: it meets no target and moves no state.
    `topic` is how its first words begin.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="asides")
    topic = models.CharField(max_length=120)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    objects = AsideQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        verbose_name = "side conversation"

    def __str__(self) -> str:
        return self.topic


class AsideMember(models.Model):
    """Somebody of the staff who takes part: they are told what is said in it.

    Who left stays here with `left_at`; to be asked again brings them back.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    aside = models.ForeignKey(Aside, models.PROTECT, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = OfAsideQuerySet["AsideMember"].as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        verbose_name = "person of a side conversation"
        verbose_name_plural = "people of side conversations"
        constraints = [
            models.UniqueConstraint(fields=["aside", "person"], name="aside_member_once"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")),
                name="aside_member_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.aside_id}"


class AsideMessage(models.Model):
    """What one of them said; `html` is rendered once, `message_id` is of the mail it came as."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    aside = models.ForeignKey(Aside, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=channel_choices, default=Channel.PORTAL)
    body = models.TextField()
    html = models.TextField(blank=True, editable=False)
    quoted = models.TextField(blank=True)
    message_id = models.CharField(max_length=250, blank=True)
    proof = models.CharField(max_length=8, choices=Proof.choices, blank=True)
    sent_at = models.DateTimeField()

    objects = OfAsideQuerySet["AsideMessage"].as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = "message of a side conversation"
        verbose_name_plural = "messages of side conversations"

    def __str__(self) -> str:
        return f"in {self.aside_id} at {self.sent_at:%F %T}"

    @property
    def shown(self) -> SafeString:
        """For a page: rendered Markdown of what was typed, a mail's text to the letter."""
        return mark_safe(self.html) if self.html else plain.as_html(self.body)
