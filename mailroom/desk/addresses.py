"""Addresses that take no mail: seen, corrected, or said to work again by the staff."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.mending import mended
from accounts.policies import may_see_addresses
from core.paging import paged
from notices.models import BouncingAddress

PAGE = 50


@require_safe
def addresses(request: SignedInRequest) -> HttpResponse:
    """Those of the organisations that the person sees, newest first."""
    _check_allowed(request)
    found = BouncingAddress.objects.for_list(request.user)
    page = paged(found, request, size=PAGE)
    return render(request, "staff/addresses.html", {"page_obj": page})


@require_POST
def mend(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Correct an address ("correct"), or say that it works again ("works")."""
    _check_allowed(request)
    period = get_object_or_404(BouncingAddress.objects.for_list(request.user), pk=pk)
    messages.success(request, mended(request, period, name, at=timezone.now()))
    return redirect("admin:addresses")


def _check_allowed(request: SignedInRequest) -> None:
    if not may_see_addresses(request.user):
        raise Http404
