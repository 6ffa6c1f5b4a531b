"""Feature requests: asked for as a report, assessed, answered with a letter, shipped (rule 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean_block, one_line
from engagements import policies
from engagements.actions.common import worked
from engagements.actions.papers import keep_paper, letterhead
from engagements.actions.promises import keep
from engagements.actions.replanning import finish_all
from engagements.actions.requesting import finish
from engagements.actions.shipping import tell_shipped
from engagements.enums import Owed, Paper, RoadmapState
from engagements.errors import (
    ExplanationMissing,
    FeatureUnclear,
    JudgedAlready,
    ReleaseMissing,
    ShippedAlready,
    TitleMissing,
)
from engagements.models import Engagement, FeatureRequest, RoadmapItem
from engagements.pdf import letter as letter_pdf
from engagements.reads.bases import local_day
from engagements.reads.features import letter_of
from entitlements.models import GoLiveProject, Licence
from resources.models import Release
from tickets.actions import conversation
from tickets.actions.filing import Report, file_incident
from tickets.enums import State as IncidentState
from tickets.policies import may_answer

SERVICE = "feature_request"  # of the catalogue


def keep_request(
    engagement: Engagement, *, goal: str, today: str, users: int | None = None, without: str = ""
) -> FeatureRequest:
    """What the customer told us; it is kept as a report first, so that an answer is owed in time.

    Errors: `FeatureUnclear`.
    """
    goal, today = clean_block(goal), clean_block(today)
    if not goal or not today:
        raise FeatureUnclear()
    if engagement.incident_id is None:
        engagement.incident = _reported(engagement, goal, today)
        engagement.save(update_fields=["incident"])
    return FeatureRequest.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        goal=goal,
        today=today,
        users=users,
        without=clean_block(without),
    )


def _reported(engagement: Engagement, goal: str, today: str) -> Any:
    """An incident of the service, by the very contract that allows the assessment."""
    of: dict[str, Any] = {}
    chosen = str(engagement.basis.get("chosen") or "")
    if engagement.project_id is not None:
        of["project"] = GoLiveProject.objects.get(pk=engagement.project_id)
    key = chosen.rpartition(":")[2]
    if chosen.startswith("level:") and key.isdigit():
        of["licence"] = Licence.objects.filter(
            pk=key, organisation=engagement.organisation_id
        ).first()
    body = f"{goal}\n\nHow we do it today: {today}\n\n(Assessed as {engagement.number}.)"
    report = Report(
        reporter=engagement.requested_by,
        service=SERVICE,
        subject=engagement.title,
        body=body,
        channel=engagement.channel if engagement.channel != "phone" else "portal",
        use_gold=False,
        **of,
    )
    return file_incident(report, at=engagement.requested_at)


@transaction.atomic
def liken(
    engagement: Engagement, *, item: RoadmapItem | None, by: Person, at: datetime
) -> FeatureRequest:
    """It is like an item of the roadmap: a vote for that. Errors: `NotAllowed`, `JudgedAlready`."""
    engagement = worked(engagement, by)
    asked = _asked(engagement)
    asked.item = item
    asked.save(update_fields=["item"])
    record("feature.likened", engagement, at=at, by=by, item=str(item) if item else "")
    return asked


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The final answer, with all that was found."""

    is_yes: bool
    explanation: str
    necessity: str
    security: str
    redundancy: str
    release: str = ""
    advice: str = ""


