"""The incidents of a month, each as it stood at the cut-off (F1).

In a constant number of queries, however many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q

from accounts.models import Organisation
from entitlements.enums import EntryKind, Level
from entitlements.models import CoverageDecision, LedgerEntry, LevelVersion
from reports.reads.past import (
    CORRECTED,
    DECISIONS,
    OUTSIDE,
    PRIORITY,
    PUT_RIGHT,
    STATES,
    Changes,
    Cut,
    TargetThen,
    changes_since,
    targets_then,
    undoing,
)
from reports.reads.standing import Standing, known_by
from reports.reads.work import Work, work_on
from reports.rules.content import OUTSIDE_LIMITS, IncidentRow, TargetRow
from telephone.models import Call
from tickets.enums import Priority, State, Tier
from tickets.models import Handover, Incident, Message, Rating, ResponseTarget, Solution

Bounds = tuple[datetime, datetime]
PRIVATE = "A private report"  # counts, without its words (F4)


@dataclass(frozen=True)
class Gathered:
    """The rows of a month, with what other parts of the report read about the same incidents."""

    rows: tuple[IncidentRow, ...]
    work: Work
    changes: Changes
    numbers: Mapping[int, str]  # by pk


def gathered(organisation: Organisation, bounds: Bounds, cut: Cut, standing: Standing) -> Gathered:
    """Every incident that a figure of the month counts; `bounds` end at the cut."""
    pks = _of_month(organisation, bounds) | set(standing.ended) | standing.still_open
    found: Any = Incident.objects.filter(pk__in=pks)
    found = known_by(found, cut.known_at)
    incidents = list(
        found.select_related("service", "decision__level").order_by("received_at", "pk")
    )
    changes, work = changes_since(pks, cut.end), work_on(pks, cut)
    reading = _Reading(
        bounds=bounds,
        cut=cut,
        standing=standing,
        changes=changes,
        work=work,
        targets=_targets(pks, changes, cut),
        tiers=_tiers(pks, bounds),
        solutions=_solutions(pks, cut),
        decisions=_decisions(pks, changes, cut),
    )
    rows = tuple(reading.row(one) for one in incidents)
    return Gathered(rows, work, changes, {one.pk: one.number for one in incidents})


def _of_month(organisation: Organisation, bounds: Bounds) -> set[int]:
    """By pk: reported, worked on, rated, paid with Gold, or with an answer due or given in it."""
    start, end = bounds
    during = {"gte": start, "lt": end}

    def within(field: str) -> dict[str, datetime]:
        return {f"{field}__{bound}": moment for bound, moment in during.items()}

    ended = Q(met_at__lt=start) | Q(abandoned_at__lt=start)
    due = (Q(**within("due_at")) | Q(**within("first_due_at"))) & ~ended | Q(**within("met_at"))
    reported = Incident.objects.filter(organisation=organisation, **within("received_at"))
    said = Message.objects.filter(organisation=organisation, **within("sent_at"))
    moved = Handover.objects.filter(organisation=organisation, **within("at"))
    called = Call.objects.filter(
        organisation=organisation, incident__isnull=False, **within("logged_at")
    )
    owed = ResponseTarget.objects.filter(due, organisation=organisation, opened_at__lt=end)
    rated = Rating.objects.filter(organisation=organisation, **within("given_at"))
    gold = LedgerEntry.objects.filter(
        organisation=organisation,
        kind__in=(EntryKind.CONSUME, EntryKind.REFUND, EntryKind.REINSTATE),
        incident__isnull=False,
        **within("at"),
    )
    found = set(reported.values_list("pk", flat=True))
    hanging: tuple[Any, ...] = (said, moved, called, owed, rated, gold)
    for rows in hanging:
        found |= set(rows.order_by().values_list("incident_id", flat=True))
    return found


@dataclass(frozen=True)
class _Reading:
    """All that was read, and how a row is made of it."""

    bounds: Bounds
    cut: Cut
    standing: Standing
    changes: Changes
    work: Work
    targets: Mapping[int, Sequence[TargetThen]]
    tiers: Mapping[int, tuple[int, int]]  # highest ever, highest in the month
    solutions: Mapping[int, tuple[str, str]]  # text and cause
    decisions: Mapping[int, LevelVersion | None]  # of those that were decided again since

    def row(self, incident: Any) -> IncidentRow:
        level = self._level(incident)
        ended_at = self._ended_at(incident)
        answered = self.work.answered(incident.pk)
        ever, in_month = self.tiers.get(incident.pk, (Tier.TS1, Tier.TS1))
        solution, cause = self.solutions.get(incident.pk, ("", "")) if ended_at else ("", "")
        spent = round((ended_at - incident.received_at).total_seconds()) if ended_at else None
        return IncidentRow(
            number=incident.number,
            subject=PRIVATE if incident.is_private else incident.subject,
            solution="" if incident.is_private else solution,
            cause=cause,
            reported_at=incident.received_at,
            level=level.get_level_display() if level else "Not covered",
            priority=Priority(self._priority(incident)).label,
            service=self._service(incident),
            channel=incident.get_channel_display(),
            state=self._state(incident, answered=answered, ended=ended_at is not None),
            targets=tuple(self._target(one) for one in self.targets.get(incident.pk, ())),
            ended_at=ended_at,
            was_answered=answered,
            solving_seconds=spent if answered else None,
            people=self.work.vendor_names(incident.pk),
            escalated_to=_tier_label(ever),
            escalated_in_month=_tier_label(in_month),
            gold_used=bool(level and level.level == Level.GOLD),
        )

    def _level(self, incident: Any) -> LevelVersion | None:
        if incident.pk in self.decisions:
            return self.decisions[incident.pk]
        level: LevelVersion | None = incident.decision.level
        return level

    def _service(self, incident: Any) -> str:
        """As it was known then: it may have been put right since (G3)."""
        before = self.changes.before(incident.pk, self.cut, (), (PUT_RIGHT,)) or {}
        return str(before.get("service") or incident.service.name)

    def _priority(self, incident: Any) -> int:
        return self.changes.before(incident.pk, self.cut, PRIORITY) or int(incident.priority)

    def _ended_at(self, incident: Any) -> datetime | None:
        """What neither the month nor its end knows was ended before it, and is untouched since."""
        if incident.pk in self.standing.still_open:
            return None
        known = self.standing.ended.get(incident.pk) or self.standing.earlier.get(incident.pk)
        moment: datetime | None = known or incident.solved_at
        return moment

    def _state(self, incident: Any, *, answered: bool, ended: bool) -> str:
        before = self.changes.before(incident.pk, self.cut, STATES)
        state = State(before or incident.state)
        if ended and self._is_outside(incident):
            return OUTSIDE_LIMITS
        if ended and not answered:
            return "Closed without an answer"
        return str(state.label)

    def _is_outside(self, incident: Any) -> bool:
        before = self.changes.before(incident.pk, self.cut, OUTSIDE)
        return bool(before == "outside" if before else incident.outside_at)

    def _target(self, then: TargetThen) -> TargetRow:
        decided_at = then.decided_at(self.cut.end)
        return TargetRow(
            cycle=then.cycle,
            opened_at=then.opened_at,
            due_at=then.due_at,
            target_seconds=round(then.target.total_seconds()),
            in_working_time=not then.calendar.is_round_the_clock,
            answered_at=then.met_at,
            answer_seconds=then.answer_seconds,
            met=then.verdict(self.cut.end),
            counts=decided_at is not None and self.bounds[0] <= decided_at < self.bounds[1],
        )


def _targets(
    pks: Collection[int], changes: Changes, cut: Cut
) -> Mapping[int, Sequence[TargetThen]]:
    rows = ResponseTarget.objects.filter(incident__in=pks, opened_at__lt=cut.end)
    ordered = rows.select_related("calendar").order_by("incident", "cycle")
    return targets_then(ordered, changes, undoing(changes), cut)


def _tiers(pks: Collection[int], bounds: Bounds) -> dict[int, tuple[int, int]]:
    """By incident, the highest level that it reached, and that it reached in the month."""
    steps = Handover.objects.filter(incident__in=pks, at__lt=bounds[1], to_tier__gt=Tier.TS1)
    highest = (
        steps.order_by()
        .values("incident")
        .annotate(ever=Max("to_tier"), in_month=Max("to_tier", filter=Q(at__gte=bounds[0])))
    )
    return {one["incident"]: (one["ever"], one["in_month"] or Tier.TS1) for one in highest}


def _solutions(pks: Collection[int], cut: Cut) -> dict[int, tuple[str, str]]:
    """By incident, the newest that was registered, with the name of its cause."""
    found = Solution.objects.filter(incident__in=pks, at__lt=cut.end).order_by("at", "pk")
    rows = found.values_list("incident_id", "text", "cause__name")
    return {incident: (text, cause or "") for incident, text, cause in rows}


def _decisions(pks: Collection[int], changes: Changes, cut: Cut) -> dict[int, LevelVersion | None]:
    """The level at the cut-off of those that were decided again since."""
    before = {pk: changes.before(pk, cut, DECISIONS, (CORRECTED,)) for pk in pks}
    known = {pk: decision for pk, decision in before.items() if decision}
    if not known:
        return {}
    decisions = CoverageDecision.objects.select_related("level").in_bulk(set(known.values()))
    return {pk: decisions[decision].level for pk, decision in known.items()}


def _tier_label(tier: int) -> str:
    return str(Tier(tier).label) if tier > Tier.TS1 else ""
