"""What it costs to try rules of dispatch on a week: two replays of what came in then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from bench.tools.measure import once, print_table
from entitlements.rules.calendars import WorkingCalendar
from tickets.rules.dispatch.choosing import Engineer, Wanted
from tickets.rules.dispatch.compare import compare
from tickets.rules.dispatch.replay import Arrival, History, Past
from tickets.rules.dispatch.settings import AS_DELIVERED

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 7
ALWAYS = WorkingCalendar.always("UTC")
SIZES = ((100, 10), (1000, 10), (1000, 50), (3000, 50))  # incidents, engineers
ORGANISATIONS = 20


def main() -> None:
    other = replace(AS_DELIVERED, take_within=25, order=("load", "waited"))
    rows = []
    for incidents, engineers in SIZES:
        week = _week(incidents, engineers)
        spent = once(lambda week=week: compare(week, AS_DELIVERED, other))  # type: ignore[misc]
        rows.append((f"{incidents:,}", engineers, round(spent), spent * 1000 / incidents))
    print_table(
        "Rules of dispatch tried on a week, against the present ones",
        ("incidents", "engineers", "ms", "microseconds an incident"),
        rows,
    )


def _week(incidents: int, engineers: int) -> History:
    """Three shifts a day; half of the customers each; a third speaks with everybody."""
    random = Random(20060403)
    people = [_engineer(random, number) for number in range(engineers)]
    arrivals = [_arrival(random, number) for number in range(incidents)]
    arrivals.sort(key=lambda one: one.received_at)
    return History(MONDAY, MONDAY + timedelta(days=DAYS), people, (), arrivals)


def _engineer(random: Random, number: int) -> Past:
    begins = [MONDAY + timedelta(days=day, hours=8 * (number % 3)) for day in range(DAYS)]
    engineer = Engineer(
        person=number,
        name=f"Engineer {number}",
        language=random.choice(("en", "ro")),
        languages=frozenset(),
        services=frozenset(random.sample(("mail", "antispam", "migration"), 2)),
        is_level_2=number % 5 == 0,
    )
    serves = frozenset(random.sample(range(ORGANISATIONS), ORGANISATIONS // 2))
    return Past(engineer, None, serves, tuple((one, one + timedelta(hours=8)) for one in begins))


def _arrival(random: Random, number: int) -> Arrival:
    at = MONDAY + timedelta(seconds=random.randrange(DAYS * 86_400))
    service = random.choice(("mail", "antispam", "migration"))
    return Arrival(
        incident=number,
        number=f"AX-2026-{number:06d}",
        subject="IMAP stops answering",
        organisation=random.randrange(ORGANISATIONS),
        partner=None,
        wanted=Wanted(random.random() < 0.3, random.choice(("en", "ro")), service),
        priority=random.randint(1, 4),
        received_at=at,
        taken_at=at + timedelta(hours=7 * random.random()),
        finished_at=at + timedelta(hours=90 * random.random()),
        target=timedelta(hours=6),
        due_at=at + timedelta(hours=6),
        calendar=ALWAYS,
    )


if __name__ == "__main__":
    main()
