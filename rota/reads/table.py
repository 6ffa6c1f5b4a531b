"""The rota as a table of two weeks: who is on duty on which day, in the reader's own zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Person
from rota.models import Absence, Shift

DAYS = 14


@dataclass
class Cell:
    day: date
    is_today: bool
    shifts: list[tuple[Shift, str]] = field(default_factory=list)
    is_away: bool = False


@dataclass
class Row:
    person: Person
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    first_on: date
    days: list[Cell]
    rows: list[Row]


def table_of(reader: Person, first_on: date, *, at: datetime) -> Table:
    """What the reader may see of the 14 days from `first_on`; in two queries.

    A shift stands on the day on which it begins for the reader; one that runs into the first day
    stands there.
    """
    zone = ZoneInfo(reader.timezone)
    today = at.astimezone(zone).date()
    days = [first_on + timedelta(days=n) for n in range(DAYS)]
    start = datetime.combine(first_on, time(), zone)
    end = datetime.combine(first_on + timedelta(days=DAYS), time(), zone)
    rows: dict[int, Row] = {}

    def row_of(person: Person) -> Row:
        cells = [Cell(day, day == today) for day in days]
        return rows.setdefault(person.pk, Row(person, cells))

    shifts = Shift.objects.visible_to(reader).within(start, end).select_related("person")
    for shift in shifts.order_by("starts_at"):
        first = max(0, (shift.starts_at.astimezone(zone).date() - first_on).days)
        row_of(shift.person).cells[first].shifts.append((shift, _words(shift, zone, start)))
    absences = Absence.objects.visible_to(reader).within(start, end).select_related("person")
    for absence in absences:
        first = (absence.starts_at.astimezone(zone).date() - first_on).days
        last = (absence.ends_at - timedelta.resolution).astimezone(zone).date() - first_on
        for n in range(max(0, first), min(DAYS - 1, last.days) + 1):
            row_of(absence.person).cells[n].is_away = True
    ordered = sorted(rows.values(), key=lambda row: (row.person.role, row.person.name))
    return Table(first_on, [Cell(day, day == today) for day in days], ordered)


def _words(shift: Shift, zone: ZoneInfo, first: datetime) -> str:
    start, end = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    if start < first:
        return f"until {end:%H:%M}"
    return f"{start:%H:%M}\u2013{end:%H:%M}"
