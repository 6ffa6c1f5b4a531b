"""The months before, each as its own report says it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from accounts.models import Organisation
from reports.reads.past import Cut, changes_since, targets_then, undoing
from reports.reads.standing import answered_by, known_by, standings
from reports.rules.content import Spans, TrendMonth
from reports.rules.months import Month
from tickets.enums import MessageKind
from tickets.models import Incident, Message, ResponseTarget

MONTHS = 5
Bounds = tuple[datetime, datetime]


def trend_of(
    organisation: Organisation, month: Month, timezone: str, *, known_at: datetime
) -> tuple[TrendMonth, ...]:
    """The five months before `month`, oldest first, in a constant number of queries."""
    months = [month.shifted(-back) for back in range(MONTHS, 0, -1)]
    bounds = [one.bounds(timezone) for one in months]
    cuts = [Cut(end, known_at) for _, end in bounds]
    reported = _reported(organisation, (bounds[0][0], bounds[-1][1]), known_at)
    ended = [standing.ended for standing in standings(organisation, bounds, known_at=known_at)]
    answered = answered_by({pk for one in ended for pk in one}, cuts)
    spans = _first_answers(organisation, bounds, cuts)
    return tuple(
        TrendMonth(
            month=str(one),
            reported=sum(start <= at < end for at in reported),
            solved=sum(pk in heard for pk in done),
            median_first_answer_seconds=Spans.of(seconds).median,
        )
        for one, (start, end), done, heard, seconds in zip(
            months, bounds, ended, answered, spans, strict=True
        )
    )


def _reported(organisation: Organisation, bounds: Bounds, known_at: datetime) -> list[datetime]:
    received = Incident.objects.filter(
        organisation=organisation, received_at__gte=bounds[0], received_at__lt=bounds[1]
    )
    return list(known_by(received, known_at).values_list("received_at", flat=True))


def _first_answers(
    organisation: Organisation, bounds: Sequence[Bounds], cuts: Sequence[Cut]
) -> list[list[int]]:
    """For each month, how long the first answers that were given in it took."""
    pks = _answered_in(organisation, (bounds[0][0], bounds[-1][1]))
    changes = changes_since(pks, bounds[0][1])
    undo = undoing(changes)
    rows = ResponseTarget.objects.filter(incident__in=pks, cycle=1).select_related("calendar")
    firsts = list(rows)
    found = []
    for (start, _), cut in zip(bounds, cuts, strict=True):
        then = targets_then(firsts, changes, undo, cut)
        met = [one for those in then.values() for one in those if one.met_at]
        found.append(
            [
                one.answer_seconds
                for one in met
                if one.met_at and one.met_at >= start and one.answer_seconds is not None
            ]
        )
    return found


def _answered_in(organisation: Organisation, bounds: Bounds) -> Collection[int]:
    """By pk: first answered in these months, or by an answer that came back since."""
    met = ResponseTarget.objects.filter(
        organisation=organisation, cycle=1, met_at__gte=bounds[0], met_at__lt=bounds[1]
    )
    back = Message.objects.filter(
        organisation=organisation,
        kind=MessageKind.ANSWER,
        taken_back_at__isnull=False,
        sent_at__gte=bounds[0],
        sent_at__lt=bounds[1],
    )
    found = set(met.values_list("incident_id", flat=True))
    return found | set(back.order_by().values_list("incident_id", flat=True))
