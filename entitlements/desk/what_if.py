"""Coverage for engineers: any licence of the organisations that they may see."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import Organisation
from core.admin import Site
from core.text import clean
from entitlements.forms.what_if import WhatIfForm
from entitlements.models import Licence

FOUND = 20  # organisations that a search lists


@require_safe
def coverage_page(request: SignedInRequest) -> HttpResponse:
    """First the customer (`?q=`, then `?organisation=`), then the question; stores nothing.

    A request of htmx gets the answer alone.
    """
    visible = Organisation.objects.visible_to(request.user)
    if "organisation" in request.GET:
        slug = clean(request.GET["organisation"])
        return _asked(request, get_object_or_404(visible, slug=slug))
    words = clean(request.GET.get("q", ""))[:100]
    found: list[Organisation] = []
    if words:
        owning = Licence.objects.visible_to(request.user).held().filter(key__iexact=words)
        named = Q(name__icontains=words) | Q(pk__in=owning.values("organisation"))
        found = list(visible.filter(named).order_by("name", "pk")[:FOUND])
    context = {"words": words, "found": found, "most": FOUND, "section": "Coverage"}
    return render(request, "staff/coverage.html", context)


def _asked(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    question = request.GET if "service" in request.GET else None
    form = WhatIfForm(request.user, organisation, question)
    answer = form.answer(now=timezone.now()) if form.is_valid() else None
    context = {
        "form": form,
        "answer": answer,
        "organisation": organisation,
        "for_staff": True,
        "section": "Coverage",
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "entitlements/_what_if_answer.html", context)
    return render(request, "staff/coverage.html", context)


assert isinstance(admin.site, Site)
admin.site.add_pages(("coverage/", coverage_page, "coverage"))
