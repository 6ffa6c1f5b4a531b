"""An open page says up to where its reader has come; nothing else of it changes anything."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from tickets.actions.seen import mark_seen
from tickets.models import Incident


@require_POST
def seen(request: SignedInRequest, number: str) -> HttpResponse:
    """`upto` is the key of the last message that the page showed. What is no key says nothing."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user), number=number)
    asked = request.POST.get("upto", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        mark_seen(incident, by=request.user, upto=int(asked), at=timezone.now())
    return HttpResponse(status=204)
