"""Operations audits: agreed on, run, findings with owner and day, retests, the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from core.journal import record
from core.moments import dated
from core.text import clean_block, one_line
from engagements import policies
from engagements.actions.common import locked, reporter_for, tell_team, worked
from engagements.actions.papers import keep_paper, letterhead
from engagements.actions.talking import digest_of
from engagements.enums import CaseResult, Paper, Severity
from engagements.errors import (
    AuditIncomplete,
    AuditNotAgreed,
    AuditOutsideWindow,
    CaseIncomplete,
    CaseNotRun,
    CasePassed,
    CaseThere,
    FindingFixed,
    FindingIncomplete,
    FindingReported,
    MayNotAccept,
    NameMissing,
    NothingTried,
    ObservationMissing,
    ReasonMissing,
    RunToCome,
    UnreachedNeverPasses,
)
from engagements.models import (
    Audit,
    AuditCase,
    AuditEvidence,
    AuditFinding,
    AuditRun,
    DocumentVersion,
    Engagement,
    LibraryCase,
)
from engagements.pdf.audit import report
from engagements.reads.audits import content_of
from engagements.reads.bases import licence_behind, local_day
from engagements.rules.audits import may_be
from entitlements.rules.zones import zone_of
from tickets.actions.files import check_files, safe_name
from tickets.actions.filing import Report, file_incident


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What has to be agreed before anything is run; moments are aware."""

    permitted_by: str
    window_from: datetime
    window_until: datetime
    stop_contact: str
    rollback: str


@transaction.atomic
def agree_on(engagement: Engagement, terms: Terms, *, by: Person, at: datetime) -> Audit:
    """Write down the terms, or new ones. Errors: `NotAllowed`, `NotRunning`, `AuditIncomplete`."""
    engagement = worked(engagement, by)
    said = {
        "permitted_by": one_line(terms.permitted_by)[:120],
        "stop_contact": one_line(terms.stop_contact)[:200],
        "rollback": clean_block(terms.rollback),
    }
    missing = {
        "permitted_by": "who of the customer permits it",
        "stop_contact": "who says stop, and how to reach them",
        "rollback": "how everything is put back",
    }
    for name, what in missing.items():
        if not said[name]:
            raise AuditIncomplete(what=what)
    if terms.window_until <= terms.window_from:
        raise AuditIncomplete(what="a window that ends after it begins")
    found, _ = Audit.objects.update_or_create(
        engagement=engagement,
        organisation_id=engagement.organisation_id,
        defaults={
            **said,
            "window_from": terms.window_from,
            "window_until": terms.window_until,
            "agreed_by": by,
            "agreed_at": at,
        },
    )
    record(
        "audit.agreed",
        engagement,
        at=at,
        by=by,
        rule="AU2",
        permitted_by=found.permitted_by,
        window_from=found.window_from,
        window_until=found.window_until,
    )
    return found


@transaction.atomic
def choose_cases(
    engagement: Engagement, cases: Sequence[LibraryCase], *, by: Person, at: datetime
) -> int:
    """Copies of cases of the library; those that are there stay. How many came.

    Errors: `NotAllowed`, `NotRunning`.
    """
    engagement = worked(engagement, by)
    there = set(engagement.audit_cases.values_list("title", flat=True))
    chosen = [one for one in cases if one.title not in there]
    number = _last_number(engagement)
    AuditCase.objects.bulk_create(
        AuditCase(
            organisation_id=engagement.organisation_id,
            engagement=engagement,
            number=number + place,
            area=one.area,
            severity=one.severity,
            title=one.title,
            procedure=one.procedure,
            expectation=one.expectation,
            added_by=by,
            added_at=at,
        )
        for place, one in enumerate(chosen, start=1)
    )
    if chosen:
        record("audit.cases_chosen", engagement, at=at, by=by, count=len(chosen))
    return len(chosen)


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """A case that is made for one customer."""

    area: str
    severity: str
    title: str
    procedure: str
    expectation: str


