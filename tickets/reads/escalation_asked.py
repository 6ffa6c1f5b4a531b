"""What the customer asks about the technical level of an incident, for both sides' pages."""

from __future__ import annotations

from django.db.models import Prefetch

from tickets.models import EscalationRequest, Incident


def with_requests() -> Prefetch[str]:
    """For a page that asks several times: one query for all of them."""
    people = EscalationRequest.objects.select_related("asked_by", "answered_by")
    return Prefetch("escalation_requests", people.order_by("asked_at", "pk"))


def asked_to_go_up(incident: Incident) -> EscalationRequest | None:
    """The latest request, answered or not, of an incident read `with_requests`."""
    return max(incident.escalation_requests.all(), key=lambda one: one.pk, default=None)
