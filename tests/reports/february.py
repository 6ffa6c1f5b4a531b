"""The month that the tests of the figures build by hand."""

from datetime import datetime

from reports.reads.content import content_of
from reports.rules.months import Month
from tests.factories import hours, make_engineer, make_incident, make_message, make_target
from tickets.enums import MessageKind

FEBRUARY = Month(2026, 2)
# In Bucharest, two hours ahead of UTC in winter.
START = datetime.fromisoformat("2026-02-01T00:00+02:00")
END = datetime.fromisoformat("2026-03-01T00:00+02:00")
LATER = datetime.fromisoformat("2026-03-03T08:00+02:00")  # when everything was known
TICK = hours(1) / 3600


def content(customer, *, month=FEBRUARY, at=LATER):
    return content_of(customer, month, at=at)


def reported(customer, at, *, answered_after=None, due_after=hours(6), answers=True, **fields):
    """An incident received at `at`, and answered so much later; owed within six hours.

    One that is solved has its answer, too, unless `answers` is False.
    """
    incident = make_incident(organisation=customer, received_at=at, **fields)
    met_at = at + answered_after if answered_after else None
    make_target(incident, opened_at=at, due_at=at + due_after, met_at=met_at)
    said_at = met_at or incident.solved_at
    if said_at and answers:
        make_message(incident, kind=MessageKind.ANSWER, author=make_engineer(), sent_at=said_at)
    return incident
