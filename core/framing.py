"""Pages of foreign or unchecked words, in a frame that nothing can leave."""

from __future__ import annotations

from django.http import HttpResponse

# Scripts, forms and whatever would be loaded are refused by the browser, too, should cleaning ever
# let something through. Links open a window of their own.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


def framed(content: str, *, status: int = 200, content_type: str = "text/html") -> HttpResponse:
    """A document for an `iframe` of our own pages, kept by nobody."""
    response = HttpResponse(content, status=status, content_type=f"{content_type}; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def as_download(content: bytes, name: str) -> HttpResponse:
    """Bytes of strangers as a download that no browser opens by itself; `name` is ours."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
