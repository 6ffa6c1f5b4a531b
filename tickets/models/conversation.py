"""What is said on an incident, and its files."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from core import plain
from entitlements.channels import channel_choices
from entitlements.enums import Channel
from tickets.enums import MessageKind, Proof, TextFormat
from tickets.models.incidents import Incident
from tickets.querysets import AttachmentQuerySet, MessageQuerySet

ORGANISATION = "accounts.Organisation"


class Message(models.Model):
    """One entry of an incident's conversation. `author` is empty for what a machine wrote."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="messages")
    split_to = models.ForeignKey(  # where it is shown since it was taken out of its incident (G2)
        Incident,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="split_messages",
        db_index=False,  # few are: see `message_split_to`
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    channel = models.CharField(max_length=10, choices=channel_choices, default=Channel.PORTAL)
    body = models.TextField(blank=True)
    format = models.CharField(
        max_length=8,
        choices=TextFormat.choices,
        default=TextFormat.PLAIN,
        db_default=TextFormat.PLAIN,
    )
    # Rendered once, when it is written: a page of messages must not lay out Markdown (`words_of`).
    html = models.TextField(blank=True, default="", db_default="", editable=False)
    quoted = models.TextField(blank=True, help_text="Quoted text and signature, folded away")
    has_layout = models.BooleanField(
        default=False, help_text="It came as HTML, and can be shown as it was sent"
    )
    message_id = models.CharField(max_length=250, blank=True, help_text="Of the mail, in or out")
    proof = models.CharField(
        max_length=8, choices=Proof.choices, blank=True, help_text="Of the mail that it came as"
    )
    sent_at = models.DateTimeField()
    # An answer that came back from everybody it was sent to, and so is none (C8).
    taken_back_at = models.DateTimeField(null=True, blank=True)

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
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(kind=MessageKind.ANSWER),
                name="message_only_answers_are_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(format=TextFormat.MARKDOWN) | Q(html=""),
                name="message_html_is_of_markdown",
            ),
        ]
        indexes = [
            models.Index(
                fields=["message_id"], condition=~Q(message_id=""), name="message_by_mail_id"
            ),
            models.Index(
                fields=["split_to"], condition=Q(split_to__isnull=False), name="message_split_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.incident_id} at {self.sent_at:%F %T}"

    @property
    def shown(self) -> SafeString:
        """The text for a page: rendered Markdown, or plain text to the letter."""
        if self.format == TextFormat.MARKDOWN:
            return mark_safe(self.html)
        return plain.as_html(self.body)

    @property
    def mail_url(self) -> str:
        """Where staff download the mail that it came as; empty for what was no mail."""
        came_as_mail = self.channel == Channel.EMAIL and (self.proof or self.has_layout)
        return reverse("mailroom:message_mail", args=[self.pk]) if came_as_mail else ""

    @property
    def original_url(self) -> str:
        """Where it is shown as its sender laid it out; empty for what has no layout."""
        return reverse("mailroom:original", args=[self.pk]) if self.has_layout else ""


# Of a name alone: the bytes are served as these and nothing else (`tickets.views.attachments`).
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
TEXTS = frozenset({"text/plain", "text/csv", "application/json", "text/markdown"})
TEXT_ENDINGS = (".log", ".cfg", ".conf", ".ini", ".out", ".err", ".yml", ".yaml", ".trace")


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

    @property
    def view_url(self) -> str:
        """Where it is looked at without being downloaded; empty for what can only be that."""
        is_mail = self.name.lower().endswith(".eml")
        if not (self.is_picture or self.is_text or is_mail):
            return ""
        return reverse("tickets:attachment_page", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        return self.content_type in PICTURES

    @property
    def is_text(self) -> bool:
        return self.content_type in TEXTS or self.name.lower().endswith(TEXT_ENDINGS)
