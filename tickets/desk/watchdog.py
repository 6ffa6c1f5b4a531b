"""The watchdog: whether the sweeps keep up, for those who answer for the promises."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from core.errors import NotAllowed
from core.registries import panels_of
from tickets import policies
from tickets.reads import watchdog


@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    """The oldest due moment nobody looked at, how far behind each sweep is, its last run."""
    if not policies.may_see_watchdog(request.user):
        raise NotAllowed()
    sweeps = watchdog.sweeps()
    now = sweeps[0].now
    context = {
        "sweeps": sweeps,
        "worst": max((one for one in sweeps if one.is_late), key=_behind, default=None),
        "silent": [one for one in sweeps if one.is_silent],
        "differences": watchdog.differences_since(now - watchdog.AUDITED),
        "panels": panels_of("watchdog", request),
        "now": now,
        "section": "Watchdog",
    }
    return render(request, "staff/watchdog.html", context)


def _behind(sweep: watchdog.Sweep) -> float:
    return sweep.behind.total_seconds()
