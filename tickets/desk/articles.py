"""An article of the knowledge base made of an incident's solution."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from core.errors import Refusal
from core.reading import one_or_404
from tickets.actions.articles import article_of
from tickets.models import Incident


@require_POST
def incident_article(request: SignedInRequest, number: str) -> HttpResponse:
    """Makes the draft and leads to it; a refusal is said on the incident's page."""
    visible = Incident.objects.visible_to(request.user).select_related("organisation")
    incident = one_or_404(visible, number=number)
    try:
        made = article_of(incident, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:incident", incident.number)
    messages.success(
        request, "A draft, without names as far as they are known. Read it before it is reviewed."
    )
    return redirect("admin:article", made.article_id)
