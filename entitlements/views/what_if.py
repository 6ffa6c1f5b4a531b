"""What if I reported this? Which level would serve it, and by when a human would answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ContactRequest, contact_required
from entitlements.forms.what_if import WhatIfForm


@require_safe
@contact_required
def what_if(request: ContactRequest) -> HttpResponse:
    """A question by GET about the organisation's own licences; nothing is stored or spent.

    A request of htmx gets the answer alone.
    """
    form = WhatIfForm(request.user, request.organisation, request.GET or None)
    answer = form.answer(now=timezone.now()) if form.is_valid() else None
    context = {"form": form, "answer": answer, "section": "entitlements:coverage"}
    template = "_what_if_answer.html" if request.htmx else "what_if.html"  # type: ignore[attr-defined]
    return render(request, f"entitlements/{template}", context)
