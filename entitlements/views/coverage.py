"""What support a customer has, and what the programme offers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ContactRequest, contact_required
from entitlements.coverage_summary import projects_of, summary_of
from entitlements.matrix import matrix_of_today
from entitlements.models import LedgerEntry

PAGE = 25


@require_safe
@contact_required
def coverage(request: ContactRequest) -> HttpResponse:
    """Each licence's support, until when, what it includes; Gold with its ledger, newest first."""
    at = timezone.now()
    entries = LedgerEntry.objects.visible_to(request.user).for_list()
    return render(
        request,
        "entitlements/coverage.html",
        {
            "licences": summary_of(request.organisation, at=at),
            "projects": projects_of(request.organisation, at=at),
            "page_obj": Paginator(entries, PAGE).get_page(request.GET.get("page")),
        },
    )


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """The support programme, levels by what they include. Public, made for printing."""
    return render(request, "entitlements/programme.html", {"matrix": matrix_of_today()})
