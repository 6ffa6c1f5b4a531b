"""Issuing a service report: frozen, numbered, with its checksum and its PDF, once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Person
from core.journal import record
from notices.outbox import notify
from reports import policies
from reports.actions.journal_kept import check_journal
from reports.enums import ReportState
from reports.errors import AlreadyIssued, MonthNotOver, NotYours
from reports.models import ReportDocument, ServiceReport
from reports.pdf.service_report import render
from reports.reads.content import content_of
from reports.rules.content import ReportContent, checksum
from reports.rules.months import Month


def content_now(report: ServiceReport, *, at: datetime) -> ReportContent:
    """What the report says: frozen once it is issued, computed afresh while it is a draft."""
    if report.content is not None:
        return ReportContent.from_json(report.content)
    month = Month(report.month.year, report.month.month)
    content = content_of(report.organisation, month, at=at)
    revises = report.revises
    return replace(
        content,
        considerations=report.considerations,
        recommendations=report.recommendations,
        revision=report.revision,
        revises=str(revises.number) if revises else "",
        revision_reason=report.revision_reason,
    )


def pdf_of(report: ServiceReport, *, at: datetime) -> bytes:
    """The PDF: byte for byte the issued one, or of the draft as it stands."""
    if report.state == ReportState.ISSUED:
        return bytes(report.document.pdf)
    return render(content_now(report, at=at))


@transaction.atomic
def issue(report: ServiceReport, *, by: Person, at: datetime) -> ServiceReport:
    """Freeze the report as of `at`, and tell the organisation's contacts that it is there.

    A revision carries the number of the first report and its own after it.

    Nothing of it changes afterwards. Errors: `NotYours`, `AlreadyIssued`, `MonthNotOver`,
    `JournalGone`.
    """
    rows = ServiceReport.objects.select_for_update(of=("self",))
    report = rows.select_related("organisation__tam", "revises").get(pk=report.pk)
    if not policies.may_edit(by, report.organisation):
        raise NotYours()
    if report.state == ReportState.ISSUED:
        raise AlreadyIssued(number=report.number)
    month = Month(report.month.year, report.month.month)
    if at < month.bounds(report.organisation.timezone)[1]:
        raise MonthNotOver(month=month.label, day=f"1 {month.next().label}")
    check_journal(report.month)
    number = _number_of(report, month)
    content = content_now(report, at=at).issued(number=number, at=at)
    pdf = render(content)
    report.state, report.number = ReportState.ISSUED, number
    report.content, report.checksum = content.as_json(), checksum(content)
    report.issued_at, report.issued_by = at, by
    report.save()
    ReportDocument.objects.create(
        organisation=report.organisation,
        report=report,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    record("report.issued", report, at=at, by=by, rule="rule 11", number=number)
    _notify(report, month, at=at)
    return report


def _notify(report: ServiceReport, month: Month, *, at: datetime) -> None:
    revises = report.revises
    facts: dict[str, Any] = {}
    if revises:
        facts = {"revises": revises.number, "reason": report.revision_reason}
    people = report.organisation.people.active().select_related("organisation")
    notify(
        [one for one in people if one.sees_all],  # who sees their own alone reads none (F4)
        "report_revised" if revises else "report_issued",
        key=f"report:{report.pk}",
        at=at,
        about=report,
        number=report.number,
        month=month.label,
        url=f"{settings.SITE_URL}/reports/{report.pk}/",
        **facts,
    )


def _number_of(report: ServiceReport, month: Month) -> str:
    if report.revises is not None:
        return f"{report.revises.number}-R{report.revision}"
    return _next_number(month)


def _next_number(month: Month) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('report_number')")
        return f"SR-{month}-{cursor.fetchone()[0]:04d}"
