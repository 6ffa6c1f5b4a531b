"""What members say, and what the team makes of it: a known defect, or an answer (BT4).

That it becomes an incident is for the room of incidents, which ends with `settle`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean_block, one_line
from notices.outbox import notify
from resources import policies
from resources.actions.beta.members import member_of
from resources.actions.beta.programmes import check_running
from resources.actions.defects import known_or_recorded
from resources.enums import FeedbackFate, FeedbackKind
from resources.errors import BetaIncomplete, FeedbackDecided, FeedbackIncomplete, NotAMember
from resources.models import BetaFeedback, BetaProgramme, Defect, Release

RULE = "BT4"
LONGEST = 20_000


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a member says; `build` is one that they may fetch."""

    kind: str
    subject: str
    body: str
    environment: str = ""
    build: Release | None = None


@transaction.atomic
def give_feedback(
    programme: BetaProgramme, said: Said, *, by: Person, at: datetime
) -> BetaFeedback:
    """Keep it for the team. Errors: `NotAMember`, `BetaNotRunning`, `FeedbackIncomplete`."""
    member = member_of(programme, by)
    if member is None:
        raise NotAMember(name=programme.name)
    check_running(programme)
    subject, body = one_line(said.subject)[:150], clean_block(said.body)[:LONGEST]
    if not subject or not body:
        raise FeedbackIncomplete()
    given = BetaFeedback.objects.create(
        organisation_id=member.organisation_id,
        programme=programme,
        person=by,
        licence=member.licence,
        build=said.build,
        kind=FeedbackKind(said.kind),
        subject=subject,
        body=body,
        environment=one_line(said.environment)[:300],
        at=at,
    )
    record("beta.feedback", given, at=at, by=by, rule=RULE, what=given.kind)
    return given


@transaction.atomic
def make_defect(
    feedback: BetaFeedback, *, number: str, title: str, answer: str, by: Person, at: datetime
) -> Defect:
    """It is, or becomes, a known defect: the member hears when a build fixes it.

    Errors: `NotAllowed`, `FeedbackDecided`, `DefectNumberUnusable`, `DefectUnknown`.
    """
    one = held(feedback, by)
    defect = known_or_recorded(number.strip().upper(), one_line(title), by=by, at=at)
    one.defect = defect
    settle(one, FeedbackFate.DEFECT, answer=answer, by=by, at=at)
    return defect


@transaction.atomic
def answer_feedback(feedback: BetaFeedback, *, answer: str, by: Person, at: datetime) -> None:
    """Nothing else comes of it. Errors: `NotAllowed`, `FeedbackDecided`, `BetaIncomplete`."""
    if not one_line(answer):
        raise BetaIncomplete(missing="an answer to the member")
    settle(held(feedback, by), FeedbackFate.ANSWERED, answer=answer, by=by, at=at)


def held(feedback: BetaFeedback, by: Person) -> BetaFeedback:
    """Locked, and still to be decided by somebody who may. Errors: `NotAllowed`,
    `FeedbackDecided`.
    """
    if not policies.may_judge_feedback(by):
        raise NotAllowed()
    rows = BetaFeedback.objects.select_for_update(of=("self",))
    one = rows.select_related("person", "licence", "build", "programme").get(pk=feedback.pk)
    if one.fate != FeedbackFate.WAITS:
        raise FeedbackDecided(fate=str(FeedbackFate(one.fate).label).lower())
    return one


def settle(
    one: BetaFeedback, fate: FeedbackFate, *, answer: str = "", by: Person, at: datetime
) -> None:
    """Keep what became of it, and tell the member; call it with what `held` gave."""
    one.fate, one.answer = fate, one_line(answer)[:1000]
    one.decided_by, one.decided_at = by, at
    one.save()
    record("beta.feedback_decided", one, at=at, by=by, rule=RULE, fate=fate.value)
    if fate != FeedbackFate.INCIDENT:  # the incident is acknowledged by itself
        notify(
            [one.person],
            "beta_answered",
            key=f"beta-feedback:{one.pk}",
            at=at,
            about=one,
            beta=one.programme.name,
            subject=one.subject,
            defect=one.defect.number if one.defect else "",
            answer=one.answer,
            url=url_of(one),
        )


def url_of(one: BetaFeedback) -> str:
    """The page on which the member reads what became of it."""
    return f"{settings.SITE_URL}{one.programme.get_absolute_url()}#feedback"
