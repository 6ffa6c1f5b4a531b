"""Where an incident stands between its report and the release that fixes it, as one line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Count, Max
from django.urls import reverse

from accounts.enums import VENDOR_ROLES
from accounts.models import Person
from core.journal import entries_of
from core.registries import Reported
from resources.reads.loop import Step, loops_of
from tickets.models import Incident

IN_BETA = "incident.fix_in_beta"
_TOLD = {
    IN_BETA: "Told of the build",
    "incident.fix_released": "Told by mail",
    "incident.fix_withdrawn": "Told that the fix does not hold",
}


def loop_of_incident(incident: Incident, person: Person, at: datetime) -> Sequence[Step]:
    """Nothing for one that comes from no known defect; else three statements."""
    if incident.defect is None:
        return ()
    reported = Step("inbox", "Reported", at=incident.received_at)
    (loop,) = loops_of([incident.defect], person, at, with_ends=False)
    knows = knows_builds(loop.steps) or not person.is_customer
    return [reported, *loop.steps, *_told(incident, knows)]


def knows_builds(steps: Sequence[Step]) -> bool:
    """Whether the line was made for somebody who may know the beta build with the fix (BT3)."""
    return any(one.is_build for one in steps)


def _told(incident: Incident, knows: bool) -> list[Step]:
    """That its own people were told, as its journal has it."""
    kinds = [one for one in _TOLD if knows or one != IN_BETA]
    entries = entries_of(incident).filter(kind__in=kinds).order_by("-at", "-pk")
    one = entries.first()
    if one is None or not one.facts.get("people"):
        return []
    return [Step("mail", _TOLD[one.kind], at=one.at)]


def reports_from(person: Person, defects: Collection[int]) -> dict[int, Reported]:
    """By defect, the incidents that this person sees; customers are led to their latest."""
    if not (person.is_customer or person.role in VENDOR_ROLES):
        return {}
    seen = Incident.objects.visible_to(person).filter(defect__in=defects).order_by()
    counted = seen.values("defect", "defect__number").annotate(
        incidents=Count("pk", distinct=True),
        customers=Count("organisation", distinct=True),
        number=Max("number"),
    )
    return {
        row["defect"]: Reported(
            row["incidents"],
            row["customers"],
            row["number"],
            reverse("tickets:detail", args=[row["number"]])
            if person.is_customer
            else reverse("admin:defect", args=[row["defect__number"]]),
        )
        for row in counted
    }
