"""The ledger of one pack of Gold incidents: who, when, what, why, and the balance after each."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from core.paging import paged
from entitlements.models import IncidentPack, LedgerEntry

PAGE = 200  # a page is printed


@require_safe
@login_required
def pack_ledger(request: SignedInRequest, pk: int) -> HttpResponse:
    """For the customer whose pack it is, and for the staff who see that customer.

    The oldest entry comes first, so that the balances can be followed down the page.
    """
    person = request.user
    packs = IncidentPack.objects.visible_to(person).select_related("organisation", "licence")
    pack = get_object_or_404(packs, pk=pk)
    entries = LedgerEntry.objects.visible_to(person).filter(pack=pack)
    ordered = entries.select_related("incident", "by").order_by("pk")
    context = {
        "pack": pack,
        "page_obj": paged(ordered, request, size=PAGE),
        "layout": "portal_base.html" if person.is_customer else "staff_base.html",
        "section": "entitlements:coverage" if person.is_customer else "Organisations",
    }
    return render(request, "entitlements/pack_ledger.html", context)
