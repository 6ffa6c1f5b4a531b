"""What a customer is writing, kept while they type."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import ContactRequest, contact_required
from core.reading import one_or_404
from tickets.actions.drafts import DraftOf
from tickets.enums import DraftKind
from tickets.forms.drafts import typed_meanwhile
from tickets.models import Incident


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def report_draft(request: ContactRequest) -> HttpResponse:
    """Of the report that is not filed yet."""
    return typed_meanwhile(request, DraftOf(request.user, DraftKind.REPORT), at=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def message_draft(request: ContactRequest, number: str) -> HttpResponse:
    """Of a message on an incident."""
    incident = one_or_404(Incident.objects.visible_to(request.user), number=number)
    return typed_meanwhile(
        request, DraftOf(request.user, DraftKind.MESSAGE, incident), at=timezone.now()
    )
