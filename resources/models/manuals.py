"""Documentation: manuals, their versions, pages and pictures."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from entitlements.enums import Edition
from entitlements.levels import level_choices
from resources.enums import Audience, ManualKind, ManualState
from resources.querysets.manuals import (
    ManualPageQuerySet,
    ManualPictureQuerySet,
    ManualQuerySet,
    ManualVersionQuerySet,
)

PERSON = settings.AUTH_USER_MODEL


class Manual(models.Model):
    """What is documented, whatever the version. Without `editions` it is for each."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=14, choices=ManualKind.choices)
    product = models.CharField(max_length=120)
    editions = ArrayField(
        models.CharField(max_length=20, choices=Edition.choices), default=list, blank=True
    )
    audience = models.CharField(max_length=12, choices=Audience.choices)
    levels = ArrayField(
        models.CharField(max_length=10, choices=level_choices), default=list, blank=True
    )
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = ManualQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug="") & ~Q(title=""), name="manual_is_named"),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="manual_known_audience"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ManualKind.values), name="manual_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.LEVELS, levels__len__gt=0)
                | (~Q(audience=Audience.LEVELS) & Q(levels=[])),
                name="manual_levels_where_levels_read",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("resources:manual", args=[self.slug])

    @property
    def edition_names(self) -> list[str]:
        return [str(Edition(one).label) for one in self.editions]


def manual_path(version: ManualVersion, name: str) -> str:
    """A path that says nothing of the name, and that nobody guesses."""
    return f"manuals/{version.added_at:%Y/%m}/{secrets.token_hex(16)}"


class ManualVersion(models.Model):
    """A manual as it was for one version of the product. Its pages never change: see `ManualPage`.

    `file` is the PDF; of pages, all of them as a zip for who has no network. `is_preview`: the
    version of the product is not released yet. `missing` are links that led to nothing.
    """

    manual = models.ForeignKey(Manual, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=40)
    place = ArrayField(models.IntegerField(), size=6)
    state = models.CharField(max_length=8, choices=ManualState.choices, default=ManualState.DRAFT)
    is_preview = models.BooleanField(default=False)
    is_pdf = models.BooleanField(default=False)
    home = models.CharField(max_length=200, blank=True)
    file = models.FileField(upload_to=manual_path, max_length=200)
    file_name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    missing = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ManualVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-place"]
        constraints = [
            models.UniqueConstraint(
                fields=["manual", "place"],
                condition=~Q(state=ManualState.RETIRED),
                name="manual_version_once",
            ),
            models.CheckConstraint(
                condition=Q(state=ManualState.DRAFT, published_at=None)
                | ~Q(state=ManualState.DRAFT) & Q(published_at__isnull=False),
                name="manual_published_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(place__len=6) & ~Q(version=""), name="manual_has_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manual.title} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("resources:manual_version", args=[self.manual.slug, self.version])


class ManualPage(models.Model):
    """One page, clean, under the path by which its neighbours link to it."""

    version = models.ForeignKey(ManualVersion, models.CASCADE, related_name="pages")
    path = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    html = models.TextField()
    text = models.TextField()

    objects = ManualPageQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["version", "path"], name="manual_page_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        version = self.version
        return reverse(
            "resources:manual_page", args=[version.manual.slug, version.version, self.path]
        )

    @property
    def shown(self) -> SafeString:
        """Clean HTML (`core.foreign_pages`), made when the manual came."""
        return mark_safe(self.html)


def manual_picture_path(picture: ManualPicture, name: str) -> str:
    return manual_path(picture.version, name)


class ManualPicture(models.Model):
    """A picture of a manual; an SVG is one that neither runs nor fetches anything."""

    version = models.ForeignKey(ManualVersion, models.CASCADE, related_name="pictures")
    path = models.CharField(max_length=200)
    file = models.FileField(upload_to=manual_picture_path, max_length=200)
    content_type = models.CharField(max_length=40)

    objects = ManualPictureQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="manual_picture_once")
        ]

    def __str__(self) -> str:
        return self.path
