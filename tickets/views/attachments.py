"""Files go through the same walls as the messages they came with."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest, layout_of, person_required
from tickets.models import Attachment
from tickets.reads.files import shown

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


@require_safe
@person_required
def attachment_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """The file to look at: a picture, a mail, or a text with its lines (`#L318`, `?from=`).

    Text is escaped and nothing of the file runs; whoever may not see its message gets a 404.
    """
    visible = Attachment.objects.visible_to(request.user).select_related("message__incident")
    found = get_object_or_404(visible, pk=pk)
    asked = request.GET.get("from", "")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    try:
        seen = shown(found, first=first)
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the store.") from error
    staff = not request.user.is_customer
    context = {
        "file": found,
        "incident": found.message.incident,
        "seen": seen,
        "layout": layout_of(request.user),
        "back": "admin:incident" if staff else "tickets:detail",
        "section": "Queue",
    }
    response = render(request, "tickets/attachment.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
