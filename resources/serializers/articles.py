"""Articles as the API shows them."""

from __future__ import annotations

from django.conf import settings
from rest_framework import serializers

from resources.models import Article


class ArticleSerializer(serializers.ModelSerializer[Article]):
    """`url` is the stable address of its page; `changed_at` when its present text came."""

    url = serializers.SerializerMethodField()
    title = serializers.CharField(source="live.title")
    summary = serializers.CharField(source="live.summary")
    category = serializers.CharField(source="live.category.slug")
    audience = serializers.CharField(source="live.audience")
    editions = serializers.ListField(child=serializers.CharField(), source="live.editions")
    versions = serializers.ListField(child=serializers.CharField(), source="live.versions")

    class Meta:
        model = Article
        fields: tuple[str, ...] = (
            "id",
            "slug",
            "url",
            "title",
            "summary",
            "category",
            "audience",
            "editions",
            "versions",
            "published_at",
            "changed_at",
            "checked_until",
        )

    def get_url(self, article: Article) -> str:
        return f"{settings.SITE_URL}{article.get_absolute_url()}"


class ArticleDetailSerializer(ArticleSerializer):
    """With the text: `body` as it was written (Markdown), `html` as it is shown."""

    body = serializers.CharField(source="live.body")
    html = serializers.CharField(source="live.html")

    class Meta(ArticleSerializer.Meta):
        fields = (*ArticleSerializer.Meta.fields, "body", "html")
