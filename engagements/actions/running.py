"""The daily work of an engagement: team, tasks, risks, light, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, one_line
from engagements import policies
from engagements.actions.common import locked, managed, tell_team, worked
from engagements.actions.promises import keep, owe_by_day
from engagements.enums import Light
from engagements.errors import (
    NotInTheirTeam,
    NotYoursToDo,
    ReasonMissing,
    RiskClosed,
    TaskDone,
    TitleMissing,
)
from engagements.models import Engagement, Member, Phase, Risk, Task


@transaction.atomic
def change_owner(engagement: Engagement, *, owner: Person, by: Person, at: datetime) -> Engagement:
    """Somebody else answers for it. Errors: `NotAllowed`, `NotInTheirTeam`."""
    engagement = managed(engagement, by)
    _check_sees(owner, engagement)
    before = engagement.owner_id
    engagement.owner = owner
    engagement.save(update_fields=["owner"])
    record("engagement.owner", engagement, at=at, by=by, before=before, after=owner.pk)
    tell_team(engagement, "engagement_yours", key=f"owner:{engagement.pk}:{at}", at=at, but=by)
    return engagement


@transaction.atomic
def join(engagement: Engagement, *, person: Person, part: str, by: Person, at: datetime) -> Member:
    """One of us, or of the customer, takes part. Safe to repeat.

    TS2 and TS3, who see nothing by themselves, see it from then on. Errors: `NotAllowed`,
    `NotInTheirTeam` for one of us who does not serve this customer.
    """
    if not policies.may_manage(by, engagement):
        raise NotAllowed()
    engagement = locked(engagement)
    _check_sees(person, engagement)
    part = one_line(part)[:120]
    member, is_new = Member.objects.get_or_create(
        engagement=engagement,
        person=person,
        defaults={
            "organisation_id": engagement.organisation_id,
            "part": part,
            "joined_at": at,
        },
    )
    if is_new:
        facts: dict[str, Any] = {"person": person.pk, "part": part}
        record("engagement.member_joined", engagement, at=at, by=by, **facts)
        key = f"member:{member.pk}"
        if not person.is_customer:
            tell_team(engagement, "engagement_yours", key=key, at=at, but=by)
    return member


def _check_sees(person: Person, engagement: Engagement) -> None:
    """Whether the person may take part, by whom they serve."""
    if person.is_customer:
        if person.organisation_id != engagement.organisation_id:
            raise NotInTheirTeam(person=person)
        return
    if not person.is_staff or not policies.may_join(person, engagement):
        raise NotInTheirTeam(person=person)


@transaction.atomic
def leave(engagement: Engagement, *, person: Person, by: Person, at: datetime) -> None:
    """They take part no more. Errors: `NotAllowed`."""
    engagement = managed(engagement, by)
    if engagement.members.filter(person=person).delete()[0]:
        record("engagement.member_left", engagement, at=at, by=by, person=person.pk)


@dataclass(frozen=True, kw_only=True)
class NewTask:
    title: str
    person: Person | None = None
    for_customer: bool = False
    is_internal: bool = False
    days: Decimal | None = None
    due_on: date | None = None


@transaction.atomic
def add_task(phase: Phase, task: NewTask, *, by: Person, at: datetime) -> Task:
    """Something more to do in a phase. Errors: `NotAllowed`, `NotRunning`, `TitleMissing`."""
    engagement = worked(phase.engagement, by)
    title = one_line(task.title)[:200]
    if not title:
        raise TitleMissing()
    made = Task.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        phase=phase,
        title=title,
        person=task.person,
        for_customer=task.for_customer,
        is_internal=task.is_internal and not task.for_customer,
        days=task.days,
        due_on=task.due_on,
    )
    owe_by_day(engagement, made.due_on, at=at, task=made)
    record("engagement.task_added", engagement, at=at, by=by, task=made.pk, title=title)
    return made


@transaction.atomic
def do_task(task: Task, *, by: Person, at: datetime) -> Task:
    """It is done. Errors: `NotYoursToDo` for a customer with one of ours, `TaskDone`."""
    engagement = locked(task.engagement)
    if not policies.may_do(by, task, engagement):
        raise NotYoursToDo(title=task.title)
    task = Task.objects.select_for_update().get(pk=task.pk)
    if task.done_at is not None:
        raise TaskDone(title=task.title)
    task.done_at, task.done_by = at, by
    task.save(update_fields=["done_at", "done_by"])
    keep(engagement, at=at, task=task)
    record("engagement.task_done", engagement, at=at, by=by, task=task.pk, title=task.title)
    return task


@dataclass(frozen=True, kw_only=True)
class NewRisk:
    """`likelihood` and `impact` from 1 to 5."""

    what: str
    likelihood: int
    impact: int
    answer: str = ""
    is_shown: bool = False


@transaction.atomic
def note_risk(engagement: Engagement, risk: NewRisk, *, by: Person, at: datetime) -> Risk:
    """What may go wrong. Errors: `NotAllowed`, `NotRunning`, `TitleMissing`."""
    engagement = worked(engagement, by)
    what = one_line(risk.what)[:300]
    if not what:
        raise TitleMissing()
    made = Risk.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        what=what,
        answer=one_line(risk.answer)[:300],
        likelihood=risk.likelihood,
        impact=risk.impact,
        is_shown=risk.is_shown,
        noted_at=at,
        noted_by=by,
    )
    facts: dict[str, Any] = {"risk": made.pk, "what": what, "score": made.score}
    record("engagement.risk_noted", engagement, at=at, by=by, **facts)
    return made


@transaction.atomic
def close_risk(risk: Risk, *, by: Person, at: datetime) -> Risk:
    """It is over. Errors: `NotAllowed`, `RiskClosed`."""
    engagement = worked(risk.engagement, by)
    risk = Risk.objects.select_for_update().get(pk=risk.pk)
    if risk.closed_at is not None:
        raise RiskClosed()
    risk.closed_at = at
    risk.save(update_fields=["closed_at"])
    record("engagement.risk_closed", engagement, at=at, by=by, risk=risk.pk, what=risk.what)
    return risk


@transaction.atomic
def set_light(
    engagement: Engagement, *, light: str, reason: str, by: Person, at: datetime
) -> Engagement:
    """The light by hand, with a reason; "" lets it follow the plan again (N3).

    Errors: `NotAllowed`, `ReasonMissing`.
    """
    engagement = managed(engagement, by)
    reason = clean(reason)[:300] if light else ""
    if light and not reason:
        raise ReasonMissing()
    engagement.light, engagement.light_reason = light, reason
    engagement.save(update_fields=["light", "light_reason"])
    if light:
        facts = {"light": Light(light).value, "reason": reason}
        record("engagement.light_set", engagement, at=at, by=by, rule="N3", **facts)
    else:
        record("engagement.light_freed", engagement, at=at, by=by, rule="N3")
    return engagement


@transaction.atomic
def decide(engagement: Engagement, *, decision: str, by: Person, at: datetime) -> None:
    """What was decided stands in the journal. Errors: `NotAllowed`, `TitleMissing`."""
    engagement = worked(engagement, by)
    decision = clean(decision)[:1000]
    if not decision:
        raise TitleMissing()
    record("engagement.decided", engagement, at=at, by=by, decision=decision)
