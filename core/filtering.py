"""What narrows the API's lists; a misspelt filter is refused, not ignored."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.pagination import PARAMETERS


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # carries no types
    """django-filter's, for which `?stat=open` is a mistake of whoever asks: 400, with the names.

    Only of lists: what asks for one row narrows nothing.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        if getattr(view, "action", "list") == "list":
            filters = self.get_filterset(request, queryset, view)
            known = {*PARAMETERS, *(filters.filters if filters is not None else ())}
            unknown = sorted(set(request.query_params) - known)
            if unknown:
                names = ", ".join(sorted(known))
                raise ValidationError(
                    {one: [f"There is no such filter. There are {names}."] for one in unknown}
                )
        return super().filter_queryset(request, queryset, view)
