"""Two defects of the product that the demo's incidents come from: one to be fixed, one fixed."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.enums import Role
from accounts.models import Organisation, Person
from tickets.actions.defects import fix_defect, link_defect
from tickets.models import Incident

EACH = 3  # incidents; they are the newest with the subject

DEFECTS = (
    ("AX-10412", "Invitations without a zone take the server's", "Calendar invitations", ""),
    ("AX-10387", "Push waits for the next poll after a failover", "Push mail on phones", "10.6.2"),
)


def find_defects(customer: Organisation, ends: datetime) -> None:
    """`customer` has one of each, so that the portal shows both."""
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    at = ends - timedelta(hours=20)
    for number, title, subject, build in DEFECTS:
        alike = Incident.objects.filter(subject__startswith=subject, received_at__lt=at)
        newest = alike.order_by("-received_at")
        defect = None
        for incident in (*newest.filter(organisation=customer)[:1], *newest[:EACH]):
            defect = link_defect(incident, number=number, title=title, by=manager, at=at)
        if defect is not None and build:
            fix_defect(defect, build=build, by=manager, at=at + timedelta(hours=15))
