"""Which engagements are late, for the lists of customers: one statement, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q

from engagements.enums import Light, Owed, State
from engagements.models import Engagement, Promise
from engagements.reads.bases import local_day


def late_of(organisations: Collection[int], *, at: datetime) -> dict[int, list[str]]:
    """Numbers by organisation (pk), the oldest first. The caller may see the organisations.

    What runs is late where its light is red (N3), also where somebody set that by hand; what was
    asked for is late where our reply or our answer is.
    """
    owed = Promise.objects.late(at).filter(engagement=OuterRef("pk"))
    red = Q(what=Owed.ANSWER) | Q(what=Owed.REPLY, engagement__state=State.REQUESTED)
    rows: Any = (
        Engagement.objects.open()
        .filter(organisation__in=list(organisations))
        .select_related("organisation")
        .annotate(
            owes=Exists(owed.filter(red)),
            first_end=Min("phases__ends_on", filter=Q(phases__finished_on=None)),
        )
        .order_by("requested_at", "pk")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for one in rows:
        runs = one.state == State.RUNNING
        is_past = (
            runs and one.first_end is not None and one.first_end < local_day(one.organisation, at)
        )
        by_hand = one.light if runs else ""
        if by_hand == Light.RED or (not by_hand and (one.owes or is_past)):
            found[one.organisation_id].append(one.number)
    return found
