"""The moderators' button that makes an incident of a topic."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from core.errors import Refusal
from core.reading import one_or_404
from resources.models import Topic
from resources.policies import may_moderate
from tickets.actions.forum import incident_of_topic


@require_POST
def forum_incident(request: SignedInRequest, pk: int) -> HttpResponse:
    """File it for whoever asked; a refusal is said on the topic's page."""
    if not may_moderate(request.user):
        raise Http404
    topic = one_or_404(Topic.objects.select_related("board", "asked_by"), pk=pk)
    try:
        incident = incident_of_topic(topic, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(topic)
    messages.success(request, f"It became {incident.number}, which its asker reads by mail.")
    return redirect("admin:incident", incident.number)
