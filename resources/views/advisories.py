"""What a customer does about security advisories: somebody reads them for all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.http import ContactRequest, contact_required
from resources.actions.newsletters.advisories import mark_read


@require_POST
@contact_required
def advisory_read(request: ContactRequest, pk: int) -> HttpResponse:
    """Somebody there has read it: the portal reminds them no more."""
    found = mark_read(pk, by=request.user, at=timezone.now())
    messages.success(request, gettext("Noted: your organisation has read it."))
    return redirect(found.issue)
