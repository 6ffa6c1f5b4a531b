"""The articles of `/api/v1/`: read only, those that the token's person may read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import viewsets
from rest_framework.serializers import BaseSerializer

from accounts.models import Person
from resources.models import Article
from resources.reads.readers import reader_of
from resources.serializers.articles import ArticleDetailSerializer, ArticleSerializer


class ArticleViewSet(viewsets.ReadOnlyModelViewSet[Article]):
    """The knowledge base, by address."""

    queryset = Article.objects.none()
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Article]:
        person = self.request.user
        assert isinstance(person, Person)
        visible = Article.objects.visible_to(reader_of(person, timezone.now()))
        return visible.select_related("live__category").order_by("-changed_at", "-pk")

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return ArticleSerializer if self.action == "list" else ArticleDetailSerializer
