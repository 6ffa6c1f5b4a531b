"""What the customer asks about the technical level of an incident, for both sides' pages."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects

from tickets.models import EscalationRequest, Incident


def is_asked() -> Exists:
    """For the query of an incident's page, as `is_asked`: most are never asked about."""
    return Exists(EscalationRequest.objects.filter(incident=OuterRef("pk")))


def read_requests(incident: Incident) -> None:
    """For a page that asks several times: one query for all of them, and none without one."""
    if incident.__dict__.get("is_asked", True):
        people = EscalationRequest.objects.select_related("asked_by", "answered_by")
        found = Prefetch("escalation_requests", people.order_by("asked_at", "pk"))
        prefetch_related_objects([incident], found)


def asked_to_go_up(incident: Incident) -> EscalationRequest | None:
    """The latest request, answered or not, of an incident whose requests were read."""
    if not incident.__dict__.get("is_asked", True):
        return None
    return max(incident.escalation_requests.all(), key=lambda one: one.pk, default=None)
