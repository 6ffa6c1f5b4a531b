"""The demo's duty rota, from the last day of the story on."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.enums import Role
from accounts.models import Person
from rota.actions.absences import report_absence
from rota.actions.patterns import set_pattern
from rota.actions.swaps import ask_swap
from rota.models import Shift

ZONE = "Europe/Bucharest"
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEKEND = ("sat", "sun")

# Sunday afternoon stays open, so that the page shows a gap. ts1@ keeps no pattern: whoever tries
# the desk with that account is on duty at any hour.
WEEKS = {
    "mihai.stan@axsupport.example": {day: [("06:00", "14:00")] for day in WORKDAYS},
    "elena.dumitrescu@axsupport.example": {day: [("14:00", "22:00")] for day in WORKDAYS}
    | {"sat": [("06:00", "22:00")], "sun": [("06:00", "14:00")]},
    "farid.haddad@axsupport.example": {day: [("22:00", "06:00")] for day in WORKDAYS + WEEKEND},
}


def plan_duty(ends: datetime) -> None:
    """Day, late and night shifts of TS1 from the day before `ends` on, and an absence to come."""
    manager = Person.objects.get(email="manager@axsupport.example")
    begins = ends - timedelta(days=1)
    people = {one.email: one for one in Person.objects.filter(role=Role.TS1)}
    for email, weekly in WEEKS.items():
        set_pattern(
            people[email],
            timezone=ZONE,
            weekly=weekly,
            starts_on=begins.astimezone(ZoneInfo(ZONE)).date(),
            by=manager,
            at=begins,
        )
    mihai = people["mihai.stan@axsupport.example"]
    away = (ends + timedelta(days=8)).replace(hour=4, minute=0, second=0, microsecond=0)
    report_absence(
        mihai,
        starts_at=away,
        ends_at=away + timedelta(days=2),
        reason="Training",
        by=mihai,
        at=ends,
    )
    _ask(people["elena.dumitrescu@axsupport.example"], mihai, ends)


def _ask(elena: Person, mihai: Person, ends: datetime) -> None:
    """A late shift of the next days, for an early one of another day."""
    late, early = (
        list(Shift.objects.filter(person=one, starts_at__gt=ends + timedelta(days=1)))
        for one in (elena, mihai)
    )
    words = "My daughter has her first concert that evening."
    ask_swap(late[0], of=mihai, in_return=early[1], words=words, by=elena, at=ends)
