"""A wrong licence, service, project or reporter is put right, and decided again (G3).

As of the moment of the report, by what counted then: the decision, the Gold incident and the
moment at which the answer is owed are those that the right facts would have promised (R6). What is
late already stays late, a closed target stays as it is (C7), and what nothing covers keeps what
was promised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from entitlements.actions import packs
from entitlements.enums import EntryKind, Level, RefundReason
from entitlements.models import CoverageDecision, GoLiveProject, LedgerEntry, Licence, Service
from tickets import policies
from tickets.actions.dispatch.dispatching import dispatch_soon
from tickets.actions.ladder.internal_targets import open_internal
from tickets.actions.locking import locked
from tickets.actions.participants import is_colleague
from tickets.actions.promises.carrying import owe_from
from tickets.actions.promises.corrections import move_of, served_by
from tickets.actions.promises.redeciding import (
    decided_again,
    notify_reporter,
    replace_decision,
)
from tickets.actions.promises.targets import move_target
from tickets.errors import (
    EmptyText,
    LicenceNotFound,
    MergedAlready,
    NoColleague,
    NothingToPutRight,
    ProjectNotFound,
)
from tickets.models import Incident

FIELDS = ("licence", "service", "project", "reporter")


@dataclass(frozen=True)
class Correction:
    """Why it is decided again (`redeciding.Cause`)."""

    incident: int
    at: datetime
    facts: dict[str, int] = field(default_factory=dict)

    @property
    def effective_at(self) -> datetime:
        return self.at

    @property
    def key(self) -> str:
        return f"put-right:{self.at:%Y%m%d%H%M%S}"


@dataclass(frozen=True, kw_only=True)
class RightFacts:
    """What is right, all of it: what is the same as before is not changed."""

    licence: Licence | None
    service: Service
    project: GoLiveProject | None
    reporter: Person


@transaction.atomic
def put_right(
    incident: Incident, facts: RightFacts, *, by: Person, at: datetime, reason: str
) -> Incident:
    """Replace what is wrong, with the reason, and promise what the right facts would have.

    Errors: `NotAllowed`, `EmptyText`, `NothingToPutRight`, `MergedAlready`, `LicenceNotFound`,
    `ProjectNotFound`, `NoColleague`.
    """
    incident = locked(incident)
    if not policies.may_put_right(by, incident):
        raise NotAllowed()
    reason = clean(reason)
    if not reason:
        raise EmptyText()
    if incident.merged_into is not None:
        raise MergedAlready(number=incident.number, into=incident.merged_into.number)
    _check(incident, facts)
    before = _named(incident)
    changed = [name for name in FIELDS if getattr(incident, name) != getattr(facts, name)]
    if not changed:
        raise NothingToPutRight()
    for name in changed:
        setattr(incident, name, getattr(facts, name))
    incident.save(update_fields=changed)
    after = _named(incident)
    record(
        "incident.put_right",
        incident,
        at=at,
        by=by,
        rule="G3",
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        reason=reason,
    )
    if changed != ["reporter"]:
        _decide_again(incident, by=by, at=at)
    return incident


def _check(incident: Incident, facts: RightFacts) -> None:
    ours = incident.organisation_id
    if facts.licence is not None and facts.licence.organisation_id != ours:
        raise LicenceNotFound()
    if facts.project is not None and facts.project.organisation_id != ours:
        raise ProjectNotFound()
    if facts.reporter.pk != incident.reporter_id and not is_colleague(incident, facts.reporter):
        raise NoColleague(person=facts.reporter, organisation=incident.organisation)


def _named(incident: Incident) -> dict[str, Any]:
    """As the journal and the reports of past months read them."""
    return {
        "licence": incident.licence.key if incident.licence else "",
        "service": incident.service.name,
        "project": str(incident.project or ""),
        "reporter": incident.reporter_id,
    }


def _decide_again(incident: Incident, *, by: Person, at: datetime) -> None:
    cause = Correction(incident.pk, at)
    before = incident.decision
    served = served_by(incident, at)
    gold = _gold(incident, by=by, at=at)
    if gold is not None:
        served = [gold]  # nothing that is bought later is better, but for a project
    if not served:
        return  # what nothing covers keeps what was promised
    if before.level is None:
        replace_decision(incident, served[-1], cause, kind="incident.corrected", rule="G3")
        target = owe_from(incident, since=incident.received_at, at=at)
        open_internal(incident, at=at)
        dispatch_soon(incident)
        if target is not None:
            notify_reporter(incident, "incident_covered", cause, due_at=target.due_at)
        return
    target = incident.targets.open().select_related("level", "calendar").first()
    replace_decision(incident, served[-1], cause, kind="incident.corrected", rule="G3")
    move = move_of(target, served, entered_at=at) if target else None
    if target is None or move is None:
        return
    level, step = move
    target.incident = incident
    since, due_at = step.since_at, step.due_at
    if move_target(target, level=level, counted_from_at=since, due_at=due_at, at=at, by=by):
        notify_reporter(incident, "incident_corrected", cause, due_at=due_at)


def _gold(incident: Incident, *, by: Person, at: datetime) -> CoverageDecision | None:
    """With the Gold incident that was spent, where the right facts have one: the unit moves.

    It is given back to the pack that it came from; None where it is not spent again.
    """
    entries = LedgerEntry.objects.filter(incident=incident).select_related("pack")
    last = entries.order_by("-at", "-pk").first()
    if last is None or last.kind == EntryKind.REFUND:
        return None
    decided = decided_again(incident, incident.received_at, use_gold=True)
    if decided.pack is not None and decided.pack.pk == last.pack_id:
        return decided
    why = "Spent on a wrong licence or service, which was put right"
    back = packs.refund(incident, kind=RefundReason.CORRECTED, reason=why, by=by, at=at)
    decided = decided_again(incident, incident.received_at, use_gold=True)
    if decided.pack is None or decided.level is None or decided.level.level != Level.GOLD:
        return None
    taken = packs.reinstate(back, pack=decided.pack, reason=why, by=by, at=at)
    return decided if taken is not None else None
