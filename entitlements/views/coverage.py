"""What support a customer has, and what the programme offers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ContactRequest, contact_required
from core.paging import paged
from core.text import clean
from entitlements import policies
from entitlements.models import LedgerEntry
from entitlements.reads.availability import ways_of
from entitlements.reads.coverage_summary import licences_of, projects_of, summary_of
from entitlements.reads.matrix import matrix_of_today
from entitlements.reads.renewals import lines_for

PAGE = 25


@require_safe
@contact_required
def coverage(request: ContactRequest) -> HttpResponse:
    """How the vendor can be reached now, what each licence has, Gold with its ledger.

    25 licences a page (`?licences=`), by key; `?key=` narrows to those with these signs in it.
    """
    at, key = timezone.now(), clean(request.GET.get("key", ""))[:60]
    entries = LedgerEntry.objects.visible_to(request.user).for_list()
    held = licences_of(request.organisation).filter(key__icontains=key)
    licences = paged(held, request, size=PAGE, name="licences")
    return render(
        request,
        "entitlements/coverage.html",
        {
            "licence_page": licences,
            "licences": summary_of(request.organisation, at=at, licences=licences.object_list),
            "key": key,
            "may_order": policies.may_order(request.user, request.organisation),
            "ways": ways_of(request.organisation, at=at),
            "renewals": lines_for(request.organisation, at=at),
            "projects": projects_of(request.organisation, at=at),
            "page_obj": paged(entries, request, size=PAGE),
        },
    )


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """The support programme, levels by what they include. Public, made for printing."""
    return render(request, "entitlements/programme.html", {"matrix": matrix_of_today()})
