"""Days of technical contracts, trainings attended and findings of audits, as of a cut-off (F1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from core.journal import label
from core.models import JournalEntry
from engagements.enums import CaseResult, Severity, VisitState
from engagements.models import (
    Attendance,
    AuditFinding,
    AuditRun,
    Engagement,
    SessionPart,
    TrainingSession,
    Visit,
)
from engagements.rules.audits import Standing, standing
from entitlements.models import TechnicalContract
from reports.reads.past import Cut
from reports.rules.engaged import (
    ContractRow,
    FindingRow,
    Trainee,
    TrainingRow,
    VisitDay,
    days_from,
)
from reports.rules.months import Month, zone_named

Bounds = tuple[datetime, datetime]
_STANDINGS = {
    Standing.OPEN: "Open",
    Standing.LATE: "Late",
    Standing.ACCEPTED: "Risk accepted",
}


def contracts_of(
    organisation: Organisation, month: Month, timezone: str, bounds: Bounds, cut: Cut
) -> tuple[ContractRow, ...]:
    """Those that ran on a day of the month, with the days of visits that count on them."""
    rows = TechnicalContract.objects.filter(organisation=organisation).filter(
        made_at__lt=cut.known_at, starts_on__lte=month.last_on
    )
    contracts = list(rows.order_by("starts_on", "pk"))
    ends = _ends_then(contracts, cut.known_at)
    running = [one for one in contracts if ends[one.pk] > month.first_on]
    if not running:
        return ()
    booked = _booked([one.pk for one in running], timezone, cut)
    return tuple(_contract(one, ends[one.pk], booked.get(one.pk, ()), bounds) for one in running)


@dataclass(frozen=True)
class _Booked:
    """A visit that was agreed before the cut-off, and when it was given back."""

    days: Sequence[VisitDay]
    agreed_at: datetime
    returned_at: datetime | None


def _contract(
    contract: TechnicalContract, ends_on: date, visits: Sequence[_Booked], bounds: Bounds
) -> ContractRow:
    start = bounds[0]
    before = [one for one in visits if one.agreed_at < start]
    fresh = [one for one in visits if one.agreed_at >= start]
    returned = [one for one in visits if one.returned_at and one.returned_at >= start]
    gone = sum(len(one.days) for one in before if one.returned_at and one.returned_at < start)
    return ContractRow(
        reference=contract.reference,
        starts_on=contract.starts_on,
        ends_on=ends_on - timedelta(days=1),
        days=contract.days,
        before=sum(len(one.days) for one in before) - gone,
        booked=tuple(day for one in fresh for day in one.days),
        returned=tuple(day for one in returned for day in one.days),
    )


def _ends_then(contracts: Sequence[TechnicalContract], known_at: datetime) -> dict[int, date]:
    """The first day without it, as it stood: who ended it early later wrote what was before."""
    ends = {one.pk: one.ends_on for one in contracts}
    subjects = {label(one): one.pk for one in contracts}
    changes = JournalEntry.objects.filter(
        subject__in=list(subjects), at__gte=known_at, kind="technical_contract.ended_early"
    )
    for subject, facts in changes.order_by("-at", "-pk").values_list("subject", "facts"):
        if isinstance(facts.get("before"), str):
            ends[subjects[subject]] = date.fromisoformat(facts["before"])
    return ends


def _booked(contracts: Collection[int], timezone: str, cut: Cut) -> dict[int, list[_Booked]]:
    """By contract, the visits that were agreed before the cut-off, in the order of time."""
    rows = Visit.objects.filter(engagement__contract__in=contracts, proposed_at__lt=cut.end)
    visits = list(rows.select_related("engagement").order_by("starts_at", "pk"))
    agreed = _agreed({one.engagement_id for one in visits}, cut)
    zone = zone_named(timezone)
    found: dict[int, list[_Booked]] = defaultdict(list)
    for one in visits:
        at = agreed.get(one.pk) or _answered(one)
        contract = one.engagement.contract_id
        if at is None or at >= cut.end or contract is None:
            continue
        gone = one.answered_at if one.state == VisitState.CANCELLED else None
        first = one.starts_at.astimezone(zone).date()
        days = [
            VisitDay(engagement=one.engagement.number, on=day) for day in days_from(first, one.days)
        ]
        found[contract].append(_Booked(days, at, gone if gone and gone < cut.end else None))
    return found


def _answered(visit: Visit) -> datetime | None:
    """When it was agreed, of one that stands; the row of another has when it was cancelled."""
    stands = visit.state in (VisitState.AGREED, VisitState.MADE)
    return visit.answered_at if stands else None


def _agreed(engagements: Collection[int], cut: Cut) -> dict[int, datetime]:
    """By visit, as the journal kept it."""
    subjects = [label(Engagement(pk=pk)) for pk in engagements]
    entries = JournalEntry.objects.filter(subject__in=subjects, kind="visit.agreed", at__lt=cut.end)
    return {
        int(facts["visit"]): at
        for at, facts in entries.order_by("at", "pk").values_list("at", "facts")
        if facts.get("visit")
    }


def trainings_of(organisation: Organisation, bounds: Bounds, cut: Cut) -> tuple[TrainingRow, ...]:
    """Of which a part began in the month and somebody of the customer was there."""
    noted = Attendance.objects.filter(organisation=organisation).filter(
        part__starts_at__gte=bounds[0], part__starts_at__lt=cut.end
    )
    rows = list(
        noted.select_related("part__session__course", "registration").order_by(
            "part__session__starts_at", "part__session", "registration__name", "registration"
        )
    )
    was = _noted_before({one.part.session_id for one in rows}, cut.known_at)
    there = [one for one in rows if _was_there(one, was, cut.known_at)]
    sessions: dict[int, list[Attendance]] = defaultdict(list)
    for one in there:
        sessions[one.part.session_id].append(one)
    held = _held(list(sessions), bounds, cut)
    return tuple(_training(theirs, held[pk]) for pk, theirs in sessions.items())


def _held(sessions: Collection[int], bounds: Bounds, cut: Cut) -> Counter[int]:
    """How many parts each had in the month, also those in which nobody of the customer was."""
    parts = SessionPart.objects.filter(session__in=sessions)
    of_month = parts.filter(starts_at__gte=bounds[0], starts_at__lt=cut.end)
    return Counter(of_month.order_by().values_list("session", flat=True))


def _training(rows: Sequence[Attendance], parts: int) -> TrainingRow:
    session = rows[0].part.session
    zone = zone_named(session.timezone)
    people: dict[int, list[Attendance]] = defaultdict(list)
    for one in rows:
        people[one.registration_id].append(one)
    return TrainingRow(
        key=f"training-{session.pk}",
        course=session.course.name,
        first_on=session.starts_at.astimezone(zone).date(),
        last_on=session.ends_at.astimezone(zone).date(),
        parts=parts,
        people=tuple(
            Trainee(name=theirs[0].registration.name, parts=len(theirs))
            for theirs in people.values()
        ),
    )


Was = Mapping[tuple[int, int], Any]  # session and number of the part


def _noted_before(sessions: Collection[int], known_at: datetime) -> Was:
    """What was noted of a part before the first change that the report can not know of."""
    subjects = {label(TrainingSession(pk=pk)): pk for pk in sessions}
    entries = JournalEntry.objects.filter(
        subject__in=list(subjects), kind="training.attendance", at__gte=known_at
    )
    found: dict[tuple[int, int], Any] = {}
    for subject, facts in entries.order_by("at", "pk").values_list("subject", "facts"):
        found.setdefault((subjects[subject], int(facts.get("part", 0))), facts.get("was"))
    return found


def _was_there(one: Attendance, was: Was, known_at: datetime) -> bool:
    place = (one.part.session_id, one.part.number)
    if place in was:
        return one.registration_id in (was[place] or ())
    return one.was_there and one.noted_at < known_at


def findings_of(organisation: Organisation, timezone: str, cut: Cut) -> tuple[FindingRow, ...]:
    """Those that were open at the cut-off, the oldest first."""
    rows = AuditFinding.objects.filter(organisation=organisation).filter(found_at__lt=cut.end)
    findings = list(rows.select_related("case", "engagement").order_by("found_at", "pk"))
    if not findings:
        return ()
    last = _last_results([one.case_id for one in findings], cut)
    accepted = _accepted({one.engagement_id for one in findings}, cut)
    moment = cut.end - timedelta(microseconds=1)
    today = moment.astimezone(zone_named(timezone)).date()
    found = []
    for one in findings:
        until = accepted.get(one.pk)
        stands = standing(
            is_fixed=last.get(one.case_id) == CaseResult.OK,
            accepted_until=until,
            due_on=one.due_on,
            today=today,
        )
        if stands != Standing.FIXED:
            found.append(_finding(one, stands, until))
    return tuple(found)


def _finding(one: AuditFinding, stands: Standing, until: date | None) -> FindingRow:
    return FindingRow(
        key=f"finding-{one.pk}",
        engagement=one.engagement.number,
        case=one.case.title,
        title=one.title,
        severity=str(Severity(one.severity).label),
        owner=one.owner,
        due_on=one.due_on,
        standing=_STANDINGS[stands],
        accepted_until=until if stands == Standing.ACCEPTED else None,
    )


def _last_results(cases: Collection[int], cut: Cut) -> dict[int, str]:
    """By case, what came of the last time that it was tried, as far as it was written down."""
    runs = AuditRun.objects.filter(case__in=cases, run_at__lt=cut.end)
    known = runs.filter(Q(noted_at=None) | Q(noted_at__lt=cut.known_at))
    return dict(known.order_by("run_at", "pk").values_list("case", "result"))


def _accepted(engagements: Collection[int], cut: Cut) -> dict[int, date]:
    """By finding, until when its risk is accepted: the last word before the cut-off."""
    subjects = [label(Engagement(pk=pk)) for pk in engagements]
    entries = JournalEntry.objects.filter(
        subject__in=subjects, kind="audit.risk_accepted", at__lt=cut.end
    )
    return {
        int(facts["finding"]): date.fromisoformat(facts["until"])
        for facts in entries.order_by("at", "pk").values_list("facts", flat=True)
        if facts.get("finding") and facts.get("until")
    }
