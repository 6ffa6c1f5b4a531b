"""What the API says of a search."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class SearchQuestionSerializer(serializers.Serializer[Any]):
    """`q` as people type it: words, "phrases", -without, state:open and its like."""

    q = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=100_000)
    page = serializers.IntegerField(min_value=1, max_value=1000, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=50, default=20)


class HitSerializer(serializers.Serializer[Any]):
    """One thing that was found. `snippet` is plain text: escape it where you show it."""

    kind = serializers.CharField()
    number = serializers.CharField(allow_blank=True, source="shown.number")
    url = serializers.SerializerMethodField()
    title = serializers.CharField(source="shown.title")
    snippet = serializers.CharField(source="text")

    def get_url(self, hit: Any) -> str:
        return f"{self.context['site']}{hit.shown.url}"


class FoundSerializer(serializers.Serializer[Any]):
    """A page of what was found, best first.

    `more`: there are more than `count`, of which the latest were looked at; narrow the question.
    `mended` are the words that were looked for in place of mistyped ones; `problems` say in
    sentences what was not understood.
    """

    count = serializers.IntegerField(source="number")
    more = serializers.BooleanField()
    next = serializers.IntegerField(allow_null=True, help_text="The next page's number")
    previous = serializers.IntegerField(allow_null=True)
    mended = serializers.CharField(allow_blank=True)
    problems = serializers.ListField(
        child=serializers.CharField(),
        source="parsed.problems",
    )
    results = HitSerializer(many=True, source="hits")
