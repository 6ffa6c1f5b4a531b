"""An incident that is outside the limits of support: the customer reads why (rule 14)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from entitlements.actions import packs
from entitlements.enums import RefundReason
from tickets import policies
from tickets.actions.conversation import answer
from tickets.actions.locking import locked
from tickets.enums import FINISHED, OUTSIDE, State, TextFormat
from tickets.errors import OutsideAlready
from tickets.models import Cause, Incident, Message

INSIDE = "inside"
RULE = "rule 14"


@transaction.atomic
def say_outside(
    incident: Incident,
    *,
    body: str,
    by: Person,
    at: datetime,
    solution: str = "",
    cause: Cause | None = None,
    give_back: bool = False,
) -> Message:
    """Answer the customer with the explanation; the incident ends as outside the limits.

    It is a human's technical answer like any other, so it meets what is owed (rule 5, C8), and a
    Gold incident stays spent, unless `give_back` says that no help was given (L5). Whatever opens
    it again takes the mark off: see `states.unfinish`. An answer that reaches nobody marks nothing.
    Errors: `NotAllowed`, `OutsideAlready`, those of `conversation.answer` and of `packs.refund`.
    """
    incident = locked(incident)
    if not policies.may_answer(by, incident) or (
        give_back and not policies.may_refund(by, incident)
    ):
        raise NotAllowed()
    if incident.outside_at is not None:
        raise OutsideAlready(number=incident.number)
    said = answer(
        incident,
        author=by,
        body=body,
        at=at,
        then=State.SOLVED,
        solution=solution,
        cause=cause,
        format=TextFormat.MARKDOWN,
    )
    incident.refresh_from_db(fields=["state"])
    if incident.state in FINISHED:
        incident.outside_at = at
        incident.save(update_fields=["outside_at"])
        record("incident.outside", incident, at=at, by=by, rule=RULE, before=INSIDE, after=OUTSIDE)
        if give_back:
            reason = "It is outside the limits of support"
            packs.refund(incident, kind=RefundReason.NO_HELP, reason=reason, by=by, at=at)
    return said