@transaction.atomic
def judge(
    engagement: Engagement, judgement: Judgement, *, by: Person, at: datetime
) -> FeatureRequest:
    """Yes or no, with explanations; the letter is handed over and the engagement is complete.

    The promise of an answer is kept by it, and the report that it began as is solved. Errors:
    `NotAllowed`, `NotRunning`, `ExplanationMissing`, `ReleaseMissing`, `JudgedAlready`.
    """
    if not policies.may_manage(by, engagement):
        raise NotAllowed()
    engagement = worked(engagement, by)
    asked = _asked(engagement)
    _fill(asked, judgement)
    asked.judged_at, asked.judged_by = at, by
    asked.save()
    said = "Yes" if judgement.is_yes else "No"
    facts = {"is_yes": judgement.is_yes, "release": asked.release}
    record("feature.judged", engagement, at=at, by=by, rule="rule 12", **facts)
    content = letter_pdf.render(letter_of(asked), letterhead())
    keep_paper(engagement, Paper.LETTER, content, by=by, at=at)
    keep(engagement, at=at, what=Owed.ANSWER)
    day = local_day(engagement.organisation, at)
    finish_all(engagement, first=day, last=day, by=by, at=at)
    _answer_report(engagement, f"{said}. {asked.explanation}", by=by, at=at)
    finish(engagement, reason=f"{said}: {asked.explanation}"[:1000], by=by, at=at)
    return asked


def _asked(engagement: Engagement) -> FeatureRequest:
    asked = FeatureRequest.objects.select_for_update().get(engagement=engagement)
    if asked.judged_at is not None:
        raise JudgedAlready(day=f"{asked.judged_at:%d %B %Y}")
    return asked


def _fill(asked: FeatureRequest, judgement: Judgement) -> None:
    for name in ("explanation", "necessity", "security", "redundancy"):
        text = clean_block(getattr(judgement, name))
        if not text:
            raise ExplanationMissing()
        setattr(asked, name, text)
    asked.is_yes = judgement.is_yes
    asked.release = one_line(judgement.release)[:60] if judgement.is_yes else ""
    if judgement.is_yes and not asked.release:
        raise ReleaseMissing()
    asked.advice = clean_block(judgement.advice)


def _answer_report(engagement: Engagement, words: str, *, by: Person, at: datetime) -> None:
    """The report that it began as is answered and solved, where it still waits for that."""
    incident = engagement.incident
    if incident is None or incident.state not in (
        IncidentState.NEW,
        IncidentState.OPEN,
        IncidentState.WAITING,
    ):
        return
    if not may_answer(by, incident):
        return
    conversation.answer(
        incident,
        author=by,
        body=f"{words}\n\nThe letter is with {engagement.number}.",
        at=at,
        then=IncidentState.SOLVED,
        solution="The feature request was assessed; the letter has the answer.",
    )


@transaction.atomic
def save_item(
    item: RoadmapItem | None,
    *,
    title: str,
    text: str,
    state: str,
    release: str,
    by: Person,
    at: datetime,
    ships_in: Release | None = None,
) -> RoadmapItem:
    """An item of the roadmap, new or changed. What ships is told to everybody who asked for it.

    With `ships_in`, a release of ours, it is planned for that, and ships when that is published.
    Errors: `NotAllowed`, `TitleMissing`, `ReleaseMissing`, `ShippedAlready`.
    """
    if not policies.may_keep_roadmap(by):
        raise NotAllowed()
    title, release = one_line(title)[:200], one_line(release)[:60]
    if ships_in is not None:
        state, release = _with_release(ships_in, state)
    if not title:
        raise TitleMissing()
    if state in (RoadmapState.PLANNED, RoadmapState.SHIPPED) and not release:
        raise ReleaseMissing()
    if item is None:
        item = RoadmapItem(made_at=at, made_by=by)
    elif item.shipped_at is not None:
        raise ShippedAlready(title=item.title, release=item.release)
    item.title, item.text, item.state, item.release = title, clean_block(text), state, release
    item.ships_in = ships_in
    item.shipped_at = at if state == RoadmapState.SHIPPED else None
    item.save()
    record("roadmap.saved", item, at=at, by=by, title=title, state=str(state), release=release)
    if item.shipped_at is not None:
        tell_shipped(item, at=at)
    return item


def _with_release(release: Release, state: str) -> tuple[str, str]:
    """Where an item stands that ships with this one: that is no idea any more."""
    out = release.published_at is not None and release.withdrawn_at is None
    out = out and release.programme_id is None  # of a beta build its members alone hear (BT5)
    if out:
        return RoadmapState.SHIPPED, release.version
    is_open = state in (RoadmapState.CONSIDERED, RoadmapState.SHIPPED)
    return (RoadmapState.PLANNED if is_open else state), release.version
