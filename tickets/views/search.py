"""Search in the portal: what customers may read, and nothing that is said internally."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ContactRequest, contact_required
from tickets.reads.search.asking import asked_for


@require_safe
@contact_required
def search(request: ContactRequest) -> HttpResponse:
    """What `?q=` finds, best first."""
    at = timezone.now()
    asked = asked_for(request.GET.dict(), request.user, at)
    context = {"asked": asked, "found": asked.found, "now": at, "search_words": asked.text}
    return render(request, "tickets/search.html", context)
