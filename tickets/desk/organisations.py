"""The customers as their engineers see them: who they are, what they hold, what goes on."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import Organisation, Person
from core.paging import slice_of
from core.registries import panels_of
from core.text import clean
from entitlements.models import IncidentPack, LedgerEntry, Licence
from entitlements.policies import may_see_contracts
from entitlements.reads.availability import ways_of
from entitlements.reads.coverage_summary import licences_of, summary_of
from tickets.enums import UNFINISHED
from tickets.models import Incident

RECENT = 10
CARDS = 24  # licences whose support is shown
MOVEMENTS = 20


@require_safe
def organisations(request: SignedInRequest) -> HttpResponse:
    """Every customer this person serves, by name; `?q=` narrows."""
    words = clean(request.GET.get("q", ""))[:100]
    found = Organisation.objects.visible_to(request.user).select_related("tam", "partner")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(country__iexact=words))
    page = slice_of(found.order_by("name", "pk"), request.GET.get("page"))
    counts = _open_counts(request, page.rows)
    context = {
        "page": page,
        "rows": [(one, counts.get(one.pk, 0)) for one in page.rows],
        "words": words,
        "section": "Organisations",
    }
    return render(request, "staff/organisations.html", context)


@require_safe
def organisation(request: SignedInRequest, slug: str) -> HttpResponse:
    """One customer: facts, people, licences with what they hold, packs, recent incidents."""
    at = timezone.now()
    visible = Organisation.objects.visible_to(request.user).select_related("tam", "partner")
    found = get_object_or_404(visible, slug=slug)
    incidents = Incident.objects.visible_to(request.user).filter(organisation=found)
    packs = IncidentPack.objects.visible_to(request.user).filter(organisation=found)
    moved = LedgerEntry.objects.visible_to(request.user).filter(organisation=found)
    context = {
        "organisation": found,
        "people": Person.objects.visible_to(request.user).filter(organisation=found),
        "coverage": summary_of(found, at=at, licences=licences_of(found)[:CARDS]),
        "ways": ways_of(found, at=at),
        "packs": packs.select_related("licence").order_by("-purchased_at"),
        "movements": moved.select_related("pack__licence", "incident", "by").order_by("-pk")[
            :MOVEMENTS
        ],
        "incidents": incidents.for_list().newest_first()[:RECENT],
        "transferred": _transferred(request, found),
        "may_see_contracts": may_see_contracts(request.user, found),
        "panels": panels_of("organisation", request),
        "now": at,
        "section": "Organisations",
    }
    return render(request, "staff/organisation.html", context)


def _transferred(request: SignedInRequest, organisation: Organisation) -> QuerySet[Licence]:
    """The licences that it gave away, the last first. Who has them now only who may see both."""
    gone = Licence.objects.visible_to(request.user).filter(
        organisation=organisation, transferred_at__isnull=False
    )
    return gone.select_related("successor__organisation").order_by("-transferred_at")


def _open_counts(request: SignedInRequest, rows: Sequence[Organisation]) -> dict[int, int]:
    visible = Incident.objects.visible_to(request.user)
    open_ones = visible.filter(organisation__in=rows, state__in=UNFINISHED)
    counted = open_ones.order_by().values_list("organisation").annotate(n=Count("pk"))
    return dict(counted)
