"""What the tests of the incident desk share: a covered customer, a report, moments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import Organisation
from core.journal import entries_of
from core.journal import label as label_of
from entitlements.enums import Level
from entitlements.models import Licence
from notices.models import Notice
from tests.factories import (
    NINE,
    make_contact,
    make_licence,
    make_organisation,
    make_pack,
    make_subscription,
)
from tickets.actions.dispatch.dispatching import dispatch
from tickets.actions.filing import Report, file_incident
from tickets.models import Incident, ResponseTarget

HANDOVER = {
    "reason": "It needs the debugger.",
    "tried": "A restart.",
    "reproduction": "Sign in 200 times at once.",
    "environment": "10.5 on Debian 12",
}


def moment(text: str) -> datetime:
    """An aware moment as the scenarios write it, such as 2026-07-08T18:10+02:00."""
    return datetime.fromisoformat(text)


def covered(
    level: str = Level.PREMIUM, *, organisation: Organisation | None = None, gold: int = 0
) -> Licence:
    """A licence that holds `level` at nine, and `gold` incidents in a pack."""
    licence = make_licence(organisation or make_organisation())
    make_subscription(licence, level=level)
    if gold:
        make_pack(licence, quantity=gold)
    return licence


def filed(licence: Licence | None = None, **fields: Any) -> Incident:
    """A report about `licence` (Premium unless given) by a new contact, through the action."""
    licence = licence or covered()
    how: dict[str, Any] = {
        name: fields.pop(name) for name in ("at", "by", "call_logged") if name in fields
    }
    asked: dict[str, Any] = {
        "service": "troubleshooting",
        "subject": "IMAP stops answering",
        "body": "It stopped this morning.",
        "licence": licence,
    }
    if "reporter" not in fields:
        fields["reporter"] = make_contact(licence.organisation)
    how = {"at": NINE} | how
    incident = file_incident(Report(**asked | fields), **how)
    dispatch(incident, at=how["at"])  # as a worker does within a second
    return incident


def level_of(incident: Incident) -> str | None:
    level = incident.decision.level
    return level.level if level else None


def target_of(incident: Incident) -> ResponseTarget:
    """The latest one."""
    return incident.targets.order_by("-cycle")[0]


def told(incident: Incident, template: str) -> set[str]:
    """To whom a notice of this template about the incident is owed: their addresses."""
    owed = Notice.objects.filter(subject=label_of(incident), template=template)
    people = list(owed.values_list("to__email", flat=True))
    assert len(people) == len(set(people)), "somebody was notified twice"
    return set(people)


def journal(incident: Incident) -> list[str]:
    return [entry.kind for entry in entries_of(incident)]
