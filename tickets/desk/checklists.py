"""What TS2 wants to find before it takes an incident: the managers' settings (X1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.form_pages import submitted
from tickets import policies
from tickets.actions.ladder.checklists import set_checklists
from tickets.forms.checklists import ChecklistsForm
from tickets.models import HandoverChecklist

SHOWN = 20  # versions


@require_http_methods(["GET", "HEAD", "POST"])
def checklists(request: SignedInRequest) -> HttpResponse:
    """The lists that count from now on, to edit, with the versions before them."""
    if not policies.may_set_alarms(request.user):
        raise Http404  # others do not learn that there is such a page
    form = ChecklistsForm(request.POST or None)

    def save() -> HttpResponse:
        made = set_checklists(form.wanted(), by=request.user, at=timezone.now())
        said = "Saved. They count for what is escalated from now on."
        messages.success(request, said if made else "Nothing was different.")
        return redirect("admin:checklists")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    history = HandoverChecklist.objects.select_related("service", "made_by")
    context = {
        "form": form,
        "history": history.order_by("-made_at", "-pk")[:SHOWN],
        "section": "Hand-over checklists",
    }
    return render(request, "staff/checklists.html", context, status=status)
