"""Why was this due then, who was notified when, and who had it: one page for a supervisor."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from tickets.desk.incident import incident_of
from tickets.reads.proof import proof_of
from tickets.reads.tier_clocks import tier_times
from tickets.reads.why_me import why_me


@require_safe
def incident_proof(request: SignedInRequest, number: str) -> HttpResponse:
    """Every response target piece by piece, its warnings and breach, and the owners in time."""
    incident, at = incident_of(request.user, number), timezone.now()
    proof = proof_of(incident, at=at)
    times = tier_times(incident, incident.handovers.all(), at=at)
    context = {
        "incident": incident,
        "why_me": why_me(incident, request.user),
        "times": times,
        "targets": proof.targets,
        "owners": proof.owners,
        "clocks": times.clocks,
        "now": at,
        "section": "Queue",
    }
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "staff/incident/_tab_proof.html" if is_part else "staff/proof.html"
    return render(request, template, context)
