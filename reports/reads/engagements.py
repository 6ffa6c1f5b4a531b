"""The engagements of a month, each as it stood at the cut-off (F1), with what was owed on them.

Rows that change keep what was before: promises their moves, the journal the rest. In a constant
number of queries, however many there are. The caller has read the organisation through the walls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from core.journal import label
from core.models import JournalEntry
from engagements.actions.promises import name_of
from engagements.enums import Light, State, Verdict
from engagements.enums import Owed as What
from engagements.models import DocumentVersion, Engagement, Promise, Risk
from engagements.rules.light import SOON, Piece, judge
from engagements.text.light import in_words
from reports.reads.past import Cut
from reports.rules.engaged import EngagementRow, PaperRow
from reports.rules.months import zone_named
from reports.rules.owed import Owed, owed_then

Bounds = tuple[datetime, datetime]
_TAKEN_UP, _BEGUN = "engagement.taken_up", "engagement.phase_begun"
_LIGHTS = ("engagement.light_set", "engagement.light_freed")


@dataclass(frozen=True)
class Held:
    """A promise with what became of it by the cut-off."""

    promise: Promise
    then: Owed


@dataclass(frozen=True)
class _Told:
    """What the journal knows of some engagements before the cut-off."""

    taken_up: frozenset[int]
    begun: Mapping[int, frozenset[str]]  # names of phases
    lights: Mapping[int, tuple[str, str]]  # by hand: the colour and why


def engagements_of(
    organisation: Organisation, timezone: str, bounds: Bounds, cut: Cut
) -> tuple[EngagementRow, ...]:
    """Those that were open in the month, or of which a document was judged in it; oldest first."""
    judged = DocumentVersion.objects.filter(verdict_at__gte=bounds[0], verdict_at__lt=cut.end)
    of_month = (
        Q(ended_at=None)
        | Q(ended_at__gte=bounds[0])
        | Q(pk__in=judged.order_by().values("engagement"))
    )
    asked = Engagement.objects.filter(organisation=organisation).filter(requested_at__lt=cut.end)
    rows = list(asked.filter(of_month).order_by("requested_at", "pk"))
    if not rows:
        return ()
    pks = [one.pk for one in rows]
    reading = _Reading(
        timezone=timezone,
        bounds=bounds,
        cut=cut,
        told=_told(pks, cut),
        papers=_papers(pks, cut),
        risks=_risks(pks, cut),
        owed=_owed(pks, bounds),
    )
    return tuple(reading.row(one) for one in rows)


@dataclass(frozen=True)
class _Reading:
    """All that was read, and how a row is made of it."""

    timezone: str
    bounds: Bounds
    cut: Cut
    told: _Told
    papers: Mapping[int, Sequence[DocumentVersion]]
    risks: Mapping[int, Sequence[int]]
    owed: Mapping[int, Sequence[Held]]

    def row(self, one: Engagement) -> EngagementRow:
        state = self._state(one)
        owed = self.owed.get(one.pk, ())
        light, reasons = self._light(one, owed) if state == State.RUNNING else ("", ())
        shown = [held for held in owed if _is_shown(held.promise)]
        return EngagementRow(
            number=one.number,
            kind=str(one.kind_of.label),
            title=one.title,
            state=str(state.label),
            phase=_phase(owed) if state == State.RUNNING else "",
            light=light,
            light_reasons=reasons,
            requested_at=one.requested_at,
            ended_at=one.ended_at if state not in (State.REQUESTED, State.RUNNING) else None,
            papers=tuple(self._paper(paper) for paper in self._of_month(one)),
            kept=tuple(name_of(held.promise) for held in shown if held.then.was_kept),
            missed=tuple(name_of(held.promise) for held in shown for _ in range(held.then.missed)),
        )

    def _state(self, one: Engagement) -> State:
        if one.ended_at is not None and one.ended_at < self.cut.end:
            return State(one.state)
        return State.RUNNING if one.pk in self.told.taken_up else State.REQUESTED

    def _of_month(self, one: Engagement) -> list[DocumentVersion]:
        start = self.bounds[0]
        return [
            paper
            for paper in self.papers.get(one.pk, ())
            if paper.sent_at >= start
            or (paper.verdict_at is not None and start <= paper.verdict_at < self.cut.end)
        ]

    def _paper(self, paper: DocumentVersion) -> PaperRow:
        known = _verdict(paper, self.cut)
        return PaperRow(
            title=paper.document.title,
            version=paper.number,
            sent_at=paper.sent_at,
            verdict=str(Verdict(known).label) if known else "",
            verdict_at=paper.verdict_at if known else None,
            signed_name=paper.signed_name if known else "",
        )

    def _light(self, one: Engagement, owed: Sequence[Held]) -> tuple[str, tuple[str, ...]]:
        """As the page said on the last day (N3); the name of no internal task."""
        begun = self.told.begun.get(one.pk, frozenset())
        last = self._day(self.cut.end)
        pieces = [self._piece(held, begun) for held in owed if held.then.is_open and _matters(held)]
        near = [piece for piece in pieces if piece.due_on and (piece.due_on - last).days <= SOON]
        light, reasons = judge(
            near,
            risks=self.risks.get(one.pk, ()),
            sent_back=self._sent_back(one),
            on=last,
        )
        said = tuple(in_words(reasons))
        by_hand = self.told.lights.get(one.pk)
        if by_hand is not None:
            return str(Light(by_hand[0]).label), (by_hand[1], *said)
        return str(Light(light).label), said

    def _piece(self, held: Held, begun: Collection[str]) -> Piece:
        promise, day = held.promise, self._day(held.then.due_at)
        if promise.phase is not None:
            name = promise.phase.name
            return Piece("phase", name, day, is_done=False, has_begun=name in begun)
        if promise.task is not None:
            name = "A task of ours" if promise.task.is_internal else promise.task.title
            return Piece("task", name, day, is_done=False)
        if held.then.due_at < self.cut.end:  # a moment that is over is late, on its day, too
            day = min(day, self._day(self.cut.end) - timedelta(days=1))
        return Piece("promise", str(What(promise.what).label), day, is_done=False)

    def _day(self, end: datetime) -> date:
        """The customer's day that ends at this moment, or in which it lies."""
        last = end - timedelta(microseconds=1)
        return last.astimezone(zone_named(self.timezone)).date()

    def _sent_back(self, one: Engagement) -> int:
        newest = {paper.document_id: paper for paper in self.papers.get(one.pk, ())}
        return sum(_verdict(paper, self.cut) == Verdict.SENT_BACK for paper in newest.values())


