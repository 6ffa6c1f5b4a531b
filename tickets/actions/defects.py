"""Known defects of the product: which incidents come from them, and that they are fixed."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.journal import entry, record, record_all
from core.text import clean
from notices.actions import notices_to, owe
from tickets import policies
from tickets.actions import audience
from tickets.actions.locking import locked
from tickets.errors import (
    BuildMissing,
    DefectFixed,
    DefectNotFixed,
    DefectNumberUnusable,
    DefectUnknown,
    NoDefect,
    NotAllowed,
)
from tickets.models import Defect, Incident

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,29}", re.ASCII)
_RULE = "rule 7"


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
    defect = _known_or_new(clean(number).upper(), clean(title), by=by, at=at)
    if incident.defect_id != defect.pk:
        incident.defect = defect
        incident.save(update_fields=["defect"])
        record("incident.defect_linked", incident, at=at, by=by, rule=_RULE, defect=defect.number)
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
    record("incident.defect_unlinked", incident, at=at, by=by, rule=_RULE, defect=before)


@transaction.atomic
def fix_defect(defect: Defect, *, build: str, by: Person, at: datetime) -> int:
    """It is fixed from `build` on; how many unfinished incidents' owners, or leads, are told.

    Errors: `NotAllowed`, `BuildMissing`, `DefectFixed`.
    """
    if not policies.may_keep_defects(by):
        raise NotAllowed()
    build = clean(build)
    if not build:
        raise BuildMissing()
    defect = _held(defect)
    if defect.fixed_at is not None:
        raise DefectFixed(number=defect.number, build=defect.fixed_in)
    defect.fixed_in, defect.fixed_at = build, at
    defect.save(update_fields=["fixed_in", "fixed_at"])
    record("defect.fixed", defect, at=at, by=by, rule=_RULE, build=build)
    return _tell(defect, "defect_fixed", by=by, at=at, build=build)


@transaction.atomic
def reopen_defect(defect: Defect, *, reason: str, by: Person, at: datetime) -> int:
    """The fix does not hold; the same are told. Errors: `NotAllowed`, `DefectNotFixed`."""
    if not policies.may_keep_defects(by):
        raise NotAllowed()
    defect = _held(defect)
    if defect.fixed_at is None:
        raise DefectNotFixed(number=defect.number)
    build, reason = defect.fixed_in, clean(reason)
    defect.fixed_in, defect.fixed_at = "", None
    defect.save(update_fields=["fixed_in", "fixed_at"])
    record("defect.reopened", defect, at=at, by=by, rule=_RULE, build=build, reason=reason)
    return _tell(defect, "defect_reopened", by=by, at=at, build=build, reason=reason)


def _known_or_new(number: str, title: str, *, by: Person, at: datetime) -> Defect:
    """Held, so that who is linked while it is being fixed is told as well, or reads it fixed."""
    if not _NUMBER.fullmatch(number):
        raise DefectNumberUnusable()
    known = Defect.objects.select_for_update().filter(number=number).first()
    if known is not None:
        return known
    if not policies.may_keep_defects(by):
        raise DefectUnknown(number=number, help="An engineer of TS2 or TS3 can record it.")
    if not title:
        raise DefectUnknown(number=number, help="Give its title, too, to record it.")
    defect, is_new = Defect.objects.get_or_create(
        number=number, defaults={"title": title[:200], "recorded_by": by, "recorded_at": at}
    )
    if is_new:
        record("defect.recorded", defect, at=at, by=by, rule=_RULE, title=defect.title)
    return _held(defect)


def _held(defect: Defect) -> Defect:
    return Defect.objects.select_for_update().get(pk=defect.pk)


def _tell(defect: Defect, kind: str, *, by: Person, at: datetime, **facts: str) -> int:
    """One notice an incident that is still worked on: to its owner, else to the leads."""
    linked = Incident.objects.filter(defect=defect).unfinished().select_related("owner")
    incidents = list(linked.order_by("pk"))
    leads = list(Person.objects.leads()) if any(one.owner is None for one in incidents) else []
    record_all(
        entry(f"incident.{kind}", one, at=at, by=by, rule=_RULE, defect=defect.number, **facts)
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
