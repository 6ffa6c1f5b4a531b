"""What the technical levels set themselves: the managers' settings (X2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.form_pages import submitted
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
    form = TierTargetsForm(request.POST or None)

    def save() -> HttpResponse:
        made = set_tier_targets(form.wanted(), by=request.user, at=timezone.now())
        said = "Saved. They count for what comes to a level from now on."
        messages.success(request, said if made else "Nothing was different.")
        return redirect("admin:tier_targets")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    history = TierTargetVersion.objects.select_related("made_by").order_by("-made_at", "-pk")
    context = {"form": form, "history": history[:SHOWN], "section": "Levels' own targets"}
    return render(request, "staff/tier_targets.html", context, status=status)
