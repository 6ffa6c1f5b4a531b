"""Weekly patterns, and the shifts that are laid out from them.

Whoever writes shifts of a person locks the person first, so that two of them never meet. What is
past, and what was handed over by hand, is never laid out again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from accounts.enums import ENGINEER_ROLES
from accounts.models import Person
from core.journal import record
from rota.errors import BadPattern, NoDuty, NotAllowed, PatternsOverlap
from rota.models import Pattern, Shift
from rota.policies import may_plan
from rota.rules.cover import without
from rota.rules.patterns import Weekly, lay_out, problems

AHEAD = timedelta(weeks=8)  # how far shifts are laid out


def horizon(at: datetime) -> datetime:
    """Until when shifts are laid out at `at`: the same all day, so that a day plans once."""
    return (at + AHEAD).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@transaction.atomic
def set_pattern(
    person: Person,
    *,
    timezone: str,
    weekly: Weekly,
    starts_on: date,
    ends_on: date | None = None,
    by: Person,
    at: datetime,
) -> Pattern:
    """Plan the person by this week, and lay out the shifts of the next eight.

    Days are of `timezone`, both inclusive. A shift that runs at `at` is laid out, too, when it
    begins on `starts_on` or later. Raises NotAllowed, NoDuty, BadPattern, PatternsOverlap.
    """
    if not may_plan(by):
        raise NotAllowed()
    if person.role not in ENGINEER_ROLES or not person.is_active:
        raise NoDuty(person=person)
    if wrong := problems(timezone, weekly):
        raise BadPattern(why=" ".join(wrong))
    if ends_on is not None and ends_on < starts_on:
        raise BadPattern(why="A pattern ends after it begins. Give a later last day.")
    zone = ZoneInfo(timezone)
    if starts_on < at.astimezone(zone).date():
        raise BadPattern(why="What is past stays as it was. Let the pattern begin today or later.")
    starts_at = datetime.combine(starts_on, time(), zone)
    ends_at = datetime.combine(ends_on + timedelta(days=1), time(), zone) if ends_on else None
    Person.objects.select_for_update().get(pk=person.pk)
    meeting = Q(ends_at=None) | Q(ends_at__gt=starts_at)
    if ends_at is not None:
        meeting &= Q(starts_at__lt=ends_at)
    if Pattern.objects.filter(meeting, person=person).exists():
        raise PatternsOverlap(person=person)
    pattern = Pattern.objects.create(
        person=person,
        timezone=timezone,
        weekly={day: [list(one) for one in windows] for day, windows in weekly.items()},
        starts_on=starts_on,
        ends_on=ends_on,
        starts_at=starts_at,
        ends_at=ends_at,
        planned_until=starts_at,
    )
    facts = {"weekly": pattern.weekly, "starts_on": starts_on, "ends_on": ends_on}
    record("rota.pattern_set", pattern, at=at, by=by, person=person.pk, timezone=timezone, **facts)
    _lay(pattern, at=at)
    return pattern


@transaction.atomic
def remove_pattern(pattern: Pattern, *, by: Person, at: datetime) -> None:
    """Take the pattern back, with its shifts that have not begun; the others stay.

    Without any pattern the person is on duty by their switch again. Raises NotAllowed.
    """
    if not may_plan(by):
        raise NotAllowed()
    Person.objects.select_for_update().get(pk=pattern.person_id)
    pattern.shifts.filter(starts_at__gt=at, is_by_hand=False).delete()
    facts = {
        "weekly": pattern.weekly,
        "starts_on": pattern.starts_on,
        "ends_on": pattern.ends_on,
    }
    record("rota.pattern_removed", pattern, at=at, by=by, person=pattern.person_id, **facts)
    pattern.delete()


@transaction.atomic
def plan_ahead(pattern_id: int, *, at: datetime) -> bool:
    """Lay out what the pattern lacks of the next eight weeks; True if this call did.

    Safe to repeat and to run anywhere at once: the pattern is claimed by its lock.
    """
    due = Pattern.objects.to_plan(horizon(at)).filter(pk=pattern_id)
    person = due.values_list("person", flat=True).first()
    if person is None:
        return False
    Person.objects.select_for_update().get(pk=person)
    pattern = due.select_for_update(skip_locked=True).first()
    if pattern is None:
        return False
    _lay(pattern, at=at)
    return True


def _lay(pattern: Pattern, *, at: datetime) -> None:
    """Its shifts from where it was laid out to; the caller has locked the person."""
    start, end = pattern.planned_until, max(horizon(at), pattern.planned_until)
    zone = ZoneInfo(pattern.timezone)
    last_on = end.astimezone(zone).date()
    if pattern.ends_on is not None:
        last_on = min(last_on, pattern.ends_on)
    laid = lay_out(pattern.timezone, pattern.weekly, start.astimezone(zone).date(), last_on)
    wanted = [one for one in laid if start <= one.starts_at < end and one.ends_at > at]
    taken = _taken(pattern.person_id, wanted[0].starts_at, wanted[-1].ends_at) if wanted else []
    Shift.objects.bulk_create(
        Shift(
            person_id=pattern.person_id,
            planned_for_id=pattern.person_id,
            pattern=pattern,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for one in wanted
        for starts_at, ends_at in without((one.starts_at, one.ends_at), taken)
    )
    pattern.planned_until = end
    pattern.save(update_fields=["planned_until"])


def _taken(person: int, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """When the person has a shift already, or had one that is now a colleague's."""
    theirs = Q(person=person) | Q(planned_for=person, is_by_hand=True)
    return list(Shift.objects.filter(theirs).within(start, end).values_list("starts_at", "ends_at"))
