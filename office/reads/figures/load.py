"""When answers come to be owed, how many people they need, and what the rota did with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, ExpressionWrapper, F, FloatField, IntegerField
from django.db.models.functions import Cast, Extract, ExtractHour, ExtractIsoWeekDay, Floor

from accounts.enums import Role
from accounts.models import Person
from entitlements.models import CalendarVersion
from entitlements.rules.calendars import WorkingCalendar
from office.models import PaceVersion
from office.rules.staffing import WEEK, Owed, Trial, laid_out, needed, tried
from rota.reads.duty import spans_on_duty
from tickets.models import ResponseTarget

WEEKS = 13
USUAL_PACE = 2.0
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOUR = timedelta(hours=1)
STEPS = 5  # shades of a heat map


@dataclass(frozen=True)
class Hour:
    """One hour of the week: answers that open in it (a week's mean), people needed and on duty."""

    opens: float
    needed: int
    on_duty: int
    late: int  # of the trial, in all weeks

    @property
    def shade(self) -> int:
        return min(STEPS, self.needed)

    @property
    def is_short(self) -> bool:
        return self.on_duty < self.needed


@dataclass(frozen=True)
class Load:
    """`days` are seven lists of 24 hours. `since` and `until` are the weeks that were looked at."""

    days: Sequence[tuple[str, Sequence[Hour]]]
    trial: Trial
    pace: float
    since: datetime
    until: datetime
    people_hours: int  # a week, needed
    rota_hours: int  # a week, on duty

    @property
    def short(self) -> list[tuple[str, int, Hour]]:
        """Hours with fewer people than needed, the worst first."""
        found = [
            (day, hour, one)
            for day, hours in self.days
            for hour, one in enumerate(hours)
            if one.is_short
        ]
        return sorted(found, key=lambda item: item[2].on_duty - item[2].needed)[:12]


def pace_now() -> tuple[float, PaceVersion | None]:
    newest = PaceVersion.objects.select_related("made_by").first()
    return (float(newest.answers_an_hour), newest) if newest else (USUAL_PACE, None)


def load_of(*, at: datetime) -> Load:
    """The last 13 whole weeks by the desk's clock; for who sees every customer."""
    zone = ZoneInfo(settings.DESK_TIMEZONE)
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    until = midnight - timedelta(days=midnight.weekday())
    since = until - timedelta(weeks=WEEKS)
    pace, _ = pace_now()
    owed = _owed(since, until, zone)
    need = needed(laid_out(owed), weeks=WEEKS, pace=pace)
    on_duty = on_duty_between(since, until)
    trial = tried(answers_between(since, until), on_duty, pace=pace, first_hour=0)
    opens = [0] * WEEK
    for one in owed:
        opens[one.opens] += one.number
    next_week = on_duty_between(until + timedelta(weeks=1), until + timedelta(weeks=2))
    duty = [next_week[n] if n < len(next_week) else 0 for n in range(WEEK)]
    hours = [
        Hour(round(opens[n] / WEEKS, 1), need[n], duty[n], trial.late_by_hour[n])
        for n in range(WEEK)
    ]
    days = [(day, hours[24 * n : 24 * n + 24]) for n, day in enumerate(DAYS)]
    return Load(days, trial, pace, since, until, sum(need), sum(duty))


def _owed(since: datetime, until: datetime, zone: ZoneInfo) -> list[Owed]:
    """Added up by the database: a few thousand rows, however many answers."""
    rows = ResponseTarget.objects.filter(opened_at__gte=since, opened_at__lt=until).order_by()
    hours = ExpressionWrapper(
        Extract(F("due_at") - F("opened_at"), "epoch") / 3600, output_field=FloatField()
    )
    span = Cast(Floor(hours), IntegerField())
    counted: Any = (
        rows.annotate(
            day=ExtractIsoWeekDay("opened_at", tzinfo=zone),
            hour=ExtractHour("opened_at", tzinfo=zone),
            span=span,
        )
        .values_list("day", "hour", "span", "calendar")
        .annotate(n=Count("pk"))
    )
    found = list(counted)
    runs = _runs({calendar for *_, calendar, _ in found}, until)
    return [
        Owed(24 * (day - 1) + hour, int(span), n, runs[calendar])
        for day, hour, span, calendar, n in found
    ]


def _runs(calendars: set[int], monday: datetime) -> dict[int, frozenset[int]]:
    """The hours of the week in which each calendar runs, holidays apart."""
    found = {}
    for one in CalendarVersion.objects.filter(pk__in=calendars):
        calendar = WorkingCalendar(one.timezone, one.hours)
        hours = (n for n in range(WEEK) if calendar.worked(*_bounds(monday, n)))
        found[one.pk] = frozenset(hours)
    return found


def _bounds(monday: datetime, hour: int) -> tuple[datetime, datetime]:
    """`monday` is aware of its zone, by whose wall clock the hours are counted."""
    return monday + hour * _HOUR, monday + (hour + 1) * _HOUR


def _wall_hours(since: datetime, moment: datetime) -> float:
    """From a midnight of the desk's to a moment, as its wall clock shows it.

    Each week has 168 of them: where the clock is put back, two real hours share one, and where it
    is put forward, one stands empty. So nine o'clock stays in the row of nine o'clock.
    """
    local = moment.astimezone(since.tzinfo)
    return (local.replace(tzinfo=None) - since.replace(tzinfo=None)) / _HOUR


def answers_between(since: datetime, until: datetime) -> list[tuple[int, int]]:
    rows = ResponseTarget.objects.filter(opened_at__gte=since, opened_at__lt=until).order_by()
    return [
        (int(_wall_hours(since, opened)), int(_wall_hours(since, due)))
        for opened, due in rows.values_list("opened_at", "due_at").iterator(chunk_size=5000)
    ]


def on_duty_between(since: datetime, until: datetime) -> list[int]:
    """By hour, how many of those who answer customers are on duty for at least half of it."""
    people = Person.objects.active().filter(role__in=(Role.TS1, Role.PARTNER))
    hours = [0] * int(_wall_hours(since, until))
    for spans in spans_on_duty(people, since, until).values():
        for begins, ends in spans:
            first = int(_wall_hours(since, begins) + 0.5)
            last = int(_wall_hours(since, ends) + 0.5)
            for hour in range(max(first, 0), min(last, len(hours))):
                hours[hour] += 1
    return hours
