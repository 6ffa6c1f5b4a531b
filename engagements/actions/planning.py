"""The plan: laid out from its template, moved, begun, finished (N2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from engagements import policies
from engagements.actions.common import managed, tell_customer, worked
from engagements.actions.promises import keep, owe_by_day
from engagements.enums import Owed, State
from engagements.errors import (
    DayToCome,
    NotRequested,
    PhaseInverted,
    PhaseNotBegun,
    PhaseOver,
    PlanWrong,
    ReasonMissing,
)
from engagements.models import Engagement, Member, Phase, PlanVersion, Task
from engagements.reads.bases import local_day
from engagements.reads.holidays import working_days
from engagements.reads.templates import newest_template
from engagements.rules.plan import (
    PhaseTemplate,
    PlanFault,
    Span,
    followers_moved,
    lay_out,
    read_template,
)


@transaction.atomic
def take_up(
    engagement: Engagement,
    *,
    owner: Person,
    starts_on: date,
    golive_on: date | None,
    by: Person,
    at: datetime,
) -> Engagement:
    """We do it: `owner` answers for it, the plan is laid out, and the reply is given.

    The baseline is what is laid out now. Errors: `NotAllowed`, `NotRequested`, `PlanWrong`.
    """
    engagement = managed(engagement, by)
    if engagement.state != State.REQUESTED:
        raise NotRequested(number=engagement.number)
    if not policies.may_join(owner, engagement) or not owner.is_active:
        raise NotAllowed()
    if golive_on is not None and golive_on < starts_on:
        raise PlanWrong(why="the day of the go-live or visit lies before the start.")
    version, phases = newest_template(engagement.kind)
    is_open = working_days()
    spans = _laid_out(phases, starts_on, golive_on, is_open)
    engagement.owner, engagement.state = owner, State.RUNNING
    engagement.starts_on, engagement.golive_on = starts_on, golive_on
    engagement.template_version = version
    engagement.save()
    Member.objects.get_or_create(
        engagement=engagement,
        person=owner,
        defaults={
            "organisation_id": engagement.organisation_id,
            "part": "Answers for it",
            "joined_at": at,
        },
    )
    for place, (phase, span) in enumerate(zip(phases, spans, strict=True)):
        _make_phase(engagement, place, phase, span, at)
    keep(engagement, at=at, what=Owed.REPLY)
    facts = {"starts_on": starts_on, "golive_on": golive_on}
    owner_and = facts | {"owner": owner.pk, "template": version}
    record("engagement.taken_up", engagement, at=at, by=by, rule="N2", **owner_and)
    days = {name: day.isoformat() if day else "" for name, day in facts.items()}
    tell_customer(
        engagement,
        "engagement_taken_up",
        key=f"taken-up:{engagement.pk}",
        at=at,
        owner=str(owner),
        owner_mail=owner.email,
        starts=days["starts_on"],
        golive=days["golive_on"],
    )
    return engagement


def _laid_out(
    phases: list[PhaseTemplate],
    starts_on: date,
    golive_on: date | None,
    is_open: Callable[[date], bool],
) -> list[Span]:
    try:
        return lay_out(phases, start=starts_on, golive=golive_on, is_open=is_open)
    except PlanFault as fault:
        raise PlanWrong(why=str(fault)) from fault


def _make_phase(
    engagement: Engagement, place: int, template: PhaseTemplate, span: Span, at: datetime
) -> None:
    of = {"organisation_id": engagement.organisation_id, "engagement": engagement}
    phase = Phase.objects.create(
        **of,
        place=place,
        name=template.name,
        baseline_starts_on=span.starts_on,
        baseline_ends_on=span.ends_on,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
    )
    owe_by_day(engagement, span.ends_on, at=at, phase=phase)
    Task.objects.bulk_create(
        Task(**of, phase=phase, title=one.title, for_customer=one.for_customer)
        for one in template.tasks
    )


@transaction.atomic
def move(
    phase: Phase,
    *,
    starts_on: date,
    ends_on: date,
    with_followers: bool,
    reason: str,
    by: Person,
    at: datetime,
) -> Phase:
    """Plan a phase anew; those after it that have not begun go along where it ends later.

    The baseline stays. Errors: `NotAllowed`, `PhaseOver`, `PhaseInverted`, `ReasonMissing`.
    """
    engagement = managed(phase.engagement, by)
    phase = Phase.objects.select_for_update().get(pk=phase.pk)
    reason = clean(reason)
    if phase.finished_on is not None:
        raise PhaseOver(name=phase.name)
    if ends_on < starts_on:
        raise PhaseInverted(name=phase.name, starts_on=f"{starts_on:%d %B %Y}")
    if not reason:
        raise ReasonMissing()
    before = Span(phase.starts_on, phase.ends_on)
    _place(engagement, phase, Span(starts_on, ends_on), at)
    moved = _move_followers(engagement, phase, before, at) if with_followers else 0
    record(
        "engagement.phase_moved",
        engagement,
        at=at,
        by=by,
        rule="N2",
        phase=phase.name,
        before=[before.starts_on.isoformat(), before.ends_on.isoformat()],
        starts_on=starts_on,
        ends_on=ends_on,
        followers=moved,
        reason=reason,
    )
    return phase


def _place(engagement: Engagement, phase: Phase, span: Span, at: datetime) -> None:
    phase.starts_on, phase.ends_on = span.starts_on, span.ends_on
    phase.save(update_fields=["starts_on", "ends_on"])
    owe_by_day(engagement, span.ends_on, at=at, phase=phase)


def _move_followers(engagement: Engagement, phase: Phase, before: Span, at: datetime) -> int:
    """How many moved."""
    rows = engagement.phases.select_for_update().filter(place__gt=phase.place, began_on=None)
    followers = list(rows.order_by("place"))
    spans = [Span(one.starts_on, one.ends_on) for one in followers]
    after = Span(phase.starts_on, phase.ends_on)
    moved = 0
    places = followers_moved(before, after, spans, working_days())
    for one, old, new in zip(followers, spans, places, strict=True):
        if new != old:
            _place(engagement, one, new, at)
            moved += 1
    return moved


@transaction.atomic
def begin(phase: Phase, *, on: date, by: Person, at: datetime) -> Phase:
    """It really began on that day. Errors: `NotAllowed`, `PhaseOver`, `DayToCome`."""
    engagement = worked(phase.engagement, by)
    phase = Phase.objects.select_for_update().get(pk=phase.pk)
    if phase.finished_on is not None:
        raise PhaseOver(name=phase.name)
    if on > local_day(engagement.organisation, at):
        raise DayToCome()
    phase.began_on = on
    phase.save(update_fields=["began_on"])
    record("engagement.phase_begun", engagement, at=at, by=by, phase=phase.name, on=on)
    return phase


@transaction.atomic
def finish(phase: Phase, *, on: date, by: Person, at: datetime) -> Phase:
    """It was finished on that day; where that is later than planned, what follows moves along.

    Errors: `NotAllowed`, `PhaseOver`, `PhaseNotBegun`, `DayToCome`.
    """
    engagement = worked(phase.engagement, by)
    phase = Phase.objects.select_for_update().get(pk=phase.pk)
    if phase.finished_on is not None:
        raise PhaseOver(name=phase.name)
    if on > local_day(engagement.organisation, at):
        raise DayToCome()
    if phase.began_on is None or on < phase.began_on:
        raise PhaseNotBegun(name=phase.name)
    before = Span(phase.starts_on, phase.ends_on)
    phase.finished_on = on
    phase.save(update_fields=["finished_on"])
    keep(engagement, at=at, phase=phase)
    moved = 0
    if on > phase.ends_on:
        phase.starts_on, phase.ends_on = min(phase.starts_on, on), on
        phase.save(update_fields=["starts_on", "ends_on"])
        moved = _move_followers(engagement, phase, before, at)
    facts: dict[str, Any] = {"phase": phase.name, "on": on, "moved": moved}
    record("engagement.phase_finished", engagement, at=at, by=by, **facts)
    return phase


@transaction.atomic
def save_template(kind: str, text: str, *, by: Person, at: datetime) -> PlanVersion:
    """Plan engagements of this kind so from now on; running plans keep theirs.

    Errors: `NotAllowed`, `PlanWrong`.
    """
    if not policies.may_keep_catalogue(by):
        raise NotAllowed()
    try:
        phases = read_template(clean(text))
    except PlanFault as fault:
        raise PlanWrong(why=str(fault)) from fault
    version, _ = newest_template(kind)
    made = PlanVersion.objects.create(
        kind=kind,
        version=version + 1,
        phases=[one.as_json() for one in phases],
        made_at=at,
        made_by=by,
    )
    record("plan.saved", made, at=at, by=by, kind_of=kind, version=made.version)
    return made