def _matters(held: Held) -> bool:
    """For the light: what is owed by a day, and the answer of an assessment."""
    return held.promise.what != What.REPLY


def _is_shown(promise: Promise) -> bool:
    """Ours, and not the team's own business: what a customer is told of."""
    task = promise.task
    return task is None or not (task.for_customer or task.is_internal)


def _phase(owed: Sequence[Held]) -> str:
    phases = [one for one in owed if one.promise.phase is not None and one.then.is_open]
    first = min(phases, key=lambda one: _place(one.promise), default=None)
    return str(first.promise.phase) if first else ""


def _place(promise: Promise) -> int:
    return promise.phase.place if promise.phase is not None else 0


def _verdict(paper: DocumentVersion, cut: Cut) -> str:
    return paper.verdict if paper.verdict_at is not None and paper.verdict_at < cut.end else ""


def _papers(engagements: Collection[int], cut: Cut) -> dict[int, list[DocumentVersion]]:
    """By engagement, all versions that were handed over by then, the newest of each last."""
    found: dict[int, list[DocumentVersion]] = defaultdict(list)
    rows = DocumentVersion.objects.filter(engagement__in=engagements, sent_at__lt=cut.end)
    for one in rows.select_related("document").order_by("document", "number"):
        found[one.engagement_id].append(one)
    return found


def _risks(engagements: Collection[int], cut: Cut) -> dict[int, list[int]]:
    """The scores of those that were open at the cut-off."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Risk.objects.filter(engagement__in=engagements, noted_at__lt=cut.end)
    for risk in rows.filter(Q(closed_at=None) | Q(closed_at__gte=cut.end)):
        found[risk.engagement_id].append(risk.score)
    return found


def _owed(engagements: Collection[int], bounds: Bounds) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    rows: Any = Promise.objects.filter(engagement__in=engagements)
    for one in rows.select_related("phase", "task").order_by("due_at", "pk"):
        then = owed_then(
            noted_at=one.noted_at or one.made_at,
            due_at=one.due_at,
            moves=[_moved(each) for each in one.moves or ()],
            kept_at=one.kept_at,
            withdrawn_at=one.withdrawn_at,
            bounds=bounds,
        )
        if then is not None:
            found[one.engagement_id].append(Held(one, then))
    return found


def _moved(kept: Sequence[str]) -> tuple[datetime, datetime]:
    at, before = kept
    return datetime.fromisoformat(at), datetime.fromisoformat(before)


def _told(engagements: Collection[int], cut: Cut) -> _Told:
    """One query; the last word on a light counts."""
    subjects = {label(Engagement(pk=pk)): pk for pk in engagements}
    entries = JournalEntry.objects.filter(
        subject__in=list(subjects), kind__in=(_TAKEN_UP, _BEGUN, *_LIGHTS), at__lt=cut.end
    )
    taken_up, lights = set(), {}
    begun: dict[int, set[str]] = defaultdict(set)
    rows = entries.order_by("at", "pk").values_list("subject", "kind", "facts")
    for subject, kind, facts in rows:
        pk = subjects[subject]
        if kind == _TAKEN_UP:
            taken_up.add(pk)
        elif kind == _BEGUN:
            begun[pk].add(str(facts.get("phase", "")))
        elif facts.get("light"):
            lights[pk] = (str(facts["light"]), str(facts.get("reason", "")))
        else:
            lights.pop(pk, None)
    return _Told(frozenset(taken_up), {pk: frozenset(names) for pk, names in begun.items()}, lights)
