"""The cut-over: planned, begun after a go, done, or turned back before the point of no return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.moments import dated
from core.text import clean, one_line
from core.words import listed
from engagements import policies
from engagements.actions.common import locked, managed, tell_customer, tell_team, worked
from engagements.actions.run_books import lay_out
from engagements.enums import Book, CutOverState, StepResult
from engagements.errors import (
    CutOverBusy,
    CutOverFaulty,
    CutOverMissing,
    CutOverNotOn,
    CutOverStepsOpen,
    NotGone,
    NotRunning,
    NoWayBack,
    ReasonMissing,
)
from engagements.models import CutOver, Engagement, Step
from engagements.reads.catalogue import cut_over_now
from engagements.reads.deployment import faults_of, has_go
from entitlements.rules.zones import zone_of


@dataclass(frozen=True, kw_only=True)
class Window:
    """Aware moments; `stop_contact` is who says stop, and how to reach them."""

    starts_at: datetime
    until: datetime
    stop_contact: str


@transaction.atomic
def plan(engagement: Engagement, window: Window, *, by: Person, at: datetime) -> CutOver:
    """When it is; with the first plan come the managers' steps. After it was turned back it is
    planned anew, and its steps are open again. A go counts for the moment it was decided for.

    Errors: `NotAllowed`, `NotRunning`, `CutOverBusy`, `CutOverFaulty`.
    """
    engagement = _managed(engagement, by)
    contact = one_line(window.stop_contact)[:200]
    if window.until <= window.starts_at:
        raise CutOverFaulty(why="it ends before it begins.")
    if not contact:
        raise CutOverFaulty(why="say who may stop it, and how they are reached.")
    held = CutOver.objects.select_for_update().filter(engagement=engagement).first()
    if held is not None and held.state in (CutOverState.RUNNING, CutOverState.DONE):
        raise CutOverBusy(state=held.get_state_display().lower())
    is_anew = held is not None and held.state == CutOverState.TURNED_BACK
    held = held or CutOver(organisation_id=engagement.organisation_id, engagement=engagement)
    held.state, held.starts_at, held.until = CutOverState.PLANNED, window.starts_at, window.until
    held.began_at, held.ended_at, held.end_reason = None, None, ""
    held.stop_contact, held.planned_by, held.planned_at = contact, by, at
    held.save()
    rows = Step.objects.filter(engagement=engagement, book__in=(Book.CUT_OVER, Book.WAY_BACK))
    if is_anew:
        rows.update(result="", remark="", done_at=None, done_by=None)
    if not rows.exists():
        template = cut_over_now()
        lay_out(engagement, Book.CUT_OVER, template.steps)
        lay_out(engagement, Book.WAY_BACK, template.back)
    facts = {"starts_at": window.starts_at, "until": window.until}
    record("cutover.planned", engagement, at=at, by=by, rule="N9", **facts)
    when = dated(window.starts_at.astimezone(zone_of(engagement.organisation.timezone)))
    _tell(engagement, f"is planned for {when}", key=f"planned:{at.isoformat()}", by=by, at=at)
    return held


@transaction.atomic
def begin(engagement: Engagement, *, by: Person, at: datetime) -> CutOver:
    """With a go for this very moment, and a plan without faults (N9, N10).

    Errors: `NotAllowed`, `CutOverMissing`, `CutOverBusy`, `CutOverFaulty`, `NotGone`.
    """
    engagement = _managed(engagement, by)
    held = _held(engagement)
    if held.state != CutOverState.PLANNED:
        raise CutOverBusy(state=held.get_state_display().lower())
    if held.starts_at is None:
        raise CutOverMissing()
    found = faults_of(held, list(Step.objects.filter(engagement=engagement)))
    if found:
        raise CutOverFaulty(why=found[0])
    if not has_go(held):
        raise NotGone()
    held.state, held.began_at = CutOverState.RUNNING, at
    held.save(update_fields=["state", "began_at"])
    record("cutover.begun", engagement, at=at, by=by, rule="N9")
    _tell(engagement, "began", key=f"begun:{at.isoformat()}", by=by, at=at)
    return held


@transaction.atomic
def finish(engagement: Engagement, *, summary: str, by: Person, at: datetime) -> CutOver:
    """The platform is taken over. Errors: `NotAllowed`, `CutOverNotOn`, `CutOverStepsOpen`."""
    engagement = _managed(engagement, by)
    held = _running(engagement)
    steps = Step.objects.filter(engagement=engagement, book=Book.CUT_OVER)
    still = list(steps.filter(result="").values_list("title", flat=True)[:5])
    if still:
        raise CutOverStepsOpen(steps=listed([f"“{one}”" for one in still]))
    held.state, held.ended_at, held.end_reason = CutOverState.DONE, at, clean(summary)[:1000]
    held.save(update_fields=["state", "ended_at", "end_reason"])
    record("cutover.finished", engagement, at=at, by=by, summary=held.end_reason)
    _tell(engagement, "is done", key=f"done:{at.isoformat()}", by=by, at=at, note=held.end_reason)
    return held


@transaction.atomic
def turn_back(engagement: Engagement, *, reason: str, by: Person, at: datetime) -> CutOver:
    """Take the way back, whoever of us or of the customer's deciders says so (N9).

    Errors: `NotAllowed`, `CutOverNotOn`, `ReasonMissing`, `NoWayBack`.
    """
    if not (policies.may_work(by, engagement) or policies.may_accept(by, engagement)):
        raise NotAllowed()
    engagement = worked(engagement, by) if not by.is_customer else locked(engagement)
    held = _running(engagement)
    reason = clean(reason)[:1000]
    if not reason:
        raise ReasonMissing()
    rows = Step.objects.filter(engagement=engagement, is_no_return=True)
    last = rows.filter(result=StepResult.DONE).first()
    if last is not None:
        raise NoWayBack(title=last.title)
    held.state, held.ended_at, held.end_reason = CutOverState.TURNED_BACK, at, reason
    held.save(update_fields=["state", "ended_at", "end_reason"])
    record("cutover.turned_back", engagement, at=at, by=by, rule="N9", reason=reason)
    key = f"back:{at.isoformat()}"
    _tell(engagement, "was turned back", key=key, by=by, at=at, note=reason)
    return held


def _managed(engagement: Engagement, by: Person) -> Engagement:
    engagement = managed(engagement, by)
    if engagement.starts_on is None:
        raise NotRunning(number=engagement.number)
    return engagement


def _held(engagement: Engagement) -> CutOver:
    held = CutOver.objects.select_for_update().filter(engagement=engagement).first()
    if held is None:
        raise CutOverMissing()
    return held


def _running(engagement: Engagement) -> CutOver:
    held = _held(engagement)
    if held.state != CutOverState.RUNNING:
        raise CutOverNotOn(state=held.get_state_display().lower())
    return held


def _tell(
    engagement: Engagement, what: str, *, key: str, by: Person, at: datetime, note: str = ""
) -> None:
    said = {"what": what, "note": note}
    of = f"cut-over:{engagement.pk}:{key}"
    tell_customer(engagement, "engagement_cut_over", key=of, at=at, **said)
    tell_team(engagement, "engagement_cut_over", key=of, at=at, but=by, **said)
