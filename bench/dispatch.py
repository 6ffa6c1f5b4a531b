"""What it costs to give incidents out: 1,000 of them among 200 engineers, and fewer among fewer."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.enums import Role
from accounts.models import Person
from bench.tools.desk import fill, open_desk
from bench.tools.measure import print_table, queries, times_as_long
from core import rls
from tickets.actions.dispatch.dispatching import dispatch
from tickets.enums import UNFINISHED, State
from tickets.models import Dispatch, EngineerProfile, Incident

TEAMS = (10, 50, 200)
MANY = 1000  # incidents; the smaller teams get 200 of them


def main() -> None:
    at = timezone.now()
    with rls.everything():
        desk = open_desk(at)
    fill(desk, 2000, unfinished=1.0)
    with rls.everything():
        measured = [_measured(team, at) for team in TEAMS]
    first = measured[0][2]
    print_table(
        "Incidents given out, each stored with everybody considered",
        ("engineers", "queries each", "ms each", "of the smallest team", "fullest", "emptiest"),
        [(*row[:3], times_as_long(first, row[2]), *row[3:]) for row in measured],
    )


def _measured(team: int, at: datetime) -> tuple[str, int, float, int, int]:
    """How it went with so many engineers, and how evenly: incidents of two of them."""
    Dispatch.objects.all().delete()
    Incident.objects.filter(state__in=UNFINISHED).update(owner=None, state=State.NEW)
    Person.objects.filter(role=Role.TS1).update(is_on_duty=False)
    engineers = [
        Person.objects.create(
            email=f"e{n}@team{team}.example",
            name=f"Engineer {n}",
            role=Role.TS1,
            joined_at=at - timedelta(days=400),
        )
        for n in range(team)
    ]
    waiting = list(
        Incident.objects.unassigned().select_related("organisation", "decision__level", "service")[
            : MANY if team == TEAMS[-1] else 200
        ]
    )
    _make_room(engineers)
    asked = queries(lambda: dispatch(waiting[0], at=at))
    started = time.perf_counter()
    for incident in waiting[1:]:
        dispatch(incident, at=at)
    each = (time.perf_counter() - started) * 1000 / (len(waiting) - 1)
    loads = [one.owned_incidents.count() for one in engineers]
    return f"{team:,}", asked, each, max(loads), min(loads)


def _make_room(engineers: list[Person]) -> None:
    """So that a small team can have all of them, too."""
    EngineerProfile.objects.bulk_create(
        EngineerProfile(person=one, capacity=2 * MANY) for one in engineers
    )


if __name__ == "__main__":
    main()
