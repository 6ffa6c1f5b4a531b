"""The views of the queue that the demo's people kept."""

from __future__ import annotations

from datetime import datetime

from accounts.enums import Role
from accounts.models import Person
from tickets.actions.saved_views import View, keep_view
from tickets.enums import ListOrder, MeantFor, Tier

EVERYBODYS = View(
    "Urgent", "priority:critical,high", order=ListOrder.PRIORITY, meant_for=MeantFor.ALL
)
TEAMS = View(
    "Migrations",
    "service:migration",
    columns=("customer", "level", "version", "owner", "active"),
    order=ListOrder.ACTIVE,
    meant_for=MeantFor.TEAM,
    tier=Tier.TS1,
)
OWN = View("Northwind", "customer:northwind")


def keep_views(at: datetime) -> None:
    """By the manager, and one by an engineer for themselves, on the first day of the story."""
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    engineer = Person.objects.filter(role=Role.TS1).order_by("pk")[0]
    keep_view(EVERYBODYS, by=manager, at=at)
    keep_view(TEAMS, by=manager, at=at)
    keep_view(OWN, by=engineer, at=at)
