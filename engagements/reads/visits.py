"""What the page shows of a visit on site, and what its papers say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from engagements.enums import VisitState
from engagements.models import DiaryEntry, Engagement, Visit, VisitRequest
from engagements.reads.bases import days_used
from engagements.rules.visit_paper import DiaryLine, VisitPaper


@dataclass(frozen=True)
class VisitRow:
    visit: Visit
    people: Sequence[str]
    diary: Sequence[DiaryEntry]
    may_agree: bool
    has_begun: bool


@dataclass(frozen=True)
class Days:
    """Of the contract; `total` None without a limit."""

    total: int | None
    used: int

    @property
    def left(self) -> int | None:
        return None if self.total is None else max(0, self.total - self.used)


def panel(engagement: Engagement, reader: Person, at: datetime) -> dict[str, object]:
    """Five queries."""
    asked = VisitRequest.objects.filter(engagement=engagement).first()
    visits = Visit.objects.filter(engagement=engagement).order_by("-starts_at", "-pk")
    rows = [
        VisitRow(
            one,
            [str(visitor.person) for visitor in one.visitors.all()],
            list(one.diary.all()),
            one.state == VisitState.PROPOSED and one.starts_at > at,
            one.starts_at <= at,
        )
        for one in visits.prefetch_related("visitors__person", "diary__by")
    ]
    agreed = any(one.visit.state in (VisitState.AGREED, VisitState.MADE) for one in rows)
    return {"asked": asked, "visits": rows, "days": days_of(engagement), "agreed": agreed}


def days_of(engagement: Engagement) -> Days | None:
    """None where no technical contract allows it."""
    contract = engagement.contract
    if contract is None:
        return None
    used = days_used(engagement.organisation).get(contract.pk, 0)
    return Days(contract.days, used)


def paper_of(visit: Visit) -> VisitPaper:
    """Of a visit that was made, as it stands; the same until something is changed."""
    engagement = Engagement.objects.select_related("organisation", "contract", "requested_by").get(
        pk=visit.engagement_id
    )
    asked = VisitRequest.objects.filter(engagement=engagement).first()
    days, contract = days_of(engagement), engagement.contract
    assert visit.made_at is not None, "papers are made of a visit that was made"
    return VisitPaper(
        number=engagement.number,
        title=engagement.title,
        organisation=engagement.organisation.name,
        place=asked.place if asked else "",
        why_on_site=asked.why_on_site if asked else engagement.summary,
        timezone=engagement.organisation.timezone,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        made_at=visit.made_at,
        people=[str(one.person) for one in visit.visitors.select_related("person")],
        asked_by=str(engagement.requested_by),
        contract=contract.reference if contract else "",
        days=visit.days,
        days_used=days.used if days else visit.days,
        days_left=days.left if days else None,
        diary=[
            DiaryLine(one.began_at, one.ended_at, one.what, str(one.by))
            for one in visit.diary.select_related("by")
        ],
        summary=visit.summary,
        advice=visit.advice,
    )
