"""Known defects of the product: the list, and one with its incidents; for the vendor's people."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.form_pages import submitted
from core.paging import paged
from core.words import counted
from resources import policies
from resources.models import Defect
from tickets.actions.defects import fix_defect, reopen_defect
from tickets.forms.defects import FixForm, ReopenForm
from tickets.models import Incident

PAGE = 50
SECTION = "Known defects"


def _check_allowed(request: SignedInRequest) -> None:
    if not policies.may_see_defects(request.user):
        raise Http404  # others do not learn that there is such a page


@require_safe
def defects(request: SignedInRequest) -> HttpResponse:
    """Those that are not fixed first, then what was fixed last.

    Counted are the unfinished incidents that the reader sees.
    """
    _check_allowed(request)
    found = Defect.objects.order_by(F("fixed_at").desc(nulls_first=True), "-recorded_at", "-pk")
    page = paged(found, request, size=PAGE)
    seen = Incident.objects.visible_to(request.user).unfinished().filter(defect__in=list(page))
    counted = seen.order_by().values_list("defect").annotate(Count("pk"))
    counts = dict(counted)
    context = {
        "page": page,
        "rows": [(one, counts.get(one.pk, 0)) for one in page],
        "section": SECTION,
    }
    return render(request, "staff/defects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def defect(request: SignedInRequest, defect: str) -> HttpResponse:
    """One with its incidents; "build" posted fixes it, "reason" opens it again."""
    _check_allowed(request)
    found = get_object_or_404(Defect, number=defect)
    form_class = FixForm if found.fixed_at is None else ReopenForm
    form = form_class(request.POST or None)

    def act() -> HttpResponse:
        messages.success(request, _done(request, found, form.cleaned_data))
        return redirect("admin:defect", found.number)

    done, status = submitted(request, form, act)
    if done is not None:
        return done
    linked = Incident.objects.visible_to(request.user).filter(defect=found)
    page = paged(linked.for_list().newest_first(), request, size=PAGE)
    may_keep = policies.may_keep_defects(request.user)
    context = {"defect": found, "page": page, "form": form if may_keep else None}
    return render(request, "staff/defect.html", context | {"section": SECTION}, status=status)


def _done(request: SignedInRequest, defect: Defect, asked: dict[str, str]) -> str:
    if defect.fixed_at is None:
        told = fix_defect(defect, by=request.user, at=timezone.now(), **asked)
        said = f"{defect.number} is fixed in {asked['build']}."
    else:
        told = reopen_defect(defect, by=request.user, at=timezone.now(), **asked)
        said = f"{defect.number} is open again."
    if not told:
        return f"{said} No incident waits for it."
    return f"{said} Those who have the {counted(told, 'unfinished incident')} are notified."
