"""Beta programmes: their terms, who takes part, and what members say."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from entitlements.enums import Edition
from entitlements.models import Licence
from resources.enums import FeedbackFate, FeedbackKind
from resources.models.defects import Defect
from resources.models.releases import Release
from resources.querysets.beta import (
    RUNNING,
    UNDECIDED,
    BetaFeedbackQuerySet,
    BetaMemberQuerySet,
    BetaProgrammeQuerySet,
)

PERSON = settings.AUTH_USER_MODEL
ORGANISATION = "accounts.Organisation"


class BetaProgramme(models.Model):
    """One beta, from draft to its end. Its builds are releases that name it.

    `ends_on` is its last day (UTC); `ended_for` what members are told about how it goes on.
    """

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    product = models.CharField(max_length=120)
    editions = ArrayField(models.CharField(max_length=20, choices=Edition.choices))
    about = models.TextField(help_text="What it brings, what to test; Markdown")
    about_html = models.TextField(blank=True, editable=False)
    ends_on = models.DateField()
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_for = models.CharField(max_length=500, blank=True)

    objects = BetaProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(about="") & Q(editions__len__gt=0),
                name="beta_is_described",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None)
                | Q(opened_at__isnull=False, ended_at__gte=F("opened_at")),
                name="beta_ends_after_it_opened",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], condition=RUNNING, name="beta_to_end")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("resources:beta_programme", args=[self.slug])

    @property
    def is_running(self) -> bool:
        return self.opened_at is not None and self.ended_at is None

    @property
    def shown(self) -> SafeString:
        """Clean HTML (`core.markdown.render`), made when it was written."""
        return mark_safe(self.about_html)

    @property
    def edition_names(self) -> list[str]:
        return [str(Edition(one).label) for one in self.editions]


class BetaTerms(models.Model):
    """One version of a programme's terms; never changed once it is written (BT2)."""

    programme = models.ForeignKey(BetaProgramme, models.PROTECT, related_name="terms")
    number = models.PositiveIntegerField()
    text = models.TextField()
    html = models.TextField(editable=False)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "beta terms"
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="beta_terms_once"),
            models.CheckConstraint(condition=~Q(text=""), name="beta_terms_say_something"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def shown(self) -> SafeString:
        """Clean HTML (`core.markdown.render`)."""
        return mark_safe(self.html)


class BetaMember(models.Model):
    """Somebody of a customer takes part, for one of its licences.

    `terms` is the version that they accepted last, as `signed_name`, at `accepted_at`; the journal
    has each acceptance.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    programme = models.ForeignKey(BetaProgramme, models.PROTECT, related_name="members")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="+")
    terms = models.ForeignKey(BetaTerms, models.PROTECT, related_name="+")
    signed_name = models.CharField(max_length=120)
    accepted_at = models.DateTimeField()
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = BetaMemberQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            # Whoever moved to another customer joins anew there; the former row stays where it is.
            models.UniqueConstraint(
                fields=["programme", "person", "organisation"], name="beta_member_once_a_customer"
            ),
            models.CheckConstraint(condition=~Q(signed_name=""), name="beta_member_signed"),
        ]
        indexes = [
            models.Index(
                fields=["programme", "organisation"],
                condition=Q(left_at=None),
                name="beta_members_present",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.programme_id}"


class BetaFeedback(models.Model):
    """What a member said, and what the team made of it. `incident` is the number of an incident,
    which an upper room keeps; `answer` is for the member.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    programme = models.ForeignKey(BetaProgramme, models.PROTECT, related_name="feedback")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="+")
    build = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=FeedbackKind.choices)
    subject = models.CharField(max_length=150)
    body = models.TextField()
    environment = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    fate = models.CharField(max_length=10, choices=FeedbackFate.choices, default=FeedbackFate.WAITS)
    defect = models.ForeignKey(
        Defect, models.PROTECT, null=True, blank=True, related_name="beta_feedback"
    )
    incident = models.CharField(max_length=20, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = BetaFeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "beta feedback"
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(body=""), name="beta_feedback_says_something"
            ),
            models.CheckConstraint(
                condition=Q(fate=FeedbackFate.WAITS, decided_at=None, decided_by=None)
                | (~Q(fate=FeedbackFate.WAITS) & Q(decided_at__isnull=False)),
                name="beta_feedback_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(fate=FeedbackFate.DEFECT) | Q(defect__isnull=False),
                name="beta_feedback_names_the_defect",
            ),
            models.CheckConstraint(
                condition=~Q(fate=FeedbackFate.INCIDENT) | ~Q(incident=""),
                name="beta_feedback_names_the_incident",
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=UNDECIDED, name="beta_feedback_waits")]

    def __str__(self) -> str:
        return self.subject
