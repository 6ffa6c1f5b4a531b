"""Responses compressed by us, where no proxy does it (`COMPRESS_RESPONSES`).

The length of a compressed page tells a listener whether what they put into it repeats a secret of
it (BREACH). So pages that hold one for longer than an answer are left alone: sign-in and second
factors, below `/accounts/`. On all others no secret stays the same from one answer to the next:
Django masks each CSRF token anew, the keys of forms are fresh, a token of the API is shown once;
and each answer is longer by a random number of bytes.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

LEFT_ALONE = ("/accounts/",)
TEXT = ("text/", "application/json", "application/vnd.oai.openapi", "image/svg")


class CompressMiddleware(GZipMiddleware):
    """Text of our pages and of the API, for those who accept gzip."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if (
            not settings.COMPRESS_RESPONSES
            or response.streaming  # a file, whose length the browser shows
            or request.path.startswith(LEFT_ALONE)
            or not kind.startswith(TEXT)
        ):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
