"""Steps of the run book, of the cut-over and of the way back: laid out, changed, ticked off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, one_line
from engagements import policies
from engagements.actions.common import locked, worked
from engagements.enums import Book, CutOverState, State, StepResult
from engagements.errors import (
    BookThere,
    CutOverBusy,
    NotRunning,
    ReasonMissing,
    StepIncomplete,
    StepNotNow,
    StepNotYours,
    StepOpen,
    StepOver,
)
from engagements.models import CutOver, Engagement, Step
from engagements.reads.catalogue import run_book_now
from engagements.rules.books import StepTemplate


@transaction.atomic
def lay_out_run_book(engagement: Engagement, *, by: Person, at: datetime) -> int:
    """The managers' run book; how many steps. Errors: `NotAllowed`, `NotRunning`, `BookThere`."""
    engagement = worked(engagement, by)
    if Step.objects.filter(engagement=engagement, book=Book.RUN_BOOK).exists():
        raise BookThere()
    steps = run_book_now()
    lay_out(engagement, Book.RUN_BOOK, steps)
    record("golive.book", engagement, at=at, by=by, rule="N9", steps=len(steps))
    return len(steps)


def lay_out(engagement: Engagement, book: Book, steps: Sequence[StepTemplate]) -> None:
    """The caller checked that `by` may, and that there are none."""
    Step.objects.bulk_create(
        Step(
            organisation_id=engagement.organisation_id,
            engagement=engagement,
            book=book,
            place=10 * place,
            section=one.section,
            title=one.title,
            owner=one.owner,
            for_customer=one.for_customer,
            expectation=one.expectation[:300],
            offset=one.offset,
            minutes=one.minutes,
            is_no_return=one.is_no_return,
        )
        for place, one in enumerate(steps, 1)
    )


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a step says; `offset` and `minutes` of those that are by the clock."""

    title: str
    owner: str
    section: str = ""
    expectation: str = ""
    for_customer: bool = False
    offset: int | None = None
    minutes: int | None = None
    is_no_return: bool = False


@transaction.atomic
def add_step(engagement: Engagement, book: Book, said: Said, *, by: Person, at: datetime) -> Step:
    """At the end of its book.

    Errors: `NotAllowed`, `NotRunning`, `StepIncomplete`, `CutOverBusy`.
    """
    engagement = worked(engagement, by)
    _check_planned(engagement, book)
    rows = Step.objects.filter(engagement=engagement, book=book)
    last = rows.aggregate(last=Max("place"))["last"] or 0
    step = Step(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        book=book,
        place=last + 10,
    )
    _say(step, said)
    step.save()
    record("golive.step_added", engagement, at=at, by=by, book=book, title=step.title)
    return step


@transaction.atomic
def change_step(step: Step, said: Said, *, by: Person, at: datetime) -> Step:
    """What is done, by whom, when. Errors as of `add_step`, and `StepOver`."""
    engagement = worked(step.engagement, by)
    step = _held(step)
    if step.result:
        raise _over(step)
    _check_planned(engagement, Book(step.book))
    before = step.title
    _say(step, said)
    step.save()
    facts = {"book": step.book, "before": before, "title": step.title}
    record("golive.step_changed", engagement, at=at, by=by, **facts)
    return step


def _say(step: Step, said: Said) -> None:
    title, owner = one_line(said.title)[:200], one_line(said.owner)[:200]
    by_the_clock = step.book != Book.RUN_BOOK
    if not title or not owner:
        raise StepIncomplete(more=", and how long it takes" if by_the_clock else "")
    if by_the_clock and (not said.minutes or (step.book == Book.CUT_OVER and said.offset is None)):
        raise StepIncomplete(more=", when, and how long it takes")
    step.title, step.owner, step.for_customer = title, owner, said.for_customer
    step.section = one_line(said.section)[:120]
    step.expectation = one_line(said.expectation)[:300]
    step.offset = said.offset if step.book == Book.CUT_OVER else None
    step.minutes = said.minutes if by_the_clock else None
    is_last = step.book == Book.CUT_OVER and said.is_no_return
    if is_last:  # there is one: the other is none any more
        rows = Step.objects.filter(engagement=step.engagement_id, is_no_return=True)
        rows.exclude(pk=step.pk).update(is_no_return=False)
    step.is_no_return = is_last


@transaction.atomic
def remove_step(step: Step, *, by: Person, at: datetime) -> None:
    """It is not part of the plan any more. Errors: `NotAllowed`, `NotRunning`, `StepOver`, ..."""
    engagement = worked(step.engagement, by)
    step = _held(step)
    if step.result:
        raise _over(step)
    _check_planned(engagement, Book(step.book))
    record("golive.step_removed", engagement, at=at, by=by, book=step.book, title=step.title)
    step.delete()


@transaction.atomic
def tick(step: Step, result: StepResult, *, remark: str = "", by: Person, at: datetime) -> Step:
    """What came of it, by name and moment. A customer ticks off what is the customer's.

    Errors: `NotAllowed`, `StepNotYours`, `StepOver`, `StepNotNow`, `ReasonMissing`.
    """
    engagement = _touched(step.engagement, step, by)
    step = _held(step)
    if step.result:
        raise _over(step)
    _check_due(engagement, step)
    remark = clean(remark)[:500]
    if result != StepResult.DONE and not remark:
        raise ReasonMissing()
    step.result, step.remark, step.done_at, step.done_by = result, remark, at, by
    step.save(update_fields=["result", "remark", "done_at", "done_by"])
    facts = {"book": step.book, "title": step.title, "result": result, "remark": remark}
    record("golive.step_ticked", engagement, at=at, by=by, rule="N9", **facts)
    return step


@transaction.atomic
def open_again(step: Step, *, reason: str, by: Person, at: datetime) -> Step:
    """It was ticked off by mistake, or has to be done again; the journal keeps what it said.

    Of a cut-over that is over nothing is undone. Errors: `NotAllowed`, `NotRunning`, `StepOpen`,
    `StepNotNow`, `CutOverBusy`, `ReasonMissing`.
    """
    engagement = worked(step.engagement, by)
    step = _held(step)
    if not step.result:
        raise StepOpen(title=step.title)
    _check_due(engagement, step)
    reason = clean(reason)[:500]
    if not reason:
        raise ReasonMissing()
    if step.is_passed:
        raise StepNotNow(title=step.title, why="the point of no return is not undone.")
    step.result, step.remark, step.done_at, step.done_by = "", "", None, None
    step.save(update_fields=["result", "remark", "done_at", "done_by"])
    facts = {"book": step.book, "title": step.title, "reason": reason}
    record("golive.step_reopened", engagement, at=at, by=by, **facts)
    return step


def _touched(engagement: Engagement, step: Step, by: Person) -> Engagement:
    if not by.is_customer:
        return worked(engagement, by)
    if not policies.may_speak(by, engagement):
        raise NotAllowed()
    if not step.for_customer:
        raise StepNotYours(title=step.title)
    fresh = locked(engagement)
    if fresh.state == State.REQUESTED:
        raise NotRunning(number=fresh.number)
    return fresh


def _held(step: Step) -> Step:
    return Step.objects.select_for_update(of=("self",)).get(pk=step.pk)


def _over(step: Step) -> StepOver:
    return StepOver(title=step.title, result=step.get_result_display().lower())


def _check_planned(engagement: Engagement, book: Book) -> None:
    """The plan of a cut-over that goes on, or is over, does not change."""
    if book == Book.RUN_BOOK:
        return
    held = CutOver.objects.filter(engagement=engagement).first()
    if held is not None and held.state != CutOverState.PLANNED:
        raise CutOverBusy(state=held.get_state_display().lower())


def _check_due(engagement: Engagement, step: Step) -> None:
    """Steps from the start on wait for the start, the way back for the turn (N9)."""
    if step.book == Book.RUN_BOOK:
        return
    held = CutOver.objects.filter(engagement=engagement).first()
    state = held.state if held else ""
    if held is not None and state == CutOverState.DONE:
        raise CutOverBusy(state=held.get_state_display().lower())
    if step.book == Book.WAY_BACK and state != CutOverState.TURNED_BACK:
        raise StepNotNow(title=step.title, why="nobody turned back.")
    if step.book == Book.WAY_BACK:
        return
    if state == CutOverState.TURNED_BACK:
        raise StepNotNow(title=step.title, why="the cut-over was turned back.")
    if (step.offset or 0) >= 0 and state != CutOverState.RUNNING:
        raise StepNotNow(title=step.title, why="say first that the cut-over began.")
