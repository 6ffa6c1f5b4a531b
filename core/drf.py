"""One shape for the API's errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core import nesting
from core.errors import Refusal


class JSONParser(parsers.JSONParser):
    """DRF's, which answers with 400 what would break whoever reads it: see `core.nesting`."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            value = super().parse(stream, media_type, parser_context)
            nesting.check(value)
        except RecursionError:
            raise ParseError(nesting.TOO_DEEP) from None
        except nesting.BadJson as error:
            raise ParseError(str(error)) from None
        return value


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """A `Refusal` becomes its status with `code`, `detail` and `facts`; the rest is DRF's."""
    if isinstance(error, Refusal):
        facts = {key: str(value) for key, value in error.facts.items()}
        body = {"code": error.code, "detail": str(error), "facts": facts}
        return Response(body, status=error.status)
    return exception_handler(error, context)
