"""Drafts of service reports, and the words that the account manager adds to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Organisation, Person
from core.journal import record
from core.text import clean
from entitlements.models import GoLiveProject, IncidentPack, LevelVersion, Subscription
from reports import policies
from reports.enums import ReportState
from reports.errors import AlreadyIssued, MonthNotBegun, NotYours
from reports.models import ServiceReport
from reports.rules.months import Month


@transaction.atomic
def draft(organisation: Organisation, month: Month, *, at: datetime) -> ServiceReport:
    """The report of that month, made as a draft unless it exists. Safe to repeat.

    Errors: `MonthNotBegun`, by the organisation's own calendar.
    """
    if at < month.bounds(organisation.timezone)[0]:
        raise MonthNotBegun(month=month.label)
    report, made = ServiceReport.objects.get_or_create(
        organisation=organisation, month=month.first_on, revision=0, defaults={"drafted_at": at}
    )
    if made:
        record("report.drafted", report, at=at, by=None, rule="rule 11", month=str(month))
    return report


@transaction.atomic
def write_words(
    report: ServiceReport, *, considerations: str, recommendations: str, by: Person, at: datetime
) -> ServiceReport:
    """The manager's considerations and recommendations, while the report is a draft.

    Errors: `NotYours`, `AlreadyIssued`.
    """
    report = ServiceReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not policies.may_edit(by, report.organisation):
        raise NotYours()
    if report.state == ReportState.ISSUED:
        raise AlreadyIssued(number=report.number)
    report.considerations = clean(considerations)
    report.recommendations = clean(recommendations)
    report.save(update_fields=["considerations", "recommendations"])
    record("report.words", report, at=at, by=by)
    return report


def draft_month(month: Month, *, at: datetime) -> int:
    """Drafts for every organisation that is entitled to a report of `month`; how many are new."""
    before = ServiceReport.objects.filter(month=month.first_on).values("organisation")
    owed = [one for one in entitled(month) if one.pk not in {row["organisation"] for row in before}]
    for organisation in owed:
        draft(organisation, month, at=at)
    return len(owed)


def entitled(month: Month) -> list[Organisation]:
    """Organisations that held, on some day of the month, a level with monthly reports."""
    reporting = {
        one.level
        for one in LevelVersion.objects.order_by("level", "-version").distinct("level")
        if one.monthly_report
    }
    during = {"starts_on__lte": month.last_on, "ends_on__gt": month.first_on}
    paid = (
        Subscription.objects.standing().filter(level__in=reporting, **during).values("organisation")
    )
    found = Organisation.objects.filter(pk__in=paid)
    if "golive" in reporting:
        found |= Organisation.objects.filter(
            pk__in=GoLiveProject.objects.filter(**during).values("organisation")
        )
    if "gold" in reporting:
        found |= Organisation.objects.filter(pk__in=_holders_of_gold(month))
    return list(found)


def _holders_of_gold(month: Month) -> QuerySet[IncidentPack, Any]:
    """The organisations of packs that held a Gold incident at some moment of the month."""
    start, end = month.bounds("UTC")
    held = Q(available__gt=0) | Q(entries__at__gte=start)
    return IncidentPack.objects.filter(held, purchased_at__lt=end).values("organisation")
