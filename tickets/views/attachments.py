"""Files go through the same walls as the messages they came with."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest, person_required
from tickets.models import Attachment

# Shown as what they are; everything else, HTML and SVG above all, is only ever a download.
HARMLESS = {"image/png", "image/jpeg", "image/gif", "text/plain", "application/pdf"}


@require_safe
@person_required
def attachment(request: SignedInRequest, pk: int) -> FileResponse:
    """The file as a download, never inline, of whoever may see its message; else 404."""
    found = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the store.") from error
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=found.name,
        content_type=(
            found.content_type if found.content_type in HARMLESS else "application/octet-stream"
        ),
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response
