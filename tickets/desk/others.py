"""Other incidents of a customer, offered while one types a number or words of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from core.reading import one_or_404
from tickets.forms.putting_right import OFFERED, meant_by
from tickets.models import Incident


@require_safe
def incident_others(request: SignedInRequest, number: str) -> HttpResponse:
    """As options of a text field, each with its number first; for htmx."""
    incident = one_or_404(Incident.objects.visible_to(request.user), number=number)
    words = request.GET.get("into", "").replace("\0", "").strip()[:200]
    found = meant_by(request.user, incident, words).filter(organisation=incident.organisation_id)
    named = found.exclude(pk=incident.pk).values_list("number", "subject")[:OFFERED]
    return HttpResponse(
        format_html_join("", '<option value="{} {}"></option>', ((a, b) for a, b in named))
    )
