"""Releases as the API shows them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from resources.models import Release, ReleaseFile, ReleaseFix


class ReleaseFileSerializer(serializers.ModelSerializer[ReleaseFile]):
    """`sha256` is of what lies in the store, in hexadecimal; `signature` detached and armoured."""

    class Meta:
        model = ReleaseFile
        fields = ("id", "name", "label", "size", "sha256", "signature")


class ReleaseFixSerializer(serializers.ModelSerializer[ReleaseFix]):
    defect = serializers.CharField(source="defect.number")

    class Meta:
        model = ReleaseFix
        fields = ("defect", "words")


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """With `?licence=` also whether that licence gets it: `available`, else `why_not` in words."""

    url = serializers.SerializerMethodField()
    files = ReleaseFileSerializer(many=True)
    fixes = ReleaseFixSerializer(many=True)
    available = serializers.SerializerMethodField()
    why_not = serializers.SerializerMethodField()

    class Meta:
        model = Release
        fields = (
            "id",
            "url",
            "product",
            "edition",
            "version",
            "kind",
            "summary",
            "notes",
            "published_at",
            "withdrawn_at",
            "withdrawn_for",
            "fixes",
            "files",
            "available",
            "why_not",
        )

    def get_url(self, release: Release) -> str:
        return f"{settings.SITE_URL}{release.get_absolute_url()}"

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_available(self, release: Release) -> bool | None:
        got = self._got(release)
        return got.gets if got is not None else None

    @extend_schema_field(serializers.CharField())
    def get_why_not(self, release: Release) -> str:
        got = self._got(release)
        return got.said if got is not None else ""

    def _got(self, release: Release) -> Any:
        return self.context.get("got", {}).get(release.pk)


class FetchSerializer(serializers.Serializer[Any]):
    """`licence` by id or key."""

    file = serializers.IntegerField(min_value=1)
    licence = serializers.CharField(max_length=60)


class LinkSerializer(serializers.Serializer[Any]):
    """Begin within `seconds`; a broken download goes on with `Range` for hours."""

    url = serializers.CharField()
    seconds = serializers.IntegerField()
    sha256 = serializers.CharField()
