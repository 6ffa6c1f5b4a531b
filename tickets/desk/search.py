"""Search for the engineers: everything that they may see, whatever its state."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from tickets.reads.search.asking import asked_for


@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """What `?q=` finds, best first; a number's own incident on top of it."""
    at = timezone.now()
    asked = asked_for(request.GET.dict(), request.user, at)
    context = {"asked": asked, "found": asked.found, "now": at, "search_words": asked.text}
    return render(request, "staff/search.html", context)


@require_safe
def search_suggestions(request: SignedInRequest) -> HttpResponse:
    """The first of what `?q=` finds so far, as the options below the field; for htmx."""
    asked = asked_for(request.GET.dict(), request.user, timezone.now(), is_typing=True)
    return render(request, "staff/_search_suggestions.html", {"asked": asked, "found": asked.found})