@transaction.atomic
def add_case(engagement: Engagement, case: OwnCase, *, by: Person, at: datetime) -> AuditCase:
    """Errors: `NotAllowed`, `NotRunning`, `CaseIncomplete`, `CaseThere`."""
    engagement = worked(engagement, by)
    title = one_line(case.title)[:120]
    procedure, expectation = clean_block(case.procedure), clean_block(case.expectation)
    if not (title and procedure and expectation):
        raise CaseIncomplete()
    if engagement.audit_cases.filter(title__iexact=title).exists():
        raise CaseThere(title=title)
    made = AuditCase.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        number=_last_number(engagement) + 1,
        area=case.area,
        severity=case.severity,
        title=title,
        procedure=procedure,
        expectation=expectation,
        is_customers=True,
        added_by=by,
        added_at=at,
    )
    record("audit.case_added", engagement, at=at, by=by, title=title)
    return made


def _last_number(engagement: Engagement) -> int:
    return engagement.audit_cases.aggregate(last=Max("number"))["last"] or 0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What came of a run, with a file that shows it. `run_at` None: just now."""

    result: CaseResult
    was_reached: bool
    observed: str
    file: Any = None
    run_at: datetime | None = None


@transaction.atomic
def note_run(case: AuditCase, seen: Seen, *, by: Person, at: datetime) -> AuditRun:
    """Of what was tried within the agreed window alone (AU2), also where it is written down later.

    A retest that passes ends the findings of the case, accepted ones, too; one that does not opens
    them again (AU3). What was tried before the last retest changes nothing of them.

    Errors: `NotAllowed`, `NotRunning`, `AuditNotAgreed`, `AuditOutsideWindow`, `RunToCome`,
    `UnreachedNeverPasses`, `ObservationMissing`, those of `check_files`.
    """
    engagement = worked(case.engagement, by)
    run_at = seen.run_at or at
    if run_at > at:
        raise RunToCome()
    _check_window(engagement, run_at)
    if not may_be(seen.result, was_reached=seen.was_reached):
        raise UnreachedNeverPasses()
    observed = clean_block(seen.observed)
    if not observed:
        raise ObservationMissing()
    run = AuditRun.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        case=case,
        result=seen.result,
        was_reached=seen.was_reached,
        observed=observed,
        run_by=by,
        run_at=run_at,
        noted_at=at,
    )
    if seen.file is not None:
        _keep_evidence(run, seen.file)
    passed = seen.result == CaseResult.OK
    if not case.runs.filter(run_at__gt=run_at).exists():
        case.findings.filter(fixed_at__isnull=passed).update(fixed_at=at if passed else None)
    facts: dict[str, Any] = {"case": case.number, "result": run.result, "run_at": run_at}
    record("audit.run", engagement, at=at, by=by, **facts)
    return run


def _check_window(engagement: Engagement, at: datetime) -> None:
    terms = Audit.objects.filter(engagement=engagement).first()
    if terms is None:
        raise AuditNotAgreed()
    if not terms.window_from <= at < terms.window_until:
        zone = zone_of(engagement.organisation.timezone)
        first, last = terms.window_from.astimezone(zone), terms.window_until.astimezone(zone)
        raise AuditOutsideWindow(window=f"{dated(first)} to {dated(last)}")


def _keep_evidence(run: AuditRun, file: Any) -> None:
    check_files([file])
    AuditEvidence.objects.create(
        organisation_id=run.organisation_id,
        engagement=run.engagement,
        run=run,
        file=file,
        name=safe_name(file.name or ""),
        size=file.size or 0,
        sha256=digest_of(file),
    )


@dataclass(frozen=True, kw_only=True)
class Found:
    title: str
    severity: Severity
    recommendation: str
    owner: str
    due_on: date


@transaction.atomic
def add_finding(case: AuditCase, found: Found, *, by: Person, at: datetime) -> AuditFinding:
    """What has to be better. Errors: `NotAllowed`, `NotRunning`, `CaseNotRun`, `CasePassed`,
    `FindingIncomplete`.
    """
    engagement = worked(case.engagement, by)
    last = case.runs.first()
    if last is None:
        raise CaseNotRun(title=case.title)
    if last.result == CaseResult.OK:
        raise CasePassed(title=case.title)
    title, owner = one_line(found.title)[:200], one_line(found.owner)[:120]
    recommendation = clean_block(found.recommendation)
    today = local_day(engagement.organisation, at)
    if not (title and owner and recommendation) or found.due_on < today:
        raise FindingIncomplete()
    made = AuditFinding.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        case=case,
        severity=found.severity,
        title=title,
        recommendation=recommendation,
        owner=owner,
        due_on=found.due_on,
        found_by=by,
        found_at=at,
    )
    record("audit.finding", engagement, at=at, by=by, title=title, due_on=found.due_on)
    return made


@transaction.atomic
def accept_risk(
    finding: AuditFinding, *, until: date, name: str, reason: str, by: Person, at: datetime
) -> AuditFinding:
    """The customer lives with it until that day, by name; then it is open again (AU3).

    Errors: `MayNotAccept`, `NameMissing`, `ReasonMissing`, `FindingFixed`, `FindingIncomplete`.
    """
    engagement = locked(finding.engagement)
    if not policies.may_accept(by, engagement):
        raise MayNotAccept(people="the admin contacts and who asked for the audit")
    name, reason = one_line(name)[:120], one_line(reason)[:300]
    if not name:
        raise NameMissing()
    if not reason:
        raise ReasonMissing()
    finding = AuditFinding.objects.select_for_update().get(pk=finding.pk)
    if finding.fixed_at is not None:
        raise FindingFixed(title=finding.title)
    if until < local_day(engagement.organisation, at):
        raise FindingIncomplete()
    finding.accepted_until, finding.accepted_by, finding.accepted_for = until, name, reason
    finding.save(update_fields=["accepted_until", "accepted_by", "accepted_for"])
    record(
        "audit.risk_accepted",
        engagement,
        at=at,
        by=by,
        rule="AU3",
        finding=finding.pk,
        title=finding.title,
        until=until,
        signed_name=name,
        reason=reason,
    )
    said = {
        "author": str(by),
        "body": f"Accepts “{finding.title}” until {until:%d %B %Y}: {reason}",
    }
    key = f"risk:{finding.pk}:{until}"
    tell_team(engagement, "engagement_written", key=key, at=at, but=by, **said)
    return finding


@transaction.atomic
def report_finding(finding: AuditFinding, *, by: Person, at: datetime) -> AuditFinding:
    """Make it an incident of the customer's, through the one door of reports.

    Errors: `NotAllowed`, `NotRunning`, `FindingFixed`, `FindingReported`, `NobodyReports`, those
    of filing.
    """
    engagement = worked(finding.engagement, by)
    finding = (
        AuditFinding.objects.select_for_update(of=("self",))
        .select_related("incident", "case")
        .get(pk=finding.pk)
    )
    if finding.incident is not None:
        raise FindingReported(title=finding.title, number=finding.incident.number)
    if finding.fixed_at is not None:
        raise FindingFixed(title=finding.title)
    body = (
        f"Found by the operations audit {engagement.number}, case “{finding.case.title}”.\n\n"
        f"{finding.recommendation}"
    )
    finding.incident = file_incident(
        Report(
            reporter=reporter_for(engagement),
            service="troubleshooting",
            subject=finding.title,
            body=body,
            project=engagement.project,
            licence=None if engagement.project else licence_behind(engagement),
            priority=_PRIORITY[Severity(finding.severity)],
            use_gold=False,
        ),
        at=at,
        by=by,
    )
    finding.save(update_fields=["incident"])
    number = finding.incident.number
    record("audit.reported", engagement, at=at, by=by, title=finding.title, number=number)
    return finding


_PRIORITY = {Severity.CRITICAL: 1, Severity.HIGH: 2, Severity.MEDIUM: 3, Severity.LOW: 4}


@transaction.atomic
def issue_report(engagement: Engagement, *, note: str, by: Person, at: datetime) -> DocumentVersion:
    """The report as it stands, as a version that never changes (N5).

    Errors: `NotAllowed`, `NotRunning`, `NothingTried`, `SameFile` where nothing is new.
    """
    engagement = worked(engagement, by)
    content = content_of(engagement, today=local_day(engagement.organisation, at))
    if not content.has_runs:
        raise NothingTried()
    pdf = report(content, letterhead())
    return keep_paper(engagement, Paper.AUDIT_REPORT, pdf, by=by, at=at, note=note)
