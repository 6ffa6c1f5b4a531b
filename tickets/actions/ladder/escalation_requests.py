"""A customer asks for the next technical level: a lead escalates, or declines and says why (X1)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience
from tickets.actions.locking import locked
from tickets.enums import UNFINISHED, Tier
from tickets.errors import AlreadyFinished, EmptyText, EscalationAsked, HighestTier, NothingAsked
from tickets.models import EscalationRequest, Incident


@transaction.atomic
def ask_escalation(
    incident: Incident, *, reason: str, by: Person, at: datetime
) -> EscalationRequest:
    """Keep that the customer wants the next level; leads and owner are notified once.

    Changes neither level nor clock. Errors: `NotAllowed`, `AlreadyFinished`, `HighestTier`,
    `EmptyText`, `EscalationAsked` while one is open.
    """
    incident = locked(incident)
    if not policies.may_ask_escalation(by, incident):
        raise NotAllowed()
    if incident.state not in UNFINISHED:
        raise AlreadyFinished(number=incident.number, state=incident.get_state_display().lower())
    if incident.tier == Tier.TS3:
        raise HighestTier()
    reason = clean(reason)
    if not reason:
        raise EmptyText()
    try:
        with transaction.atomic():
            asked = EscalationRequest.objects.create(
                organisation_id=incident.organisation_id,
                incident=incident,
                reason=reason,
                asked_by=by,
                asked_at=at,
            )
    except IntegrityError as error:
        raise EscalationAsked() from error
    record("incident.escalation_asked", incident, at=at, by=by, rule="X1", reason=reason)
    owner = [incident.owner] if incident.owner else []
    notify(
        [*Person.objects.leads(), *owner],
        "escalation_asked",
        key=f"escalation-asked:{asked.pk}",
        at=at,
        about=incident,
        by=str(by),
        reason=reason,
        **audience.facts(incident),
    )
    return asked


@transaction.atomic
def decline_escalation(incident: Incident, *, reason: str, by: Person, at: datetime) -> None:
    """A lead says no, and why; who asked is notified. No answer that stops a clock (C8).

    Errors: `NotAllowed`, `EmptyText`, `NothingAsked`.
    """
    incident = locked(incident)
    if not policies.may_decline_escalation(by, incident):
        raise NotAllowed()
    reason = clean(reason)
    if not reason:
        raise EmptyText()
    if not settle_request(incident, is_accepted=False, answer=reason, by=by, at=at):
        raise NothingAsked()


def settle_request(
    incident: Incident, *, is_accepted: bool, by: Person, at: datetime, answer: str = ""
) -> bool:
    """Answer what is asked about the incident, which the caller has locked; False if nothing is.

    Who asked is notified, in plain words.
    """
    open_one = EscalationRequest.objects.filter(incident=incident, answered_at=None)
    asked = open_one.select_related("asked_by").first()
    if asked is None:
        return False
    asked.is_accepted, asked.answer = is_accepted, answer
    asked.answered_by, asked.answered_at = by, at
    asked.save(update_fields=["is_accepted", "answer", "answered_by", "answered_at"])
    if not is_accepted:
        record("incident.escalation_declined", incident, at=at, by=by, rule="X1", reason=answer)
    notify(
        [asked.asked_by],
        "escalation_accepted" if is_accepted else "escalation_declined",
        key=f"escalation-answered:{asked.pk}",
        at=at,
        about=incident,
        reason=answer,
        **audience.customer_facts(incident),
    )
    return True
