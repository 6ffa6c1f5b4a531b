"""What the page shows of an operations audit, and what its report says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from accounts.models import Person
from core.moments import dated
from core.words import day_in_words
from engagements.enums import CaseArea
from engagements.models import Audit, AuditCase, AuditFinding, AuditRun, Engagement
from engagements.reads.bases import local_day
from engagements.rules.audit_paper import AuditPaper, CaseLine, FindingLine
from engagements.rules.audits import Score, Standing, Tried, overall, score
from entitlements.rules.zones import zone_of


@dataclass(frozen=True)
class CaseRow:
    """`last` is None for what was not run; `runs` newest first."""

    case: AuditCase
    last: AuditRun | None
    runs: list[AuditRun]


@dataclass(frozen=True)
class FindingRow:
    finding: AuditFinding
    standing: str
    label: str
    tone: str


_LABELS = {
    Standing.OPEN: ("Open", "badge-warm"),
    Standing.LATE: ("Late", "badge-red"),
    Standing.ACCEPTED: ("Risk accepted", "badge-blue"),
    Standing.FIXED: ("Fixed", "badge-green"),
}


def panel(engagement: Engagement, reader: Person, at: datetime) -> dict[str, object]:
    """Five queries, however many cases."""
    rows = _cases(engagement)
    today = local_day(engagement.organisation, at)
    findings = engagement.findings.select_related("case", "incident")
    terms = Audit.objects.filter(engagement=engagement).select_related("agreed_by").first()
    return {
        "terms": terms,
        "is_window": terms is not None and terms.window_from <= at < terms.window_until,
        "cases": rows,
        "scores": [(CaseArea(one.area).label, one) for one in _scores(rows)],
        "findings": [_finding(one, today) for one in findings],
        "has_runs": any(row.last for row in rows),
    }


def _finding(one: AuditFinding, today: date) -> FindingRow:
    found = one.standing_on(today)
    return FindingRow(one, found.value, *_LABELS[found])


def standing_of(engagement: Engagement) -> tuple[list[CaseRow], list[Score]]:
    """Its cases with what came of them, and the score of each area."""
    rows = _cases(engagement)
    return rows, _scores(rows)


def _cases(engagement: Engagement) -> list[CaseRow]:
    runs = AuditRun.objects.select_related("run_by").prefetch_related("evidence")
    found = engagement.audit_cases.prefetch_related(Prefetch("runs", queryset=runs))
    return [CaseRow(one, next(iter(one.runs.all()), None), list(one.runs.all())) for one in found]


def _tried(rows: list[CaseRow]) -> list[Tried]:
    return [
        Tried(row.case.area, row.case.severity, row.last.result if row.last else "") for row in rows
    ]


def _scores(rows: list[CaseRow]) -> list[Score]:
    tried = _tried(rows)
    return [score(area, tried) for area in CaseArea.values]


def content_of(engagement: Engagement, *, today: date) -> AuditPaper:
    """The report as it stands; the same until something is tried, found or agreed."""
    rows, scores = _cases(engagement), []
    scores = _scores(rows)
    findings = list(engagement.findings.select_related("case", "incident"))
    terms = Audit.objects.filter(engagement=engagement).first()
    zone = zone_of(engagement.organisation.timezone)
    window = ""
    if terms is not None:
        first, last = (one.astimezone(zone) for one in (terms.window_from, terms.window_until))
        window = f"{dated(first)} to {dated(last)}"
    moments = [run.run_at for row in rows for run in row.runs]
    moments += [one.found_at for one in findings] + ([terms.agreed_at] if terms else [])
    return AuditPaper(
        number=engagement.number,
        title=engagement.title,
        organisation=engagement.organisation.name,
        timezone=engagement.organisation.timezone,
        as_of=max(moments, default=engagement.requested_at),
        permitted_by=terms.permitted_by if terms else "",
        window=window,
        stop_contact=terms.stop_contact if terms else "",
        rollback=terms.rollback if terms else "",
        summary=overall(scores, _tried(rows)),
        scores=scores,
        cases=[_case_line(row) for row in rows],
        findings=[_finding_line(one, today) for one in findings],
    )


def _case_line(row: CaseRow) -> CaseLine:
    case, last = row.case, row.last
    return CaseLine(
        number=case.number,
        area=case.area,
        title=case.title,
        severity=case.get_severity_display(),
        result=last.get_result_display() if last else "Not run",
        observed=last.observed if last else "",
        procedure=case.procedure,
        expectation=case.expectation,
        is_customers=case.is_customers,
        runs=len(row.runs),
        evidence=[
            f"{file.name} (SHA-256 {file.sha256[:12]}…)"
            for run in row.runs
            for file in run.evidence.all()
        ],
    )


def _finding_line(one: AuditFinding, today: date) -> FindingLine:
    detail = []
    if one.accepted_until is not None:
        until = day_in_words(one.accepted_until)
        detail.append(f"Risk accepted by {one.accepted_by} until {until}: {one.accepted_for}")
    if one.incident is not None:
        detail.append(f"Incident {one.incident.number}")
    return FindingLine(
        title=one.title,
        severity=one.get_severity_display(),
        case=one.case.number,
        recommendation=one.recommendation,
        owner=one.owner,
        due_on=one.due_on,
        standing=one.standing_on(today),
        detail=". ".join(detail),
    )
