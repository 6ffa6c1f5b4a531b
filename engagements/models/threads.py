"""The conversation of an engagement, and its files.

Tables of its own: those of an incident carry clocks, splits and drafts. What both need is shared:
how text is read (`core.markdown`, `core.plain`), how files are checked and stored
(`tickets.actions.files`), where answers by mail lead (`core.registries.MailThread`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from core import plain
from engagements.enums import Voice
from engagements.models.engagements import ORGANISATION, Engagement
from engagements.querysets.threads import FileQuerySet, TalkQuerySet
from entitlements.channels import channel_choices
from entitlements.enums import Channel
from tickets.models.conversation import storage_path


class Message(models.Model):
    """One entry of the conversation. `html` is its Markdown rendered; "" for plain text."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    voice = models.CharField(max_length=8, choices=Voice.choices)
    channel = models.CharField(max_length=10, choices=channel_choices, default=Channel.PORTAL)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True, editable=False)
    quoted = models.TextField(blank=True)
    message_id = models.CharField(max_length=250, blank=True, help_text="Of the mail, in or out")
    proof = models.CharField(max_length=8, blank=True, help_text="Of the mail that it came as (M1)")
    sent_at = models.DateTimeField()

    objects = TalkQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(voice__in=Voice.values), name="engagement_message_known_voice"
            )
        ]
        indexes = [
            models.Index(
                fields=["message_id"],
                condition=~Q(message_id=""),
                name="engagement_message_by_mail_id",
            )
        ]

    def __str__(self) -> str:
        return f"{self.voice} on {self.engagement_id} at {self.sent_at:%F %T}"

    @property
    def shown(self) -> SafeString:
        return mark_safe(self.html) if self.html else plain.as_html(self.body)


class MessageFile(models.Model):
    """A file of a message, served only as a download."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="files")
    file = models.FileField(upload_to=storage_path, max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("engagements:file", args=[self.pk])
