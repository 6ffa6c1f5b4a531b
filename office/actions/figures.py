"""Keeping the managers' figures: written from the facts, and compared with them each night (O4)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from office import policies
from office.errors import PaceUnusable
from office.models import FiguresRun, PaceVersion
from office.reads.figures.facts import COLUMNS, FACTS, Fact

RECENT = timedelta(days=3)  # days that a sweep writes anew, today among them
_STORED = "organisation_id, figure, day, hour, level, tier, service, cause, person, number, amount"
_LOCK = 7_302_118  # of PostgreSQL: one writer of figures at a time


@transaction.atomic
def keep_days(since: date, until: date, *, at: datetime) -> int:
    """Write the figures of the days from `since` to `until` anew; how many rows. Safe to repeat."""
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("DELETE FROM office_dayfigure WHERE day >= %s AND day <= %s", [since, until])
        for fact in FACTS.values():
            sql, values = _added_up(fact, at, since, until)
            cursor.execute(f"INSERT INTO office_dayfigure ({_STORED}) {sql}", values)
            rows += cursor.rowcount
    return rows


@transaction.atomic
def compare_all(*, at: datetime) -> FiguresRun:
    """Recompute every figure and put right what differs, which the journal then says.

    A fact may rightly change after its day: an answer came back, a cause was put right. So a
    difference is no fault by itself; what matters is that no number stays wrong for a day.
    """
    wrong: set[date] = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for fact in FACTS.values():
            sql, values = _added_up(fact, at, None, None)
            stored = f"SELECT {_STORED} FROM office_dayfigure WHERE figure = %s"
            cursor.execute(
                f"WITH fresh AS ({sql}), stored AS ({stored})"
                " SELECT DISTINCT day FROM ((SELECT * FROM fresh EXCEPT ALL SELECT * FROM stored)"
                " UNION ALL (SELECT * FROM stored EXCEPT ALL SELECT * FROM fresh)) differ",
                [*values, fact.key],
            )
            wrong |= {day for (day,) in cursor.fetchall()}
        for first, last in _stretches(sorted(wrong)):
            keep_days(first, last, at=at)
        cursor.execute("SELECT count(*) FROM office_dayfigure")
        (rows,) = cursor.fetchone()
    run = FiguresRun.objects.create(at=at, days=len(wrong), rows=rows)
    if wrong:
        first, last = min(wrong), max(wrong)
        record("figures.put_right", run, at=at, by=None, days=len(wrong), first=first, last=last)
    return run


@transaction.atomic
def set_pace(answers: Decimal, *, by: Person, at: datetime) -> PaceVersion:
    """How many answers somebody on duty gives in an hour. Errors: `NotAllowed`, `PaceUnusable`."""
    if not policies.may_set_health(by):
        raise NotAllowed()
    if not 0 < answers <= 60:
        raise PaceUnusable()
    before = PaceVersion.objects.values_list("answers_an_hour", flat=True).first()
    made = PaceVersion.objects.create(answers_an_hour=answers, made_at=at, made_by=by)
    record("pace.set", made, at=at, by=by, before=before, after=answers)
    return made


def recent_days(at: datetime) -> tuple[date, date]:
    """The days that a sweep writes anew."""
    today = at.astimezone(ZoneInfo(settings.DESK_TIMEZONE)).date()
    return today - RECENT + timedelta(days=1), today


def _added_up(
    fact: Fact, at: datetime, since: date | None, until: date | None
) -> tuple[str, list[Any]]:
    """SQL with the columns of the table, but for its key."""
    zone = ZoneInfo(settings.DESK_TIMEZONE)
    rows = fact.rows(at)
    if since is not None:
        rows = rows.filter(f_at__gte=datetime.combine(since, time(), zone))
    if until is not None:
        rows = rows.filter(f_at__lt=datetime.combine(until + timedelta(days=1), time(), zone))
    inner, params = rows.values_list(*COLUMNS).query.sql_with_params()
    local = "f.f_at AT TIME ZONE %s"
    hour = f"extract(hour FROM {local})::smallint" if fact.by_hour else "(-1)::smallint"
    sql = (
        "SELECT f_org, %s::varchar, day, hour, f_level, f_tier::smallint, f_service, f_cause,"
        " f_person, count(*)::integer, sum(f_amount)::bigint"
        f" FROM (SELECT f.*, ({local})::date AS day, {hour} AS hour FROM ({inner}) f) told"
        " GROUP BY 1, 3, 4, 5, 6, 7, 8, 9"
    )
    zones = [settings.DESK_TIMEZONE] * (2 if fact.by_hour else 1)
    return sql, [fact.key, *zones, *params]


def _stretches(days: list[date]) -> list[tuple[date, date]]:
    """Days that follow each other, together."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
