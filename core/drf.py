"""One shape for the API's errors."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import Refusal


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """A `Refusal` becomes its status with `code`, `detail` and `facts`; the rest is DRF's."""
    if isinstance(error, Refusal):
        facts = {key: str(value) for key, value in error.facts.items()}
        body = {"code": error.code, "detail": str(error), "facts": facts}
        return Response(body, status=error.status)
    return exception_handler(error, context)
