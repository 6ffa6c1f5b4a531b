"""What a calendar's newest version would change for the answers that are owed now (R4)."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from entitlements.policies import may_edit_catalogue
from entitlements.reads.current import current_calendars
from tickets.actions.promises.calendar_changes import apply_to_running, effect_on, running_on_older
from tickets.errors import CalendarChanged
from tickets.rules.promises.calendar_changes import EARLIER

SHOWN = 200  # rows; the sums are of all


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_running(request: SignedInRequest, calendar: str) -> HttpResponse:
    """The preview, and "apply": the support manager's alone. Applies a batch; repeat for more."""
    version = current_calendars().get(calendar)
    if version is None or not may_edit_catalogue(request.user):
        raise Http404
    at = timezone.now()
    if request.method == "POST":
        if request.POST.get("version") != str(version.pk):
            raise CalendarChanged(name=version.name)
        moved = apply_to_running(version, by=request.user, at=at)
        messages.success(request, f"{moved} answer{'' if moved == 1 else 's'} moved.")
        return redirect("admin:calendar_running", calendar)
    effects = [effect_on(one, version, at=at) for one in running_on_older(version)]
    counts = Counter(one.outcome for one in effects)
    context = {
        "version": version,
        "effects": effects[:SHOWN],
        "hidden": max(0, len(effects) - SHOWN),
        "counts": {name: counts[name] for name in ("earlier", "overdue", "later", "same", "past")},
        "moving": counts[EARLIER],
        "section": "Catalogue",
    }
    return render(request, "staff/calendar_running.html", context)
