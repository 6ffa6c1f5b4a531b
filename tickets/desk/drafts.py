"""What an engineer is writing on an incident, kept while they type."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.errors import NotAllowed
from core.reading import one_or_404
from tickets import policies
from tickets.actions.drafts import DraftOf
from tickets.enums import DraftKind
from tickets.forms.drafts import typed_meanwhile
from tickets.models import Incident


@require_http_methods(["GET", "HEAD", "POST"])
def incident_draft(request: SignedInRequest, number: str, kind: str) -> HttpResponse:
    """Their own draft of an answer or a note, as JSON; see `typed_meanwhile`."""
    if kind not in (DraftKind.ANSWER, DraftKind.NOTE):
        raise Http404
    incident = one_or_404(Incident.objects.visible_to(request.user), number=number)
    if not policies.may_answer(request.user, incident):
        raise NotAllowed()
    return typed_meanwhile(
        request, DraftOf(request.user, DraftKind(kind), incident), at=timezone.now()
    )
