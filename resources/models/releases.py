"""Releases of the product: their files, what they fix, who fetched and who runs what."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from entitlements.enums import Edition
from entitlements.models import Licence
from entitlements.querysets import OwnedQuerySet
from resources.enums import ReleaseKind
from resources.models.defects import Defect
from resources.querysets.releases import (
    RELEASE_TO_PUBLISH,
    DownloadQuerySet,
    ReleaseFileQuerySet,
    ReleaseQuerySet,
)
from resources.rules.downloads import Offered

PERSON = settings.AUTH_USER_MODEL


class Release(models.Model):
    """One version of one edition, from draft to withdrawn.

    `place` is where the version stands among all (D2). What was published keeps its product,
    edition, version, kind and files; its words may be mended. `takes` says in the customer's words
    what an upgrade takes. A beta build names its `programme`, whose members alone get it (BT3).
    """

    product = models.CharField(max_length=120)
    edition = models.CharField(max_length=20, choices=Edition.choices)
    version = models.CharField(max_length=40)
    place = ArrayField(models.IntegerField(), size=6)
    kind = models.CharField(max_length=12, choices=ReleaseKind.choices)
    summary = models.CharField(max_length=300, blank=True)
    notes = models.TextField(blank=True)
    notes_html = models.TextField(blank=True, editable=False)
    takes = models.CharField(max_length=300, blank=True)
    programme = models.ForeignKey(
        "resources.BetaProgramme", models.PROTECT, null=True, blank=True, related_name="builds"
    )
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_for = models.CharField(max_length=500, blank=True, help_text="The customer reads it")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-place", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["product", "edition", "place"], name="release_once"),
            models.CheckConstraint(
                condition=Q(edition__in=Edition.values), name="release_known_edition"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReleaseKind.values), name="release_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(place__len=6) & ~Q(version="") & ~Q(product=""),
                name="release_has_a_version",
            ),
            models.CheckConstraint(
                condition=Q(kind=ReleaseKind.BETA, programme__isnull=False)
                | (~Q(kind=ReleaseKind.BETA) & Q(programme=None)),
                name="release_of_a_beta_is_a_build",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(publish_at=None),
                name="release_published_waits_no_more",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_for="")
                | Q(withdrawn_at__isnull=False, published_at__isnull=False) & ~Q(withdrawn_for=""),
                name="release_withdrawn_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["publish_at", "id"], condition=RELEASE_TO_PUBLISH, name="release_due"
            ),
            models.Index(
                fields=["-published_at"],
                condition=Q(published_at__isnull=False),
                name="release_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.version}, {self.get_edition_display()}"

    def get_absolute_url(self) -> str:
        return reverse("resources:release", args=[self.pk])

    @property
    def shown(self) -> SafeString:
        """Clean HTML (`core.markdown.render`), made when the notes were written."""
        return mark_safe(self.notes_html)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def offered(self) -> Offered:
        """As the rule looks at it; of a published one alone."""
        assert self.published_at is not None
        return Offered(
            id=self.pk,
            product=self.product,
            edition=self.edition,
            place=tuple(self.place),
            kind=self.kind,
            published_at=self.published_at,
            is_withdrawn=self.withdrawn_at is not None,
        )


class ReleaseFix(models.Model):
    """A known defect that a release fixes, in words that customers read."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="fixes")
    defect = models.ForeignKey(Defect, models.PROTECT, related_name="fixed_by")
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["defect__number"]
        verbose_name_plural = "release fixes"
        constraints = [models.UniqueConstraint(fields=["release", "defect"], name="release_fixes")]

    def __str__(self) -> str:
        return f"{self.defect_id}: {self.words}"


def release_file_path(file: ReleaseFile, name: str) -> str:
    """A path that says nothing of the name, and that nobody guesses."""
    return f"releases/{file.added_at:%Y/%m}/{secrets.token_hex(16)}"


class ReleaseFile(models.Model):
    """A file of a release. `sha256` is ours, of what lies in the store; the database refuses to
    change it, and to remove a file that was published.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    label = models.CharField(max_length=80, blank=True, help_text="Such as Linux x86-64, RPM")
    file = models.FileField(upload_to=release_file_path, max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    signature = models.TextField(blank=True, help_text="Detached and armoured, such as OpenPGP's")
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ReleaseFileQuerySet.as_manager()

    class Meta:
        ordering = ["label", "name"]
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="release_file_once"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0),
                name="release_file_has_a_checksum",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReleaseUpload(models.Model):
    """A file on its way to us in pieces. `received` bytes of `size` lie in the store so far."""

    token = models.CharField(max_length=32, unique=True)
    release = models.ForeignKey(Release, models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=120)
    label = models.CharField(max_length=80, blank=True)
    signature = models.TextField(blank=True)
    file = models.FileField(max_length=200)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    begun_by = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    begun_at = models.DateTimeField()
    last_piece_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(received__lte=models.F("size")), name="release_upload_is_no_more"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Download(models.Model):
    """That somebody of an organisation began to fetch a file for one of its licences."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="+")
    file = models.ForeignKey(ReleaseFile, models.PROTECT, related_name="downloads")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organisation", "-at"], name="download_of_organisation")]

    def __str__(self) -> str:
        return f"{self.file_id} at {self.at}"


class RunningVersion(models.Model):
    """Which version a licence's installation runs, as its people said last."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    licence = models.OneToOneField(Licence, models.CASCADE, related_name="running")
    version = models.CharField(max_length=40)
    place = ArrayField(models.IntegerField(), size=6)
    told_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place__len=6) & ~Q(version=""), name="running_a_version"
            )
        ]

    def __str__(self) -> str:
        return self.version


class UpgradeBought(models.Model):
    """That a licence may have an upgrade, since it was bought; staff say so."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, models.CASCADE, related_name="upgrades")
    release = models.ForeignKey(Release, models.PROTECT, related_name="bought")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "upgrades bought"
        constraints = [
            models.UniqueConstraint(fields=["licence", "release"], name="upgrade_bought_once")
        ]

    def __str__(self) -> str:
        return f"{self.licence_id}: {self.release_id}"
