"""Run book, cut-over plan and go / no-go sheet as papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engagements.enums import Book
from engagements.models import CutOver, Engagement, Step
from engagements.reads.deployment import RoundRow, rounds_of, steps_of
from engagements.rules.cutover import Timed, Window, starts_of, turn_by
from engagements.rules.deployment_paper import (
    CriterionLine,
    DeploymentPaper,
    StepLine,
    VoteLine,
    on_clock,
)


def _common(engagement: Engagement, at: datetime) -> dict[str, Any]:
    return {
        "number": engagement.number,
        "title": engagement.title,
        "organisation": engagement.organisation.name,
        "timezone": engagement.organisation.timezone,
        "as_of": at,
        "written_by": str(engagement.owner or ""),
    }


def run_book_of(engagement: Engagement, *, at: datetime) -> DeploymentPaper:
    zone = engagement.organisation.timezone
    steps = [_line(one, zone) for one in steps_of(engagement, Book.RUN_BOOK)]
    return DeploymentPaper(**_common(engagement, at), steps=steps)


def cut_over_of(engagement: Engagement, *, at: datetime) -> DeploymentPaper | None:
    """None where none is planned."""
    held = CutOver.objects.filter(engagement=engagement).first()
    if held is None:
        return None
    zone = engagement.organisation.timezone
    found = steps_of(engagement, Book.CUT_OVER, Book.WAY_BACK)
    back = [one.minutes or 0 for one in found if one.book == Book.WAY_BACK]
    window, turning = _window(held), ""
    if window:
        turning = on_clock(turn_by(window, back), zone)
    return DeploymentPaper(
        **_common(engagement, at),
        state=held.get_state_display(),
        window=_said(window, zone),
        turn_by=turning,
        back_minutes=sum(back),
        stop_contact=held.stop_contact,
        reason=held.end_reason,
        steps=[_line(one, zone, window) for one in found if one.book == Book.CUT_OVER],
        back=[_line(one, zone) for one in found if one.book == Book.WAY_BACK],
    )


def _window(held: CutOver) -> Window | None:
    if held.starts_at is None or held.until is None:
        return None
    return Window(held.starts_at, held.until)


def _said(window: Window | None, zone: str) -> str:
    if window is None:
        return ""
    return f"{on_clock(window.starts_at, zone)} to {on_clock(window.until, zone)}"


def _line(step: Step, zone: str, window: Window | None = None) -> StepLine:
    when = ""
    if window is not None and step.offset is not None:
        timed = Timed(step.title, step.offset, step.minutes or 0)
        when = on_clock(starts_of(timed, window), zone)
    done = f"{on_clock(step.done_at, zone)}, {step.done_by}" if step.done_at else ""
    return StepLine(
        step.section,
        step.title,
        step.owner,
        step.expectation,
        when,
        step.minutes,
        step.is_no_return,
        step.get_result_display() if step.result else "",
        step.remark,
        done,
    )


def go_no_go_of(engagement: Engagement, *, at: datetime) -> DeploymentPaper | None:
    """The newest round; None where none was called."""
    rounds = rounds_of(engagement)
    if not rounds:
        return None
    zone, row = engagement.organisation.timezone, rounds[0]
    one = row.round
    decided = f"{on_clock(one.decided_at, zone)}, {one.decided_by}" if one.decided_at else ""
    held = CutOver.objects.filter(engagement=engagement).first()
    moment = one.for_starts_at or (held.starts_at if held else None)
    return DeploymentPaper(
        **_common(engagement, at),
        round=one.number,
        decision=one.get_decision_display() if one.decision else "",
        decided=decided,
        reason=one.reason,
        meets=on_clock(one.meets_at, zone),
        window=on_clock(moment, zone) if moment else "",
        criteria=_criteria(row, zone),
        votes=_votes(row, zone),
    )


def _criteria(row: RoundRow, zone: str) -> Sequence[CriterionLine]:
    return [
        CriterionLine(
            one.text,
            one.get_result_display() if one.result else "Not looked at",
            one.remark,
            f"{on_clock(one.checked_at, zone)}, {one.checked_by}" if one.checked_at else "",
        )
        for one in row.criteria
    ]


def _votes(row: RoundRow, zone: str) -> Sequence[VoteLine]:
    return [
        VoteLine(
            "Customer" if one.person.is_customer else "Vendor",
            one.role,
            one.signed_name or str(one.person),
            one.get_vote_display() if one.vote else "Not given",
            one.reason,
            on_clock(one.voted_at, zone) if one.voted_at else "",
        )
        for _, votes in row.sides
        for one in votes
    ]
