"""Search in `/api/v1/`: the same words and the same walls as on the pages."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Person
from core.search.results import find
from tickets.reads.search.conditions import parsed_for
from tickets.serializers.search import FoundSerializer, SearchQuestionSerializer


class SearchView(APIView):
    """Everything that the token's person may see, of every kind."""

    @extend_schema(parameters=[SearchQuestionSerializer], responses=FoundSerializer)
    def get(self, request: Request) -> Response:
        """What `q` finds, best first. What was not understood narrows nothing, and is said."""
        asked = SearchQuestionSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        person = cast(Person, request.user)
        given = asked.validated_data
        parsed = parsed_for(given["q"], person)
        found = find(parsed, person, timezone.now(), page=given["page"], size=given["page_size"])
        return Response(FoundSerializer(found, context={"site": settings.SITE_URL}).data)
