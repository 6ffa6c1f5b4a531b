"""What the review of a quarter shows, read through the walls."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import Organisation
from office.models import ReviewPlan
from office.rules.deck import Deck
from office.rules.quarters import Quarter
from reports.enums import ReportState
from reports.models import ServiceReport
from reports.reads.content import content_of
from reports.rules.content import ReportContent


def deck_of(organisation: Organisation, quarter: Quarter, *, at: datetime) -> Deck | None:
    """The months of the quarter that have begun by `at` (O3); None where none has.

    A month whose report was issued is told as that says it, word for word, and in its newest
    revision; any other as its draft would. The caller has found the organisation through the walls.
    """
    zone = organisation.timezone
    months = [one for one in quarter.months if one.bounds(zone)[0] <= at]
    if not months:
        return None
    issued = _issued(organisation, quarter)
    today = at.astimezone(ZoneInfo(zone)).date()
    plan = ReviewPlan.objects.filter(organisation=organisation, on__gte=today).first()
    return Deck(
        organisation=organisation.name,
        quarter=quarter,
        timezone=zone,
        months=tuple(
            issued.get(str(one)) or content_of(organisation, one, at=at) for one in months
        ),
        known_at=at,
        agenda=plan.agenda if plan else "",
        review_on=plan.on if plan else None,
    )


def _issued(organisation: Organisation, quarter: Quarter) -> dict[str, ReportContent]:
    """By month, what its newest issued report says."""
    reports = ServiceReport.objects.filter(
        organisation=organisation,
        state=ReportState.ISSUED,
        month__in=[one.first_on for one in quarter.months],
    )
    found = {}
    for one in reports.order_by("month", "revision"):
        if one.content:
            found[f"{one.month:%Y-%m}"] = ReportContent.from_json(one.content)
    return found
