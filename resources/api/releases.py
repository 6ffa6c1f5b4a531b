"""The releases of `/api/v1/`, and links to fetch their files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from core.events.file_passes import BEGIN_WITHIN
from core.reading import one_or_404
from entitlements.models import Licence
from resources.actions.releases.downloading import fetch
from resources.filters import ReleaseFilter
from resources.models import Release
from resources.reads.readers import kind_of_reader
from resources.reads.releases.holding import got_by, published_releases, what_licences_have
from resources.reads.releases.pages import licences_for_downloads
from resources.serializers.releases import FetchSerializer, LinkSerializer, ReleaseSerializer


class ReleaseViewSet(viewsets.ReadOnlyModelViewSet[Release]):
    """The published releases, the highest version first; `?licence=` says what that one gets."""

    queryset = Release.objects.none()
    serializer_class = ReleaseSerializer
    filterset_class = ReleaseFilter

    def get_queryset(self) -> QuerySet[Release]:
        visible = Release.objects.visible_to(kind_of_reader(self._person))
        return visible.published().with_files().order_by("-place", "pk")

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        asked = self.request.query_params.get("licence", "") if self.request else ""
        if asked:
            licence, at = self._licence(asked), timezone.now()
            has = what_licences_have([licence], licence.organisation.timezone)[licence.pk]
            context["got"] = got_by(licence, has, published_releases(), at)
        return context

    @extend_schema(request=FetchSerializer, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def download(self, request: Request, pk: str = "") -> Response:
        """A link to one file, for a licence that gets it; else 403 `not_in_your_licence`."""
        asked = FetchSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        release: Release = self.get_object()
        file = one_or_404(release.files.select_related("release"), pk=asked.validated_data["file"])
        licence = self._licence(asked.validated_data["licence"])
        link = fetch(file, licence, by=self._person, at=timezone.now())
        said = {
            "url": f"{settings.SITE_URL}{link}",
            "seconds": BEGIN_WITHIN,
            "sha256": file.sha256,
        }
        return Response(LinkSerializer(said).data)

    @property
    def _person(self) -> Person:
        person = self.request.user
        assert isinstance(person, Person)
        return person

    def _licence(self, asked: str) -> Licence:
        by_key = Q(key=asked)
        by_id = Q(pk=int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 16 else Q()
        found = licences_for_downloads(self._person).filter(by_key | by_id if by_id else by_key)
        licence = found.first()
        if licence is None:
            raise NotFound("There is no such licence.")
        return licence
