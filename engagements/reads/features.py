"""What is known of a feature request, and who else asked for the like, without names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Person
from core import rls
from engagements.enums import State
from engagements.models import Engagement, FeatureRequest, RoadmapItem
from engagements.reads.bases import local_day
from engagements.rules.letter import Letter


def panel(engagement: Engagement, reader: Person, at: datetime) -> dict[str, Any]:
    asked = FeatureRequest.objects.filter(engagement=engagement).select_related("item").first()
    votes = votes_beside(asked) if asked is not None else 0
    return {"asked": asked, "votes": votes}


def votes_beside(asked: FeatureRequest) -> int:
    """Of how many other organisations somebody asked for the same item; nobody's name.

    The number alone is read behind the wall.
    """
    if asked.item_id is None:
        return 0
    with rls.everything():
        others = _counting(FeatureRequest.objects.filter(item=asked.item_id))
        others = others.exclude(organisation=asked.organisation_id)
        return others.values("organisation").distinct().count()


def roadmap() -> list[RoadmapItem]:
    """Every item with its `votes`, the most wanted first; for staff."""
    with rls.everything():
        gone = Q(requests__engagement__state__in=[State.CANCELLED])
        votes = Count("requests__organisation", distinct=True, filter=~gone)
        return list(RoadmapItem.objects.annotate(votes=votes).order_by("-votes", "title"))


def _counting(rows: QuerySet[FeatureRequest]) -> QuerySet[FeatureRequest]:
    """What was cancelled is nobody's wish any more."""
    return rows.exclude(engagement__state=State.CANCELLED)


def letter_of(asked: FeatureRequest) -> Letter:
    """Of a request that was judged."""
    engagement = Engagement.objects.select_related("organisation", "requested_by").get(
        pk=asked.engagement_id
    )
    by, at = asked.judged_by, asked.judged_at
    assert by is not None, "the letter is of an answer that was given"
    assert at is not None, "at a moment"
    return Letter(
        number=engagement.number,
        title=engagement.title,
        organisation=engagement.organisation.name,
        contact=str(engagement.requested_by),
        on=local_day(engagement.organisation, at),
        signed_by=str(by),
        role=by.get_role_display(),
        mail=by.email,
        is_yes=bool(asked.is_yes),
        goal=asked.goal,
        today=asked.today,
        explanation=asked.explanation,
        necessity=asked.necessity,
        security=asked.security,
        redundancy=asked.redundancy,
        votes=votes_beside(asked),
        roadmap=str(asked.item) if asked.item_id else "",
        release=asked.release,
        advice=asked.advice,
    )
