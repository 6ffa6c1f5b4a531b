"""One writer at a time on an incident."""

from __future__ import annotations

from tickets.models import Incident


def locked(incident: Incident) -> Incident:
    """The row as it is now, held until the end of the transaction, with all that actions read."""
    rows = Incident.objects.select_for_update(of=("self",)).select_related(
        "organisation__tam",
        "owner",
        "reporter__organisation",
        "service",
        "licence",
        "decision__level__calendar",
        "decision__pack",
    )
    return rows.get(pk=incident.pk)
