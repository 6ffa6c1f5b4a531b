"""A month's telephone calls and call-backs of one organisation, for its service report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, Sum

from accounts.models import Organisation
from telephone.enums import CallBackEnd, CallOutcome
from telephone.models import Call, CallBack


@dataclass(frozen=True)
class CallFigures:
    """`calls` and `minutes` count what was talked, call-backs included; `attempts` what was not.

    Of the call-backs that were promised in the month, `kept` were tried in time and `late` were
    not; the rest was withdrawn before. `not_reached` ended after three attempts.
    """

    calls: int
    minutes: int
    attempts: int
    call_backs: int
    kept: int
    late: int
    not_reached: int
    withdrawn: int


def call_figures(
    organisation: Organisation, begins_at: datetime, ends_at: datetime, *, at: datetime
) -> CallFigures:
    """Of the span from `begins_at` up to before `ends_at` (aware), as it stands at `at`.

    Two queries. Whoever calls has checked that the reader may see the organisation.
    """
    talked = Q(outcome=CallOutcome.TALKED)
    calls = Call.objects.filter(
        organisation=organisation, logged_at__gte=begins_at, logged_at__lt=ends_at
    ).aggregate(
        calls=Count("pk", filter=talked),
        minutes=Sum("minutes", filter=talked, default=0),
        attempts=Count("pk", filter=~talked),
    )
    over_late = Q(called_at=None, ended_at__gt=F("due_at"))
    late = (
        Q(called_at__gt=F("due_at")) | over_late | Q(called_at=None, ended_at=None, due_at__lt=at)
    )
    promised = CallBack.objects.filter(
        organisation=organisation, due_at__gte=begins_at, due_at__lt=ends_at
    ).aggregate(
        call_backs=Count("pk"),
        kept=Count("pk", filter=Q(called_at__lte=F("due_at"))),
        late=Count("pk", filter=late),
        not_reached=Count("pk", filter=Q(end=CallBackEnd.FAILED)),
        withdrawn=Count("pk", filter=Q(end=CallBackEnd.WITHDRAWN)),
    )
    return CallFigures(**calls, **promised)
