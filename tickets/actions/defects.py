"""Known defects of the product: which incidents come from them, and that they are fixed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import entry, record, record_all
from core.text import clean
from notices.outbox import notices_to, owe
from resources.actions.defects import RULE, known_or_recorded, mark_fixed, mark_open_again
from resources.models import Defect
from tickets import policies
from tickets.actions import audience
from tickets.actions.locking import locked
from tickets.errors import NoDefect
from tickets.models import Incident


@transaction.atomic
def link_defect(
    incident: Incident, *, number: str, by: Person, at: datetime, title: str = ""
) -> Defect:
    """Say that the incident comes from the defect; one that the desk does not know is recorded.

    Whatever the incident's state, and instead of the defect that was named before. Safe to repeat.
    Errors: `NotAllowed`, `DefectNumberUnusable`, `DefectUnknown`.
    """
    incident = locked(incident)
    if not policies.may_link_defect(by, incident):
        raise NotAllowed()
    defect = known_or_recorded(clean(number).upper(), clean(title), by=by, at=at)
    if incident.defect_id != defect.pk:
        incident.defect = defect
        incident.save(update_fields=["defect"])
        record("incident.defect_linked", incident, at=at, by=by, rule=RULE, defect=defect.number)
    return defect


@transaction.atomic
def unlink_defect(incident: Incident, *, by: Person, at: datetime) -> None:
    """It comes from something else. Errors: `NotAllowed`, `NoDefect`."""
    incident = locked(incident)
    if not policies.may_link_defect(by, incident):
        raise NotAllowed()
    if incident.defect is None:
        raise NoDefect(number=incident.number)
    before, incident.defect = incident.defect.number, None
    incident.save(update_fields=["defect"])
    record("incident.defect_unlinked", incident, at=at, by=by, rule=RULE, defect=before)


@transaction.atomic
def fix_defect(defect: Defect, *, build: str, by: Person, at: datetime) -> int:
    """It is fixed from `build` on; how many unfinished incidents' owners, or leads, are notified.

    Errors: `NotAllowed`, `BuildMissing`, `DefectFixed`.
    """
    defect = mark_fixed(defect, build=build, by=by, at=at)
    return _notify(defect, "defect_fixed", by=by, at=at, build=defect.fixed_in)


@transaction.atomic
def reopen_defect(defect: Defect, *, reason: str, by: Person, at: datetime) -> int:
    """The fix does not hold; the same are notified. Errors: `NotAllowed`, `DefectNotFixed`."""
    reason = clean(reason)
    build = mark_open_again(defect, reason=reason, by=by, at=at)
    return _notify(defect, "defect_reopened", by=by, at=at, build=build, reason=reason)


def _notify(defect: Defect, kind: str, *, by: Person, at: datetime, **facts: str) -> int:
    """One notice an incident that is still worked on: to its owner, else to the leads."""
    linked = Incident.objects.filter(defect=defect).unfinished().select_related("owner")
    incidents = list(linked.order_by("pk"))
    leads = list(Person.objects.leads()) if any(one.owner is None for one in incidents) else []
    record_all(
        entry(f"incident.{kind}", one, at=at, by=by, rule=RULE, defect=defect.number, **facts)
        for one in incidents
    )
    words: dict[str, Any] = {"defect": str(defect), **facts}
    notices = [
        notice
        for one in incidents
        for notice in notices_to(
            [person for person in ([one.owner] if one.owner else leads) if person != by],
            kind,
            key=f"{kind}:{defect.pk}:{one.pk}:{at.isoformat()}",
            at=at,
            about=one,
            **words,
            **audience.facts(one),
        )
    ]
    owe(notices)
    return len(incidents)
