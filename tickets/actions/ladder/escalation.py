"""TS1 > TS2 > TS3 and back (X1). The customer's target and the owner stay as they are.

Who works on it at TS2 or TS3 is found anew at each step, and ends with the next one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean_block
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience
from tickets.actions.dispatch.dispatching import dispatch
from tickets.actions.dispatch.workers import TEAM, end_work, find_worker
from tickets.actions.ladder.checklists import tick
from tickets.actions.ladder.escalation_requests import settle_request
from tickets.actions.ladder.internal_targets import end_internal, open_internal
from tickets.actions.locking import locked
from tickets.enums import UNFINISHED, Tier
from tickets.errors import AlreadyFinished, HandoverIncomplete, HighestTier, LowestTier
from tickets.models import Handover, Incident


@transaction.atomic
def escalate(
    incident: Incident,
    *,
    by: Person,
    at: datetime,
    reason: str,
    tried: str,
    reproduction: str,
    environment: str,
    logs: str = "",
    ticked: Collection[str] = (),
    unticked_because: str = "",
) -> Handover:
    """Hand the incident to the next tier with what its team needs to start (rule 7).

    To TS2 by the checklist of its service, where it has one: `ticked` are items of it.

    Errors: `NotAllowed`, `AlreadyFinished`, `HighestTier`, `HandoverIncomplete`.
    """
    incident = locked(incident)
    if not policies.may_escalate(by, incident):
        raise NotAllowed()
    _check_unfinished(incident)
    if incident.tier == Tier.TS3:
        raise HighestTier()
    told = {
        "the reason": clean_block(reason),
        "what was tried": clean_block(tried),
        "how to reproduce it": clean_block(reproduction),
        "the environment": clean_block(environment),
    }
    missing = [name for name, text in told.items() if not text]
    if missing:
        raise HandoverIncomplete(missing=", ".join(missing))
    handover = Handover(
        reason=told["the reason"],
        tried=told["what was tried"],
        reproduction=told["how to reproduce it"],
        environment=told["the environment"],
        logs=clean_block(logs),
    )
    if incident.tier == Tier.TS1:
        tick(handover, incident.service_id, ticked, unticked_because)
    worker = _hand_over(incident, handover, Tier(incident.tier + 1), by=by, at=at)
    settle_request(incident, is_accepted=True, by=by, at=at)
    if worker is None:  # nobody on duty has room: whoever of them comes first takes it
        team = list(Person.objects.active().filter(role=TEAM[Tier(incident.tier)]))
        _notify(team, "incident_escalated", incident, handover, reason=handover.reason)
    return handover


def begin_at_ts2(incident: Incident, handover: Handover, *, by: Person, at: datetime) -> None:
    """A fresh incident that TS2 took up itself: it works on it from the first moment (BT4).

    Call it in the transaction that files it; the caller checked that `by` may.
    """
    worker = _hand_over(incident, handover, Tier.TS2, by=by, at=at)
    if worker is None:
        team = list(Person.objects.active().filter(role=TEAM[Tier.TS2]))
        _notify(team, "incident_escalated", incident, handover, reason=handover.reason)


@transaction.atomic
def give_back(
    incident: Incident, *, by: Person, at: datetime, result: str, to_tier: int | None = None
) -> Handover:
    """Back to a lower tier, one down unless told otherwise, with what was found.

    Its owner has it again; without one dispatch finds somebody who talks to the customer.
    Errors: `NotAllowed`, `AlreadyFinished`, `LowestTier`, `HandoverIncomplete`.
    """
    incident = locked(incident)
    to = incident.tier - 1 if to_tier is None else to_tier
    if not Tier.TS1 <= to < incident.tier:
        raise LowestTier(number=incident.number, tier=incident.get_tier_display())
    if not policies.may_give_back(by, incident):
        raise NotAllowed()
    _check_unfinished(incident)
    if not clean_block(result):
        raise HandoverIncomplete(missing="the result")
    handover = Handover(reason=clean_block(result))
    _hand_over(incident, handover, Tier(to), by=by, at=at)
    owner = incident.owner or dispatch(incident, at=at, reason="It came back, and nobody had it.")
    people = [owner] if owner else list(Person.objects.leads())
    _notify(people, "incident_given_back", incident, handover, result=handover.reason)
    return handover


def _check_unfinished(incident: Incident) -> None:
    if incident.state not in UNFINISHED:
        raise AlreadyFinished(number=incident.number, state=incident.get_state_display().lower())


def _hand_over(
    incident: Incident, handover: Handover, to: Tier, *, by: Person, at: datetime
) -> Person | None:
    """Who works on it at the tier that it came to, if anybody is found."""
    handover.organisation_id = incident.organisation_id
    handover.incident = incident
    handover.from_tier, handover.to_tier = incident.tier, to
    handover.by, handover.at = by, at
    handover.worker = end_work(incident)
    handover.save()
    end_internal(incident, at=at)
    incident.tier = to
    incident.save(update_fields=["tier", "worker"])
    open_internal(incident, at=at)
    kind = "incident.escalated" if to > handover.from_tier else "incident.given_back"
    facts = {"before": handover.from_tier, "after": int(to), "worker": handover.worker_id}
    record(kind, incident, at=at, by=by, rule="X1", **facts)
    return find_worker(incident, at=at, reason=f"{by} handed it over: {handover.reason}"[:300])


def _notify(
    people: list[Person], template: str, incident: Incident, handover: Handover, **context: Any
) -> None:
    notify(
        [person for person in people if person != handover.by],
        template,
        key=f"handover:{handover.pk}",
        at=handover.at,
        about=incident,
        tier=incident.get_tier_display(),
        by=str(handover.by),
        **context,
        **audience.facts(incident),
    )
