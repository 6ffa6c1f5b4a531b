"""How the API's lists are cut into pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

LARGEST = 200
CURSOR = "cursor"
PARAMETERS = frozenset({"page", "page_size", CURSOR, "format"})


class CursorPages(CursorPagination):
    """Pages that stay where they are while rows come in; the list's own order."""

    page_size_query_param = "page_size"
    max_page_size = LARGEST

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """By plain fields alone, which a cursor can hold; by the newest row otherwise."""
        order = tuple(str(one) for one in queryset.query.order_by)
        plain = all("__" not in one and one.lstrip("-").isidentifier() for one in order)
        return order if order and plain else ("-pk",)


class Pagination(PageNumberPagination):
    """`?page=2&page_size=100`, at most 200 a page; with `?cursor=` pages by a cursor.

    Follow `next`. A page number may show a row twice when something came in meanwhile, a cursor
    does not.
    """

    page_size_query_param = "page_size"
    max_page_size = LARGEST

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        self._cursor = CursorPages() if CURSOR in request.query_params else None
        if self._cursor is not None:
            return self._cursor.paginate_queryset(queryset, request, view)
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        if self._cursor is not None:
            return self._cursor.get_paginated_response(data)
        return super().get_paginated_response(data)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor = {
            "name": CURSOR,
            "required": False,
            "in": "query",
            "description": "Empty for the first page by a cursor; then follow `next`.",
            "schema": {"type": "string"},
        }
        return [*super().get_schema_operation_parameters(view), cursor]
