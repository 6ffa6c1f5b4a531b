"""Two defects of the product that the demo's incidents come from: one to be fixed, one fixed."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.enums import Role
from accounts.models import Organisation, Person
from resources.actions.articles.writing import name_defects
from resources.actions.defects import Known, describe
from resources.models import Article
from tickets.actions.defects import link_defect
from tickets.models import Incident

EACH = 3  # incidents; they are the newest with the subject

# Number, title, subject of the incidents, days before the end, the state that is known since.
DEFECTS = (
    (
        "AX-10412",
        "Invitations without a zone take the server's",
        "Calendar invitations",
        1,
        "under_way",
    ),
    (  # fixed by the release of nine days before (`axsupport.demo.online.releases`)
        "AX-10387",
        "Push waits for the next poll after a failover",
        "Push mail on phones",
        12,
        "known",
    ),
)


def find_defects(customer: Organisation, ends: datetime) -> None:
    """`customer` has one of each, so that the portal shows both."""
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    for number, title, subject, days, state in DEFECTS:
        at = ends - timedelta(days=days)
        alike = Incident.objects.filter(subject__startswith=subject, received_at__lt=at)
        newest = alike.order_by("-received_at")
        defect = None
        for incident in (*newest.filter(organisation=customer)[:1], *newest[:EACH]):
            defect = link_defect(incident, number=number, title=title, by=manager, at=at)
        if defect is not None:
            describe(defect, Known(title=title, state=state), by=manager, at=at)


def explain_defects(ends: datetime) -> None:
    """The articles that name one are about it."""
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    for number, *_ in DEFECTS:
        about = Article.objects.filter(live__body__contains=number)
        for article in about:
            name_defects(article, [number], by=manager, at=ends - timedelta(hours=12))
