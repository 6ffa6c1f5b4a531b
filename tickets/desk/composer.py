"""What the composer asks for while somebody writes: a preview, and what it can insert."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from core import markdown
from core.errors import NotAllowed
from core.reading import one_or_404
from core.text import clean, clean_block
from tickets import policies
from tickets.models import Incident
from tickets.reads.canned import CannedRow, canned_rows
from tickets.reads.composing import Row, articles, colleagues, defects


@require_POST
def composer_preview(request: SignedInRequest) -> HttpResponse:
    """The text as it will be read, in HTML; the same renderer that the message gets."""
    return HttpResponse(markdown.render(clean_block(request.POST.get("body", ""))))


@require_safe
def composer_sources(request: SignedInRequest, number: str) -> HttpResponse:
    """What fits the words, as JSON: `source` is canned, links or people."""
    visible = Incident.objects.visible_to(request.user)
    whole = visible.select_related(
        "organisation", "reporter", "service", "defect", "decision__level"
    )
    incident = one_or_404(whole, number=number)
    if not policies.may_answer(request.user, incident):
        raise NotAllowed()
    words = clean(request.GET.get("q", ""))[:80]
    rows: list[Row] | list[CannedRow] = []
    if request.GET.get("source") == "canned":
        rows = canned_rows(incident, request.user, words)
    elif request.GET.get("source") == "links":
        rows = [*articles(incident, words, timezone.now()), *defects(request.user, words)]
    elif request.GET.get("source") == "people":
        rows = colleagues(incident, words)
    return JsonResponse({"rows": [one.shown() for one in rows]})
