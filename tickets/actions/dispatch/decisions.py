"""Keeping what dispatch decided: with its reasons, in the journal, and told to whom it concerns.

Many decisions cost as many statements as one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from accounts.models import Person
from core.journal import entry, record_all
from entitlements.reads.current import working_calendar
from notices.models import Notice
from notices.outbox import notices_to, owe
from tickets.actions import audience
from tickets.actions.dispatch.roster import Decision
from tickets.enums import State
from tickets.models import Dispatch, Incident, ResponseTarget
from tickets.rules.dispatch.choosing import Considered

KEPT = 40  # of those considered, with a decision
NAMED = 10  # of those, in the notice that nobody fits


@dataclass(frozen=True)
class Given:
    """An incident with its new owner, and the decision that chose them."""

    incident: Incident
    decision: Decision
    at: datetime
    reason: str = ""


def keep(given: Collection[Given]) -> None:
    """Store the decisions with their reasons, and tell who got what."""
    targets = owed_to([one.incident for one in given])
    kept = [_dispatch(one, targets.get(one.incident.pk)) for one in given]
    Dispatch.objects.bulk_create(kept)
    record_all(
        entry(
            "incident.dispatched",
            one.incident,
            at=one.at,
            by=None,
            rule="rule 6",
            to=stored.to_id,
            dispatch=stored.pk,
            reason=one.reason,
        )
        for one, stored in zip(given, kept, strict=True)
    )
    owe([told for one in given for told in _assigned(one, targets.get(one.incident.pk))])


def owed_to(incidents: Iterable[Incident]) -> dict[int, ResponseTarget]:
    """The open targets of the incidents, by incident, with their calendars."""
    owed = ResponseTarget.objects.open().filter(incident__in=[one.pk for one in incidents])
    return {one.incident_id: one for one in owed.select_related("calendar")}


def _dispatch(given: Given, target: ResponseTarget | None) -> Dispatch:
    incident, decision = given.incident, given.decision
    take_by = None
    if target is not None and incident.state == State.NEW:
        calendar = working_calendar(target.calendar)
        take_by = calendar.due(given.at, target.target * decision.rules.take_within / 100)
    return Dispatch(
        organisation_id=incident.organisation_id,
        incident=incident,
        to_id=decision.considered[0].person,
        considered=[asdict(one) for one in decision.considered[:KEPT]],
        rules_id=decision.version,
        reason=given.reason,
        at=given.at,
        take_by=take_by if target and take_by and take_by < target.due_at else None,
    )


def _assigned(given: Given, target: ResponseTarget | None) -> list[Notice]:
    incident, chosen = given.incident, given.decision.considered[0]
    return notices_to(
        [incident.owner] if incident.owner else [],
        "incident_assigned",
        key=f"assigned:{incident.pk}:{chosen.person}:{given.at:%Y%m%d%H%M%S}",
        at=given.at,
        about=incident,
        due_at=target.due_at.isoformat() if target else None,
        why=f"Why you: {chosen.sentence}." + (f" {given.reason}" if given.reason else ""),
        **audience.facts(incident),
    )


def notify_nobody_fits(
    waiting: Sequence[tuple[Incident, list[Considered], int]], at: datetime
) -> None:
    """The leads, once each time that it waits: for somebody's room or duty.

    Each incident comes with who was considered, and to how many it was given before.
    """
    fresh = [one for one in waiting if one[0].dispatch_tried_at is None]
    if not fresh:
        return
    leads = list(Person.objects.leads())
    targets = owed_to([incident for incident, *_ in fresh])
    owed = []
    for incident, considered, times in fresh:
        reasons = [f"{one.name} {one.sentence}." for one in considered[:NAMED]]
        key = f"unassigned:{incident.pk}" + (f":{times}" if times else "")
        target = targets.get(incident.pk)
        owed += _to_leads(leads, incident, "incident_unassigned", key, reasons, target, at)
    owe(owed)


def notify_it_waits(incident: Incident, at: datetime) -> None:
    """The leads, once an incident: as many as the rules allow had it, and nobody took it."""
    target = owed_to([incident]).get(incident.pk)
    leads, key = Person.objects.leads(), f"lies:{incident.pk}"
    owe(_to_leads(leads, incident, "incident_lies", key, [], target, at))


def _to_leads(
    leads: Iterable[Person],
    incident: Incident,
    template: str,
    key: str,
    reasons: list[str],
    target: ResponseTarget | None,
    at: datetime,
) -> list[Notice]:
    return notices_to(
        leads,
        template,
        key=key,
        at=at,
        about=incident,
        owner=str(incident.owner) if incident.owner else "",
        reasons=reasons,
        due_at=target.due_at.isoformat() if target else None,
        **audience.facts(incident),
    )
