from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from notices.enums import Cleared, Way
from notices.kinds import KINDS, USUAL
from notices.querysets import (
    OWED,
    RUNNING,
    UNREAD,
    BouncingAddressQuerySet,
    NoticeQuerySet,
    NotificationQuerySet,
)
from notices.wording.language import Wording


class Notice(models.Model):
    """One message we owe one person. The outbox: written with the fact, sent after it, once.

    Goes to the person `to`, or to an `address` that is no person yet (an invitation). `subject`
    names what the notice is about as `app.model:pk`, so that an incident's page can show its
    failures. `next_at` is when the next attempt may be made; each failure moves it on. The
    context of a `is_secret` notice, which holds a key such as the link of an invitation, is
    emptied once it is sent. `way` is how it goes: a mail, or a call of the person's telephone.
    """

    key = models.CharField(max_length=120)
    way = models.CharField(max_length=4, choices=Way.choices, default=Way.MAIL)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    address = models.EmailField(max_length=254, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, related_name="+"
    )
    subject = models.CharField(max_length=80, blank=True)
    template = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    is_secret = models.BooleanField(default=False)
    headers = models.JSONField(default=dict, help_text="Message-ID, References and the like")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    # Lower goes first where many wait (`notices.kinds.rank_of`).
    rank = models.PositiveSmallIntegerField(default=USUAL, db_default=USUAL)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # What a provider calls the mail, and when it says that the mailbox took it; without one "".
    provider_id = models.CharField(max_length=255, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    # Urgent ones go out in quiet hours, too; the others wait for their end, if they come then.
    is_urgent = models.BooleanField(default=False)
    put_off_at = models.DateTimeField(null=True, blank=True)
    # Left for the mail of the day at `next_at`, or not wanted at all: its person chose so.
    is_collected = models.BooleanField(default=False)
    is_unwanted = models.BooleanField(default=False)
    # The mail of the day that tells it: what became of that, became of this.
    told_in = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="tells", db_index=False
    )
    # Not even tried, since its address takes no mail; owed again when that is put right.
    held_for = models.ForeignKey(
        "notices.BouncingAddress", models.SET_NULL, null=True, blank=True, related_name="held"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "to"], name="notice_told_once"),
            models.UniqueConstraint(
                "key", Lower("address"), condition=Q(to=None), name="notice_told_once_by_address"
            ),
            models.CheckConstraint(
                condition=Q(to=None) ^ Q(address=""), name="notice_to_a_person_or_an_address"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None), name="notice_sent_or_given_up"
            ),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="notice_known_way"),
            models.CheckConstraint(
                condition=Q(way=Way.MAIL) | Q(to__isnull=False), name="notice_calls_a_person"
            ),
            models.CheckConstraint(
                condition=Q(bounced_at=None) | Q(sent_at__isnull=False),
                name="notice_bounced_after_it_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(held_for=None) | Q(sent_at=None), name="notice_held_is_not_sent"
            ),
            models.CheckConstraint(
                condition=Q(is_unwanted=False)
                | Q(given_up_at__isnull=False, is_collected=False, is_urgent=False),
                name="notice_unwanted_is_over",
            ),
            models.CheckConstraint(
                condition=Q(is_collected=False) | Q(is_urgent=False, to__isnull=False),
                name="notice_collected_for_a_person",
            ),
            models.CheckConstraint(
                condition=Q(told_in=None) | Q(is_collected=True, sent_at=None, given_up_at=None),
                name="notice_told_in_a_digest_alone",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=OWED, name="notice_owed"),
            models.Index(fields=["subject"], name="notice_of_a_subject"),
            models.Index(
                fields=["provider_id"], condition=~Q(provider_id=""), name="notice_of_a_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} to {self.to_id or self.address}"

    @property
    def recipient(self) -> str:
        """The mail address it goes to."""
        return self.to.email if self.to else self.address


class BouncingAddress(models.Model):
    """A period in which an address takes no mail: none is sent to it before somebody ends it.

    `address` is in lower case. `organisation` is its person's, None for the vendor's own people;
    `why` says what the mail server said, in words, and `code` as RFC 3463 writes it.
    """

    address = models.CharField(max_length=254)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    since_at = models.DateTimeField()
    code = models.CharField(max_length=12, blank=True)
    why = models.CharField(max_length=200)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cleared_how = models.CharField(max_length=10, choices=Cleared.choices, blank=True)

    objects = BouncingAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bouncing addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=RUNNING, name="bouncing_address_one_spell"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None, cleared_how="", cleared_by=None)
                | Q(cleared_at__isnull=False, cleared_how__in=Cleared.values),
                name="bouncing_address_cleared_somehow",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class QuietHours(models.Model):
    """When a person wants no mail and no call: [starts, ends) on the wall clock of their zone.

    `organisation` is the person's, None for the vendor's own people. No row: never quiet.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="quiet_hours"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        verbose_name_plural = "quiet hours"
        constraints = [
            models.CheckConstraint(condition=~Q(starts=F("ends")), name="quiet_hours_not_all_day")
        ]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M} to {self.ends:%H:%M} for {self.person_id}"


class NoticeChoices(models.Model):
    """How a person wants to be told of groups of notices (`notices.kinds.CHOICES`).

    `wishes` maps the key of a group to a `Wish`; what is not there comes at once. The mail of the
    day goes out at `digest_hour` of the person's own clock. `organisation` is the person's, None
    for the vendor's own people. The row stays: who sends a digest holds it.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    wishes = models.JSONField(default=dict)
    digest_hour = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "notice choices"
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23), name="notice_choices_hour_of_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"Choices of {self.person_id}"


class WordingVersion(models.Model):
    """What managers made of the words of a kind of notice (`notices.wording.language`).

    Nothing is overwritten: each edit is a version, and so is going back to the delivered words,
    which then are not stored: a later release may better them.
    """

    kind = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    is_delivered = models.BooleanField(default=False)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="wording_version_once"),
            models.CheckConstraint(
                condition=Q(is_delivered=True, subject="", text="")
                | (Q(is_delivered=False) & ~Q(subject="") & ~Q(text="")),
                name="wording_delivered_or_written",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"

    @property
    def wording(self) -> Wording | None:
        """None for the delivered one."""
        return None if self.is_delivered else Wording(self.subject, self.text)


class Notification(models.Model):
    """What the desk tells one of its staff on their pages, in the bell: a notice's fact, unworded.

    Written with the notice, by its `key`, whatever its person wants by mail. `facts` say what it is
    about (number, subject, who), never what was written. `subject` is named as the journal does.
    """

    key = models.CharField(max_length=120)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "kind", "person"], name="notification_once"),
        ]
        indexes = [
            models.Index(fields=["person", "-made_at", "-id"], name="notification_newest_first"),
            models.Index(
                fields=["person", "subject"], condition=UNREAD, name="notification_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"

    @property
    def name(self) -> str:
        """What happened, in two words."""
        kind = KINDS.get(self.kind)
        return kind.name if kind else self.kind

    @property
    def author(self) -> str:
        return str(self.facts.get("author") or self.facts.get("by") or "")
