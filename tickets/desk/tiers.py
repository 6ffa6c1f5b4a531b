"""What the technical levels set themselves: the managers' settings (X2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.errors import Refusal
from tickets import policies
from tickets.actions.ladder.tier_targets import set_tier_targets
from tickets.forms.tiers import TierTargetsForm
from tickets.models import TierTargetVersion

SHOWN = 20  # versions


@require_http_methods(["GET", "HEAD", "POST"])
def tier_targets(request: SignedInRequest) -> HttpResponse:
    """The targets that count from now on, to edit, with the versions before them."""
    if not policies.may_set_alarms(request.user):
        raise Http404  # others do not learn that there is such a page
    form, status = TierTargetsForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = set_tier_targets(form.wanted(), by=request.user, at=timezone.now())
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                said = "Saved. They count for what comes to a level from now on."
                messages.success(request, said if made else "Nothing was different.")
                return redirect("admin:tier_targets")
    history = TierTargetVersion.objects.select_related("made_by").order_by("-made_at", "-pk")
    context = {"form": form, "history": history[:SHOWN], "section": "Levels' own targets"}
    return render(request, "staff/tier_targets.html", context, status=status)
