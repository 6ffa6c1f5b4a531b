"""Whom an alarm reaches: the groups and telephones that a policy's step names (X3).

As shipped the owner, the leads and the account manager at 75 % and 90 % and at the breach
(`AS_SHIPPED` in `rules.promises.alarm_steps`), unless the level's own policy says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from accounts.enums import ENGINEER_ROLES, Role
from accounts.models import Assignment, Person
from notices.sending.calling import number_of
from rota.reads.duty import on_duty
from tickets.enums import Tier
from tickets.models import Incident
from tickets.rules.promises.alarm_steps import Step

_TEAM = {Tier.TS1: (Role.TS1, Role.PARTNER), Tier.TS2: (Role.TS2,), Tier.TS3: (Role.TS3,)}


class AlarmPeople:
    """The people behind the groups at `at`, read once for many incidents.

    Only the groups that one of the steps names are asked for; the incidents come with owner,
    organisation and its account manager.
    """

    def __init__(self, steps: Iterable[Step], at: datetime) -> None:
        steps = list(steps)
        groups = {group for step in steps for group in step.notify}
        calls = {step.call for step in steps} - {""}
        active = Person.objects.active()
        managers = active.filter(role=Role.MANAGER).order_by("pk")
        self._leads = list(active.leads()) if "leads" in groups else []
        self._managers = list(managers) if "managers" in groups or calls else []
        wants_duty = "on_duty" in groups or calls
        self._on_duty = _engineers(on_duty(active, at=at)) if wants_duty else []
        self._managing = list(on_duty(managers, at=at)) if calls else []
        self._team = _engineers(active) if "team" in groups else []

    def told(self, incident: Incident, step: Step) -> list[Person]:
        """Who is mailed, each once, in the order of the step's groups."""
        found = [one for group in step.notify for one in self._group(incident, group)]
        return list({one.pk: one for one in found}.values())

    def called(self, incident: Incident, step: Step) -> Person | None:
        """Whose telephone rings: the owner's if they are on duty, else the first's in line.

        An engineer on duty for the incident, a manager on duty where none has a number that can
        be called, then any manager. None when nobody has one.
        """
        if not step.call:
            return None
        line = [*self._managing, *self._managers]
        if step.call == "on_duty":
            engineers = [one for one in self._on_duty if _works_on(one, incident)]
            engineers.sort(key=lambda one: (one.pk != incident.owner_id, one.pk))
            line = [*engineers, *line]
        return next((one for one in line if number_of(one)), None)

    def _group(self, incident: Incident, group: str) -> list[Person]:
        if group in ("owner", "tam"):
            one = incident.owner if group == "owner" else incident.organisation.tam
            return [] if one is None else [one]
        if group == "on_duty":
            return [one for one in self._on_duty if _works_on(one, incident)]
        if group == "team":
            return [one for one in self._team if _works_on(one, incident)]
        return self._leads if group == "leads" else self._managers


def _engineers(people: QuerySet[Person]) -> list[Person]:
    of = Prefetch("assignments", Assignment.objects.all())
    return list(people.filter(role__in=ENGINEER_ROLES).prefetch_related(of).order_by("pk"))


def _works_on(person: Person, incident: Incident) -> bool:
    """Whether an engineer's team has the incident now, and they serve the organisation."""
    if person.role not in _TEAM[Tier(incident.tier)]:
        return False
    if person.role == Role.PARTNER:
        return person.partner_id == incident.organisation.partner_id
    serves = {one.organisation_id for one in person.assignments.all()}
    return person.role != Role.TS1 or not serves or incident.organisation_id in serves
