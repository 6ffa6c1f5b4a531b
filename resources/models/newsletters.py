"""Newsletters: their kinds and issues, who reads them, and who runs what an advisory names."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from entitlements.levels import level_choices
from entitlements.querysets import OwnedQuerySet
from resources.enums import Audience, How, IssueState, Severity
from resources.querysets.newsletters import (
    NOT_CONFIRMED,
    TO_WORK_OFF,
    UNREAD,
    AdvisoryReachQuerySet,
    NewsletterIssueQuerySet,
)

PERSON = settings.AUTH_USER_MODEL
UNSENT = (IssueState.DRAFT, IssueState.READY)


class Newsletter(models.Model):
    """One kind of news. `comes_with_support`: whoever has e-mail support reads it until they leave.

    Issues of one that `is_advisory` name versions, and go to those who run them.
    """

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    what = models.CharField(max_length=200, help_text="In one sentence: what comes, how often")
    position = models.PositiveSmallIntegerField(default=0)
    is_advisory = models.BooleanField(default=False)
    comes_with_support = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("resources:newsletter", args=[self.slug])


class NewsletterIssue(models.Model):
    """One issue. It has a `number` and stands in the archive from the moment its sending began.

    Who gets it is gathered in batches: organisations up to `gathered_to`, strangers up to
    `outside_to`, by their keys; `gathered_at` says that all of them are in the outbox.
    `affected` are ranges of versions (`rules.ranges`), `products` names of products; without any
    it is about each.
    """

    newsletter = models.ForeignKey(Newsletter, models.PROTECT, related_name="issues")
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=IssueState.choices, default=IssueState.DRAFT)
    subject = models.CharField(max_length=150)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    html = models.TextField(blank=True, editable=False)
    audience = models.CharField(max_length=12, choices=Audience.choices)
    levels = ArrayField(
        models.CharField(max_length=10, choices=level_choices), default=list, blank=True
    )
    severity = models.CharField(max_length=10, choices=Severity.choices, blank=True)
    products = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    affected = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    fixed_in = models.CharField(max_length=60, blank=True)
    written_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sent_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    send_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    gathered_to = models.BigIntegerField(default=0)
    outside_to = models.BigIntegerField(default=0)
    gathered_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = NewsletterIssueQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "number"], name="newsletter_number_once"),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(body=""), name="newsletter_issue_has_words"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[Audience.EVERYBODY, Audience.REGISTERED], levels=[])
                | Q(audience=Audience.LEVELS, levels__len__gt=0),
                name="newsletter_known_audience",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNSENT, number=None, started_at=None, gathered_at=None)
                | Q(
                    state__in=[IssueState.SENDING, IssueState.SENT],
                    number__isnull=False,
                    started_at__isnull=False,
                ),
                name="newsletter_numbered_when_it_goes",
            ),
            models.CheckConstraint(
                condition=Q(state=IssueState.DRAFT, send_at=None)
                | (~Q(state=IssueState.DRAFT) & Q(send_at__isnull=False)),
                name="newsletter_goes_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=IssueState.SENT, sent_at__isnull=False, gathered_at__isnull=False)
                | (~Q(state=IssueState.SENT) & Q(sent_at=None)),
                name="newsletter_sent_when_handed_over",
            ),
        ]
        indexes = [
            models.Index(fields=["send_at", "id"], condition=TO_WORK_OFF, name="newsletter_due"),
            models.Index(
                fields=["newsletter", "-started_at"],
                condition=Q(started_at__isnull=False),
                name="newsletter_archive",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """In the archive; of one that nobody reads yet the desk's page."""
        if self.number is None:
            return reverse("admin:newsletter_issue", args=[self.pk])
        return reverse("resources:newsletter_issue", args=[self.newsletter.slug, self.number])

    @property
    def shown(self) -> SafeString:
        """Clean HTML (`core.markdown.render_page`), made when it was written."""
        return mark_safe(self.html)

    @property
    def is_unsent(self) -> bool:
        return self.state in UNSENT

    @property
    def key(self) -> str:
        """What its notices are owed under: one for each reader."""
        return f"newsletter:{self.pk}"


class NewsletterChoice(models.Model):
    """What one customer's person chose about one newsletter; without it, it is as support says."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="newsletter_choices")
    newsletter = models.ForeignKey(Newsletter, models.PROTECT, related_name="choices")
    wants = models.BooleanField()
    how = models.CharField(max_length=10, choices=How.choices)
    at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "newsletter"], name="newsletter_chosen_once")
        ]

    def __str__(self) -> str:
        return f"{self.newsletter_id}: {'wants it' if self.wants else 'left'}"


class OutsideReader(models.Model):
    """An address without an account that asked for a newsletter, and gets it once it confirmed."""

    newsletter = models.ForeignKey(Newsletter, models.PROTECT, related_name="outside_readers")
    address = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("newsletter", Lower("address"), name="outside_reader_once"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(confirmed_at__isnull=False),
                name="outside_reader_leaves_after_joining",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=NOT_CONFIRMED, name="outside_reader_unconfirmed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.newsletter_id}: {self.address}"


class AdvisoryReach(models.Model):
    """An advisory concerns an organisation: its portal says so until somebody there has read it.

    `versions` are those that it runs, as we know them; `is_certain`: one of them is named, else we
    do not know what it runs. `spared_at`: it said since that it runs none of them.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    issue = models.ForeignKey(NewsletterIssue, models.PROTECT, related_name="reaches")
    is_certain = models.BooleanField()
    versions = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    spared_at = models.DateTimeField(null=True, blank=True)

    objects = AdvisoryReachQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "issue"], name="advisory_reaches_once"),
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="advisory_read_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation"], condition=UNREAD, name="advisory_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} for {self.organisation_id}"
