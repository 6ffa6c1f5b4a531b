"""Incidents of the desk before, for whoever may see them: customers and staff alike."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest, layout_of, person_required
from accounts.models import Organisation
from core.paging import slice_of
from core.reading import one_or_404
from core.text import clean
from office.models import OldFile, OldIncident
from office.reads.history import conversation_of

SECTION = "Organisations"


@require_safe
@person_required
def old_incidents(request: SignedInRequest) -> HttpResponse:
    """The latest first; `?organisation=` (its short name) narrows, for staff."""
    found = OldIncident.objects.visible_to(request.user).select_related("organisation")
    slug = clean(request.GET.get("organisation", ""))[:80]
    of = None
    if slug:
        of = one_or_404(Organisation.objects.visible_to(request.user), slug=slug)
        found = found.filter(organisation=of)
    context = {
        "page": slice_of(found.order_by("-opened_at", "-pk"), request.GET.get("page")),
        "of": of,
        "layout": layout_of(request.user),
        "section": SECTION,
    }
    return render(request, "office/history/list.html", context)


@require_safe
@person_required
def old_incident(request: SignedInRequest, pk: int) -> HttpResponse:
    """One of them with what was said, as it was there."""
    visible = OldIncident.objects.visible_to(request.user).select_related("organisation")
    found = one_or_404(visible, pk=pk)
    context = {
        "incident": found,
        "said": conversation_of(found, request.user),
        "layout": layout_of(request.user),
        "section": SECTION,
    }
    return render(request, "office/history/incident.html", context)


@require_safe
@person_required
def old_file(request: SignedInRequest, pk: int) -> FileResponse:
    """As a download, never inline."""
    found = one_or_404(OldFile.objects.visible_to(request.user), pk=pk)
    if not found.file:
        raise Http404("The archive that it came in lacked this file.")
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the store.") from error
    response = FileResponse(
        opened, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response
