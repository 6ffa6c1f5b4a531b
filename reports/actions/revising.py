"""Revising an issued report: a numbered report of its own, with a reason; the first stays (F1)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.journal import record
from core.text import clean
from reports import policies
from reports.actions.journal_kept import check_journal
from reports.errors import AlreadyRevised, NotIssued, NotYours, ReasonMissing
from reports.models import ServiceReport

LONGEST_REASON = 500


@transaction.atomic
def revise(report: ServiceReport, *, reason: str, by: Person, at: datetime) -> ServiceReport:
    """A draft of the next revision, with the words of the report that it revises.

    Its figures are what is known at its own issue; what only happened after the month is not in
    it. The customer sees it, and is told why, when it is issued. Errors: `NotYours`, `NotIssued`,
    `ReasonMissing`, `JournalGone`; `AlreadyRevised` where the newest of the month is another one.
    """
    rows = ServiceReport.objects.select_for_update(of=("self",)).select_related("organisation")
    of_month = rows.of_month_of(report)
    newest = of_month[0]
    first = of_month.get(revision=0)
    if not policies.may_edit(by, newest.organisation):
        raise NotYours()
    if not newest.is_issued and newest.pk == report.pk:
        raise NotIssued()
    if newest.pk != report.pk:
        raise AlreadyRevised(number=report.number, revision=newest.number or "its draft")
    reason = clean(reason)[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing()
    check_journal(newest.month)
    revision = ServiceReport.objects.create(
        organisation=newest.organisation,
        month=newest.month,
        revision=newest.revision + 1,
        revises=first,
        revision_reason=reason,
        considerations=newest.considerations,
        recommendations=newest.recommendations,
        drafted_at=at,
    )
    record("report.revised", revision, at=at, by=by, rule="F1", revises=first.number, reason=reason)
    return revision
