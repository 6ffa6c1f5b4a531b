"""A paper as the answer of a page."""

from __future__ import annotations

from django.http import HttpResponse


def paper_answer(made: bytes, name: str) -> HttpResponse:
    """It opens beside the page, under `name`, and is kept by nobody on the way."""
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)
