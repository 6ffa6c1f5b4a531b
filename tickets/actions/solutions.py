"""What solved an incident and why it happened: registered, and the list of causes (rule 15)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, one_line
from tickets import policies
from tickets.errors import CauseUnnamed, SolutionMissing
from tickets.models import Cause, Incident, Solution

RULE = "rule 15"
SOLUTION_LENGTH = 500


def register(
    incident: Incident, text: str, cause: Cause | None, *, by: Person, at: datetime
) -> None:
    """Keep what solved it, in the customer's words; without words there is none.

    Call it in the transaction of what ends the incident, which checked permission. Errors:
    `SolutionMissing` for a cause without a sentence.
    """
    text = " ".join(clean(text).split())[:SOLUTION_LENGTH]
    if not text:
        if cause is not None:
            raise SolutionMissing()
        return
    organisation = incident.organisation_id
    Solution.objects.create(
        organisation_id=organisation, incident=incident, text=text, cause=cause, by=by, at=at
    )
    named = cause.name if cause else ""
    record("incident.solution", incident, at=at, by=by, rule=RULE, text=text, cause=named)


@transaction.atomic
def keep_cause(
    key: str, *, name: str, position: int, is_offered: bool, by: Person, at: datetime
) -> Cause:
    """A new cause, or a known one in other words; solutions that name it show its name of now.

    Issued reports keep theirs (F1). Errors: `NotAllowed`, `CauseUnnamed`.
    """
    if not policies.may_keep_causes(by):
        raise NotAllowed()
    name = one_line(name)[:80]
    if not name or not key:
        raise CauseUnnamed()
    said = {"name": name, "position": position, "is_offered": is_offered}
    cause, _ = Cause.objects.update_or_create(key=key, defaults=said)
    record("cause.kept", cause, at=at, by=by, rule=RULE, name=name, is_offered=is_offered)
    return cause
