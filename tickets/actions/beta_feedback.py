"""A member's feedback becomes an incident: decided like any report, at TS2 from the start (BT4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from resources.actions.beta.feedback import held, settle
from resources.enums import FeedbackFate
from resources.models import BetaFeedback
from tickets.actions.filing import Report, file_incident
from tickets.actions.ladder.escalation import begin_at_ts2
from tickets.models import Handover, Incident

SERVICE = "troubleshooting"


@transaction.atomic
def make_incident(feedback: BetaFeedback, *, by: Person, at: datetime) -> Incident:
    """The member's incident, with the level that serves it from this moment on (R1, R3).

    TS2 works on it at once where a level serves it. Errors: `NotAllowed`, `FeedbackDecided`, and
    those of `file_incident`.
    """
    one = held(feedback, by)
    report = Report(
        reporter=one.person,
        service=SERVICE,
        subject=one.subject,
        body=_words(one),
        licence=one.licence,
        product=one.programme.product,
        version=one.build.version if one.build else "",
        use_gold=False,
    )
    incident = file_incident(report, at=at, by=by)
    if incident.decision.level_id is not None:
        begin_at_ts2(incident, _handover(one, by), by=by, at=at)
    one.incident = incident.number
    settle(one, FeedbackFate.INCIDENT, by=by, at=at)
    return incident


def _words(one: BetaFeedback) -> str:
    parts = [one.body, f"Environment: {one.environment}" if one.environment else ""]
    about = f"Said of the beta {one.programme.name} on {one.at:%d %B %Y}."
    return "\n\n".join([*filter(None, parts), about])


def _handover(one: BetaFeedback, by: Person) -> Handover:
    return Handover(
        reason=f"{by} took it up from the feedback of the beta {one.programme.name}.",
        tried="Nothing yet: it came from a member of the beta.",
        reproduction=one.body,
        environment=one.environment or (f"Build {one.build.version}" if one.build else "Not said"),
    )
