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


@require_safe
def incident_proof(request: SignedInRequest, number: str) -> HttpResponse:
    """Every response target piece by piece, its warnings and breach, and the owners in time."""
    incident, at = incident_of(request.user, number), timezone.now()
    proof = proof_of(incident, at=at)
    context = {
        "incident": incident,
        "targets": proof.targets,
        "owners": proof.owners,
        "clocks": tier_times(incident, incident.handovers.all(), at=at).clocks,
        "now": at,
        "section": "Queue",
    }
    return render(request, "staff/proof.html", context)
