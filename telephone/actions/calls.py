"""Logging a telephone call: on an incident that is open, or as a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.text import clean_block
from entitlements.enums import Channel
from telephone.actions.records import CallFacts, keep_call
from telephone.enums import CallOutcome
from telephone.errors import NotTheirPerson
from tickets import policies
from tickets.actions import conversation
from tickets.actions.filing import Report, file_incident
from tickets.actions.locking import locked
from tickets.enums import State
from tickets.errors import EmptyText, IncidentClosed
from tickets.models import Cause, Incident


@transaction.atomic
def log_call(
    incident: Incident,
    facts: CallFacts,
    *,
    contact: Person,
    by: Person,
    at: datetime,
    said: str = "",
    told: str = "",
    then: str = State.OPEN,
    solution: str = "",
    cause: Cause | None = None,
) -> Incident:
    """Keep a call about an incident with what was said in it.

    `said` becomes the customer's message, and opens a target while no answer is owed (C6); where
    the incident's level has no telephone it is kept as a note, and nothing runs (R3). `told` is
    what the engineer answered. It stands in the conversation, is mailed as the record, and meets
    the target: a person gave a technical answer to the contact, by voice (rule 5, C8). It counts
    from the moment it is logged, since nobody but us has seen the call's own. To have listened, or
    to have promised to look, is no answer: then `told` is empty.

    Errors: `NotAllowed`, `NotTheirPerson`, `IncidentClosed`, and `EmptyText` for a talk about
    nothing. Not safe to repeat; forms keep a key.
    """
    incident, said, told = locked(incident), clean_block(said), clean_block(told)
    _check(incident, facts, contact, by, said + told)
    channel = Channel.CALLBACK if facts.call_back else Channel.PHONE
    if said and (facts.call_back or _by_telephone(incident)):
        conversation.write(incident, author=contact, body=said, at=at, channel=channel)
    elif said:
        conversation.note(incident, author=by, body=_aside(contact, said), at=at)
    if told:
        leaves: dict[str, Any] = {"then": then, "solution": solution, "cause": cause}
        conversation.answer(incident, author=by, body=told, at=at, channel=channel, **leaves)
    keep_call(incident, replace(facts, answered=bool(told)), contact=contact, by=by, at=at)
    return incident


@transaction.atomic
def log_report(
    facts: CallFacts,
    *,
    contact: Person,
    by: Person,
    at: datetime,
    said: str,
    told: str = "",
    then: str = State.OPEN,
    solution: str = "",
    cause: Cause | None = None,
    channel: str = Channel.PHONE,
    **report: Any,
) -> Incident:
    """File what a contact reported by telephone; the call is kept with it as its evidence (E2).

    Without a level that includes the telephone the report is kept, not covered, and the caller is
    told why (R3). `told` is an answer that was given at once, as in `log_call`. `report` are the
    other arguments of `file_incident`, whose errors it has besides `NotAllowed`.
    """
    if contact.organisation is None or not policies.may_file_for(by, contact.organisation):
        raise NotAllowed()
    told = clean_block(told)
    facts = replace(facts, answered=bool(told), outcome=CallOutcome.TALKED)
    incident = file_incident(
        Report(reporter=contact, body=said, channel=channel, **report),
        by=by,
        at=at,
        call_logged=True,
    )
    keep_call(incident, facts, contact=contact, by=by, at=at)
    if told:
        leaves: dict[str, Any] = {"then": then, "solution": solution, "cause": cause}
        conversation.answer(incident, author=by, body=told, at=at, channel=channel, **leaves)
    return incident


def _check(incident: Incident, facts: CallFacts, contact: Person, by: Person, text: str) -> None:
    if not policies.may_answer(by, incident):
        raise NotAllowed()
    if not contact.is_customer or contact.organisation_id != incident.organisation_id:
        raise NotTheirPerson()
    if incident.state == State.CLOSED:
        raise IncidentClosed(number=incident.number)
    if facts.outcome == CallOutcome.TALKED and not text:
        raise EmptyText()


def _by_telephone(incident: Incident) -> bool:
    """Whether the level that serves the incident includes the telephone."""
    level = incident.decision.level
    return level is not None and Channel.PHONE in level.channels


def _aside(contact: Person, said: str) -> str:
    return f"{contact} called, though the telephone is not included:\n\n{said}"
