"""One answer to all incidents of a known defect: to each a mail of its own (C8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from resources.actions.defects import RULE
from resources.models import Defect
from tickets import policies
from tickets.actions.bulk import Choice, Outcome, carry_out, rehearse
from tickets.actions.conversation import answer
from tickets.actions.locking import locked
from tickets.enums import State, TextFormat
from tickets.errors import NotFilledIn, OnlyAcknowledged, OtherDefect
from tickets.models import Cause, Incident, Message
from tickets.reads.canned import facts_of
from tickets.rules.canned import fill, first_raw
from tickets.rules.defects import says_what_helps


@dataclass(frozen=True, kw_only=True)
class ToAll:
    """What each of them gets: `text` has placeholders, filled in for each."""

    text: str
    then: str = State.OPEN
    solution: str = ""
    cause: Cause | None = None


def text_for(incident: Incident, said: ToAll, by: Person) -> str:
    """The text as it stands for one of them."""
    return fill(said.text, facts_of(incident, by)).text


@transaction.atomic
def answer_one(
    incident: Incident, defect: Defect, said: ToAll, *, by: Person, at: datetime
) -> Message:
    """A human's answer of its own to one of them: it meets the open target of that incident.

    It says what helps: the workaround or the build that has the fix. Errors: `NotAllowed`,
    `OtherDefect`, `NotFilledIn`, `OnlyAcknowledged` and those of `conversation.answer`.
    """
    incident = locked(incident)
    if not policies.may_link_defect(by, incident):
        raise NotAllowed()
    if incident.defect_id != defect.pk:
        raise OtherDefect(number=incident.number, defect=defect.number)
    text = text_for(incident, said, by)
    if raw := first_raw(text):
        raise NotFilledIn(place=raw)
    if not says_what_helps(text, workaround=defect.workaround, build=defect.fixed_in):
        raise OnlyAcknowledged(defect=defect.number)
    return answer(
        incident,
        author=by,
        body=text,
        at=at,
        then=said.then,
        solution=said.solution,
        cause=said.cause,
        format=TextFormat.MARKDOWN,
    )


def rehearse_all(
    defect: Defect, choices: Sequence[Choice], said: ToAll, *, by: Person, at: datetime
) -> list[Outcome]:
    """What `answer_all` would do now; nothing is written."""
    return rehearse(choices, lambda one: answer_one(one, defect, said, by=by, at=at), by=by)


@transaction.atomic
def answer_all(
    defect: Defect, choices: Sequence[Choice], said: ToAll, *, by: Person, at: datetime
) -> list[Outcome]:
    """Answer each that is as it was when it was chosen; a refusal of one leaves the others done."""
    found = carry_out(choices, lambda one: answer_one(one, defect, said, by=by, at=at), by=by)
    answered = sum(one.is_done for one in found)
    if answered:
        facts = {"answered": answered, "refused": len(found) - answered}
        record("defect.answered", defect, at=at, by=by, rule=RULE, **facts)
    return found
