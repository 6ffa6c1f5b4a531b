"""Who is told about an incident, and the facts that every notice about it carries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from accounts.models import Person
from tickets.models import Incident


def watchers(incident: Incident, leads: Iterable[Person] | None = None) -> list[Person]:
    """Owner, leads and TAM: those who can keep a promise or must answer for it (X3).

    Who asks for many incidents gives the `leads`, which are the same for all.
    """
    leads = Person.objects.leads() if leads is None else leads
    people = [*leads, incident.owner, incident.organisation.tam]
    return [person for person in people if person is not None]


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
