"""Run book, cut-over and go / no-go of a project, as pages and papers show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from accounts.models import Person
from core.journal import entries_of
from engagements.enums import Book, CutOverState, Decision, StepResult
from engagements.models import Criterion, CutOver, Engagement, GoNoGo, Step, Vote
from engagements.rules.books import offset_said
from engagements.rules.cutover import Timed, Window, faults, starts_of, turn_by
from engagements.rules.gonogo import Asked, Outcome, Voter, outcome


@dataclass(frozen=True)
class StepRow:
    """`starts_at` is planned; `offset` is as it is written."""

    step: Step
    starts_at: datetime | None
    offset: str
    mine: bool  # the reader ticks it off

    @property
    def tone(self) -> str:
        return StepResult(self.step.result).tone if self.step.result else "badge-line"


@dataclass(frozen=True)
class Checklist:
    name: str
    rows: Sequence[StepRow]

    @property
    def done(self) -> int:
        return sum(bool(row.step.result) for row in self.rows)


def steps_of(engagement: Engagement, *books: Book) -> list[Step]:
    """In their order. One query."""
    found = Step.objects.filter(engagement=engagement, book__in=books)
    return list(found.select_related("done_by"))


def checklists_of(engagement: Engagement, reader: Person, *, works: bool) -> list[Checklist]:
    rows = [
        StepRow(one, None, "", _is_mine(one, reader, works))
        for one in steps_of(engagement, Book.RUN_BOOK)
    ]
    by_section: dict[str, list[StepRow]] = {}
    for row in rows:
        by_section.setdefault(row.step.section, []).append(row)
    return [Checklist(name, found) for name, found in by_section.items()]


def _is_mine(step: Step, reader: Person, works: bool) -> bool:
    return step.for_customer if reader.is_customer else works


@dataclass(frozen=True)
class CutOverPage:
    cut_over: CutOver | None
    steps: Sequence[StepRow]
    back: Sequence[StepRow]
    faults: Sequence[str]
    turn_by: datetime | None  # the last moment at which the way back fits
    back_minutes: int
    has_go: bool
    is_past: bool  # the point of no return

    @property
    def state(self) -> CutOverState | None:
        return CutOverState(self.cut_over.state) if self.cut_over else None

    @property
    def may_change(self) -> bool:
        """Steps of a plan that has not begun."""
        return self.state == CutOverState.PLANNED

    @property
    def is_back(self) -> bool:
        return self.state == CutOverState.TURNED_BACK

    @property
    def open_steps(self) -> int:
        return sum(not row.step.result for row in self.steps)


def cut_over_page(engagement: Engagement, reader: Person, *, works: bool) -> CutOverPage:
    """Three queries."""
    held = CutOver.objects.filter(engagement=engagement).select_related("planned_by").first()
    found = steps_of(engagement, Book.CUT_OVER, Book.WAY_BACK)
    window = _window(held)
    steps = [_row(one, window, reader, works) for one in found if one.book == Book.CUT_OVER]
    back = [_row(one, None, reader, works) for one in found if one.book == Book.WAY_BACK]
    minutes = [one.step.minutes or 0 for one in back]
    return CutOverPage(
        cut_over=held,
        steps=steps,
        back=back,
        faults=faults_of(held, found) if held else [],
        turn_by=turn_by(window, minutes) if window else None,
        back_minutes=sum(minutes),
        has_go=has_go(held),
        is_past=any(row.step.is_no_return and row.step.result == "done" for row in steps),
    )


def has_go(held: CutOver | None) -> bool:
    """The newest round says go, for this very moment, and nobody turned back since (N9)."""
    if held is None or held.starts_at is None:
        return False
    rounds = GoNoGo.objects.filter(engagement=held.engagement_id).order_by("-number")
    newest = rounds.first()
    if newest is None or newest.decision != Decision.GO or newest.for_starts_at != held.starts_at:
        return False
    told = entries_of(held.engagement).filter(kind__in=("gonogo.decided", "cutover.turned_back"))
    last = told.order_by("-pk").values_list("kind", flat=True).first()
    return last != "cutover.turned_back"  # one go, one beginning


def _window(held: CutOver | None) -> Window | None:
    if held is None or held.starts_at is None or held.until is None:
        return None
    return Window(held.starts_at, held.until)


def _row(step: Step, window: Window | None, reader: Person, works: bool) -> StepRow:
    offset = step.offset
    return StepRow(
        step,
        starts_of(_timed(step), window) if window and offset is not None else None,
        "" if offset is None else offset_said(offset),
        _is_mine(step, reader, works),
    )


def _timed(step: Step) -> Timed:
    return Timed(step.title, step.offset or 0, step.minutes or 0, step.is_no_return)


def faults_of(held: CutOver, steps: Sequence[Step]) -> list[str]:
    """What is wrong with the plan; nothing where its date is open."""
    window = _window(held)
    if window is None:
        return []
    timed = [_timed(one) for one in steps if one.book == Book.CUT_OVER]
    back = [one.minutes or 0 for one in steps if one.book == Book.WAY_BACK]
    return faults(timed, back, window)


@dataclass(frozen=True)
class RoundRow:
    round: GoNoGo
    criteria: Sequence[Criterion]
    votes: Sequence[Vote]
    outcome: Outcome

    @property
    def tone(self) -> str:
        return Decision(self.round.decision).tone if self.round.decision else "badge-warm"

    @property
    def sides(self) -> list[tuple[str, list[Vote]]]:
        ordered = sorted(self.votes, key=lambda one: not one.person.is_customer)
        grouped = groupby(ordered, key=lambda one: one.person.is_customer)
        names = {True: "Of the customer", False: "Of us"}
        return [(names[theirs], list(votes)) for theirs, votes in grouped]


@dataclass(frozen=True)
class GoNoGoPage:
    cut_over: CutOver | None
    rounds: Sequence[RoundRow]  # the newest first
    mine: Vote | None  # whose vote is asked of the reader in the open round

    @property
    def newest(self) -> RoundRow | None:
        return self.rounds[0] if self.rounds else None

    @property
    def older(self) -> Sequence[RoundRow]:
        return self.rounds[1:]


def go_no_go_page(engagement: Engagement, reader: Person) -> GoNoGoPage:
    """Four queries, however many rounds."""
    held = CutOver.objects.filter(engagement=engagement).first()
    rows = rounds_of(engagement)
    is_open = bool(rows) and not rows[0].round.decision
    mine = [one for one in rows[0].votes if one.person_id == reader.pk] if is_open else []
    return GoNoGoPage(held, rows, mine[0] if mine else None)


def rounds_of(engagement: Engagement) -> list[RoundRow]:
    """Three queries."""
    rounds = GoNoGo.objects.filter(engagement=engagement).select_related("decided_by", "called_by")
    found = rounds.prefetch_related("criteria__checked_by", "votes__person")
    return [_round(one) for one in found.order_by("-number")]


def _round(one: GoNoGo) -> RoundRow:
    criteria, votes = list(one.criteria.all()), list(one.votes.all())
    return RoundRow(one, criteria, votes, _outcome(criteria, votes))


def outcome_of(one: GoNoGo) -> Outcome:
    """As it stands now. Two queries."""
    return _outcome(list(one.criteria.all()), list(one.votes.select_related("person")))


def _outcome(criteria: Sequence[Criterion], votes: Sequence[Vote]) -> Outcome:
    asked = [Asked(one.text, one.result) for one in criteria]
    voters = [Voter(one.role, str(one.person), one.person.is_customer, one.vote) for one in votes]
    return outcome(asked, voters)
