"""Accepting an incident that nothing covers, or declining it with an answer (R3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, clean_block
from entitlements.enums import Channel, Level
from entitlements.models import CoverageDecision, LevelVersion
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience
from tickets.actions.dispatch.dispatching import dispatch_soon
from tickets.actions.ladder.internal_targets import open_internal
from tickets.actions.locking import locked
from tickets.actions.promises.targets import open_target
from tickets.actions.states import finish
from tickets.actions.thread_headers import own_message_id, thread_headers
from tickets.enums import UNFINISHED, MessageKind, State
from tickets.errors import AlreadyCovered, AlreadyFinished, EmptyText
from tickets.models import Incident, Message


@transaction.atomic
def accept(
    incident: Incident, *, level: LevelVersion, by: Person, at: datetime, reason: str
) -> Incident:
    """Serve an uncovered incident at `level` from `at` on, with the reason (R3).

    The first decision stays in the journal's facts; the new one says that it is goodwill. The
    reporter is told what is promised now; the reason is for colleagues.
    Errors: `NotAllowed`, `AlreadyCovered`, `AlreadyFinished`, `EmptyText`.
    """
    incident = _uncovered(incident, by=by, reason=reason)
    before = incident.decision
    incident.decision = CoverageDecision.objects.create(
        organisation_id=incident.organisation_id,
        licence=incident.licence,
        project=incident.project,
        service=before.service,
        channel=before.channel,
        level=level,
        goodwill=True,
        considered_facts=before.considered_facts,
        at=at,
    )
    incident.save(update_fields=["decision"])
    record(
        "incident.goodwill",
        incident,
        at=at,
        by=by,
        rule="R3",
        reason=clean(reason),
        level=level.level,
        version=level.version,
        before=before.pk,
    )
    target = open_target(incident, at=at)
    open_internal(incident, at=at)
    notify(
        [incident.reporter],
        "incident_goodwill",
        key=f"goodwill:{incident.pk}",
        at=at,
        about=incident,
        level=Level(level.level).label,
        due_at=target.due_at.isoformat() if target else None,
        **audience.customer_facts(incident),
    )
    dispatch_soon(incident)
    return incident


@transaction.atomic
def decline(incident: Incident, *, by: Person, at: datetime, reason: str) -> Message:
    """Close an uncovered incident with `reason` as the answer to the customer (R3).

    The customer is mailed it with what would have covered the report, and can write on the
    incident for 14 days more. Errors: `NotAllowed`, `AlreadyCovered`, `AlreadyFinished`,
    `EmptyText`.
    """
    incident = _uncovered(incident, by=by, reason=reason)
    message = Message.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        author=by,
        kind=MessageKind.ANSWER,
        channel=Channel.PORTAL,
        body=clean_block(reason),
        message_id=own_message_id(incident),
        sent_at=at,
    )
    record("incident.goodwill_declined", incident, at=at, by=by, rule="R3", reason=clean(reason))
    finish(incident, State.CLOSED, by=by, at=at)
    notify(
        [incident.reporter],
        "incident_declined",
        key=f"message:{message.pk}",
        at=at,
        about=incident,
        headers=thread_headers(incident, message),
        author=str(by),
        body=message.body,
        remedies=incident.decision.remedies,
        **audience.customer_facts(incident),
    )
    return message


def _uncovered(incident: Incident, *, by: Person, reason: str) -> Incident:
    """The incident as it is now, locked; it waits for a decision that `by` may make."""
    incident = locked(incident)
    if not policies.may_accept_goodwill(by, incident):
        raise NotAllowed()
    if incident.decision.level is not None:
        raise AlreadyCovered(number=incident.number, level=incident.decision.level)
    if incident.state not in UNFINISHED:
        raise AlreadyFinished(number=incident.number, state=incident.get_state_display().lower())
    if not clean(reason):
        raise EmptyText()
    return incident
