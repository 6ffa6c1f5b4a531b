"""The facts that every notice about an incident carries."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from tickets.models import Incident


def facts(incident: Incident) -> dict[str, Any]:
    """For staff: number, subject and the address of the page in the admin."""
    return {
        "number": incident.number,
        "subject": incident.subject,
        "url": f"{settings.SITE_URL}/admin/incidents/{incident.number}/",
    }


def customer_facts(incident: Incident) -> dict[str, Any]:
    """For customers: the same with the address of the page in the portal."""
    return facts(incident) | {"url": f"{settings.SITE_URL}/incidents/{incident.number}/"}
