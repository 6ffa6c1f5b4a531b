"""The knowledge base: articles, their versions, files, addresses, and what readers make of them."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from entitlements.enums import Edition, Level
from entitlements.levels import level_choices
from entitlements.querysets import OwnedQuerySet
from resources.enums import OPEN_STATES, Answered, Audience, VersionState
from resources.querysets.articles import (
    TO_PUBLISH,
    ArticleFileQuerySet,
    ArticleQuerySet,
    ArticleVersionQuerySet,
    CategoryQuerySet,
)

PERSON = settings.AUTH_USER_MODEL
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Category(models.Model):
    """A shelf of the knowledge base; `position` is its place on the page."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("resources:topic", args=[self.slug])


class Article(models.Model):
    """One article. `live` is the version that readers see, None before and after.

    A draft never changes what is read: it is the next version. `checked_until` is the last day for
    which somebody vouches for it. `made_of` is the number of the incident that it was made of,
    which only staff read; `defects` are the known defects that it is about.
    """

    slug = models.SlugField(max_length=80, unique=True)
    live = models.OneToOneField(
        "ArticleVersion", models.PROTECT, null=True, blank=True, related_name="live_of"
    )
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True, help_text="For the first time")
    changed_at = models.DateTimeField(null=True, blank=True, help_text="When `live` came")
    checked_until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    made_of = models.CharField(max_length=20, blank=True)
    defects = models.ManyToManyField("resources.Defect", blank=True, related_name="articles")

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="article_has_an_address"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(live=None), name="article_withdrawn_is_not_read"
            ),
            models.CheckConstraint(
                condition=Q(live=None) | Q(published_at__isnull=False, changed_at__isnull=False),
                name="article_read_since_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["checked_until"],
                condition=Q(live__isnull=False),
                name="article_to_check",
            ),
            models.Index(
                fields=["-changed_at"], condition=Q(live__isnull=False), name="article_newest"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("resources:article", args=[self.slug])


class ArticleVersion(models.Model):
    """What an article says, and to whom. Written once it is published, never changed since.

    `files` are the names of the article's files that it shows. Without `editions` it applies to
    all, so with `versions` of the product, each the beginning of one ("10.6").
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=VersionState.choices, default=VersionState.DRAFT)
    title = models.CharField(max_length=150)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    html = models.TextField(blank=True, editable=False)
    files = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="versions")
    audience = models.CharField(max_length=12, choices=Audience.choices)
    levels = ArrayField(
        models.CharField(max_length=10, choices=level_choices), default=list, blank=True
    )
    editions = ArrayField(
        models.CharField(max_length=20, choices=Edition.choices), default=list, blank=True
    )
    versions = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    change = models.CharField(max_length=200, blank=True, help_text="What changed, in a line")
    written_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    sent_back_for = models.CharField(max_length=500, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state__in=OPEN_STATES), name="article_one_next"
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state=VersionState.LIVE), name="article_one_live"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""), name="article_version_has_words"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="article_known_audience"
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.LEVELS, levels__len__gt=0)
                | (~Q(audience=Audience.LEVELS) & Q(levels=[])),
                name="article_levels_where_levels_read",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.READY, publish_at__isnull=False)
                | ~Q(state=VersionState.READY),
                name="article_ready_for_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[VersionState.LIVE, VersionState.OLD])
                & Q(published_at__isnull=False)
                | Q(state__in=OPEN_STATES, published_at=None),
                name="article_published_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["publish_at", "id"], condition=TO_PUBLISH, name="article_due")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def shown(self) -> SafeString:
        """Clean HTML (`core.markdown.render_page`), made when it was written."""
        return mark_safe(self.html)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def edition_names(self) -> list[str]:
        return [str(Edition(one).label) for one in self.editions]

    @property
    def level_names(self) -> list[str]:
        return [str(Level(one).label) for one in self.levels]


def article_file_path(file: ArticleFile, name: str) -> str:
    """A path that says nothing of the name that came from outside."""
    return f"articles/{file.added_at:%Y/%m}/{secrets.token_hex(16)}"


class ArticleFile(models.Model):
    """A picture or file of an article. Never replaced: a published version goes on showing it."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="attached")
    token = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    file = models.FileField(upload_to=article_file_path, max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ArticleFileQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["article", "name"], name="article_file_once")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("resources:file", args=[self.token])

    @property
    def is_picture(self) -> bool:
        return self.content_type in PICTURES


class ArticleAddress(models.Model):
    """An address that an article had before: it leads to the present one for ever."""

    slug = models.SlugField(max_length=80, unique=True)
    article = models.ForeignKey(Article, models.PROTECT, related_name="former")
    left_at = models.DateTimeField()

    class Meta:
        ordering = ["-left_at"]
        verbose_name_plural = "article addresses"

    def __str__(self) -> str:
        return self.slug


class ArticleVote(models.Model):
    """Whether an article helped a customer's person, and a word why; the last word counts."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, models.PROTECT, related_name="votes")
    helped = models.BooleanField()
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="Somebody acted on it")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "person"], name="article_one_vote")
        ]
        indexes = [
            models.Index(
                fields=["article"],
                condition=Q(helped=False, settled_at=None),
                name="article_unhelpful",
            )
        ]

    def __str__(self) -> str:
        return f"{'helped' if self.helped else 'did not help'}: {self.article_id}"


class ArticleUse(models.Model):
    """An answer of ours named an article. The incident is an upper room's: its key alone."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, models.PROTECT, related_name="uses")
    incident_id = models.BigIntegerField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "incident_id"], name="article_used_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} for {self.incident_id}"


class Deflection(models.Model):
    """Somebody who was about to report said that this answered it: `subject_id` of its kind."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Answered.choices)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Answered.values), name="deflection_known_kind"
            )
        ]
        indexes = [models.Index(fields=["kind", "subject_id"], name="deflection_of")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id}"


class MissedSearch(models.Model):
    """Words for which readers found no article, and how often; nothing says who they were."""

    words = models.CharField(max_length=120, unique=True)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = [F("times").desc(), "words"]
        verbose_name_plural = "missed searches"
        indexes = [
            models.Index(fields=["-times"], condition=Q(settled_at=None), name="missed_search_open")
        ]

    def __str__(self) -> str:
        return f"{self.words} ({self.times})"
