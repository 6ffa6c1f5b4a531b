"""What goes out by itself is set up, changed, stopped and taken up again; readers take leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Organisation, Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from office import policies
from office.errors import NobodyChosen, ReaderMayNot, ScheduleUnusable
from office.models import PictureSchedule, ReportSchedule
from office.reads.figures.tables import PICTURES
from office.rules.schedules import MONTH, WINDOWS, Rhythm

REPORT = "Monthly report"
MOST_READERS = 50
AnySchedule = PictureSchedule | ReportSchedule


@dataclass(frozen=True)
class Wanted:
    """When, to whom, and how; the zone is that of who sets it."""

    every: str
    day: int
    hour: int
    readers: Sequence[Person]
    attaches: bool

    def rhythm(self, timezone: str) -> Rhythm:
        try:
            return Rhythm(self.every, self.day, self.hour, timezone)
        except ValueError as error:
            raise ScheduleUnusable(why=str(error)) from None


@transaction.atomic
def set_picture(
    one: PictureSchedule | None,
    wanted: Wanted,
    *,
    show: str,
    query: str,
    window: str,
    by: Person,
    at: datetime,
) -> PictureSchedule:
    """Set up what goes out, or change `one`. Each reader gets what they may see, no more.

    Errors: `NotAllowed`, `NobodyChosen`, `ReaderMayNot`, `ScheduleUnusable`.
    """
    if not policies.may_see_figures(by) or one is not None and not policies.may_change(by, one):
        raise NotAllowed()
    if show not in PICTURES or window not in WINDOWS:
        raise ScheduleUnusable(why="Choose a picture and its days.")
    _check(wanted.readers, lambda reader: policies.may_see_figures(reader))
    before = _facts(one) if one is not None else {}
    one = one or PictureSchedule(by=by)
    one.show, one.query, one.window = show, one_line(query)[:400], window
    _set(one, wanted, by, at)
    record("schedule.set", one, at=at, by=by, what=name_of(one), before=before, after=_facts(one))
    return one


@transaction.atomic
def set_report(
    one: ReportSchedule | None,
    wanted: Wanted,
    *,
    organisation: Organisation,
    by: Person,
    at: datetime,
) -> ReportSchedule:
    """Have a customer's issued report go out each month, or change `one`.

    Errors: `NotAllowed`, `NobodyChosen`, `ReaderMayNot`, `ScheduleUnusable`.
    """
    if not policies.may_keep(by, organisation):
        raise NotAllowed()
    if wanted.every != MONTH:
        raise ScheduleUnusable(why="A report is of a month: choose a day of the month.")
    _check(wanted.readers, lambda reader: policies.may_read_reports(reader, organisation))
    before = _facts(one) if one is not None else {}
    one = one or ReportSchedule(by=by, organisation=organisation)
    _set(one, wanted, by, at)
    record("schedule.set", one, at=at, by=by, what=name_of(one), before=before, after=_facts(one))
    return one


@transaction.atomic
def stop(one: AnySchedule, *, by: Person, at: datetime) -> None:
    """It goes out no more until somebody takes it up. Safe to repeat. Error: `NotAllowed`."""
    one = _locked(one, by)
    if one.stopped_at is None:
        mark_stopped(one, why="", by=by, at=at)


@transaction.atomic
def resume(one: AnySchedule, *, by: Person, at: datetime) -> None:
    """Take it up again from the next moment on; who does so owns it now. Safe to repeat.

    Errors: `NotAllowed`, `NobodyChosen` where nobody is left who reads it.
    """
    one = _locked(one, by)
    if one.stopped_at is None:
        return
    if not one.readers:
        raise NobodyChosen()
    one.stopped_at, one.stopped_why, one.by = None, "", by
    one.next_at = one.rhythm.next_after(at)
    one.save()
    record("schedule.resumed", one, at=at, by=by, what=name_of(one))


@transaction.atomic
def leave(one: PictureSchedule, *, by: Person, at: datetime) -> None:
    """A reader wants it no more. Safe to repeat."""
    one = PictureSchedule.objects.select_for_update().get(pk=one.pk)
    if by.pk in one.readers:
        take_out(one, by.pk, reason="They wanted it no more.", at=at)


def mark_stopped(one: AnySchedule, *, why: str, by: Person | None, at: datetime) -> None:
    """In the transaction of its caller, who checked permission."""
    one.stopped_at, one.stopped_why = at, why
    if isinstance(one, ReportSchedule):
        one.waits_for = None
    one.save()
    record("schedule.stopped", one, at=at, by=by, what=name_of(one), reason=why)


def take_out(one: AnySchedule, reader: int, *, reason: str, at: datetime) -> None:
    """A reader gets it no more; the last one stops it."""
    one.readers = [pk for pk in one.readers if pk != reader]
    record(
        "schedule.reader_left", one, at=at, by=None, what=name_of(one), who=reader, reason=reason
    )
    if one.readers:
        one.save(update_fields=["readers"])
    elif one.stopped_at is None:
        mark_stopped(one, why="Nobody is left who reads it.", by=None, at=at)


def name_of(one: AnySchedule) -> str:
    """What goes out, in words: a picture's title, or the report of whom."""
    if isinstance(one, ReportSchedule):
        return f"{REPORT}, {one.organisation.name}"
    picture = PICTURES.get(one.show)
    return picture.title if picture else one.show


def _locked(one: AnySchedule, by: Person) -> Any:
    rows: Any = type(one)._default_manager.select_for_update(of=("self",))
    found = rows.get(pk=one.pk)
    if not policies.may_change(by, found):
        raise NotAllowed()
    return found


def _check(readers: Sequence[Person], may: Any) -> None:
    if not readers:
        raise NobodyChosen()
    if len(readers) > MOST_READERS:
        raise ScheduleUnusable(why=f"At most {MOST_READERS} people are chosen.")
    for reader in readers:
        if not reader.is_active or not may(reader):
            raise ReaderMayNot(name=reader.name or reader.email)


def _set(one: AnySchedule, wanted: Wanted, by: Person, at: datetime) -> None:
    rhythm = wanted.rhythm(by.timezone)
    one.every, one.day, one.hour, one.timezone = (
        rhythm.every,
        rhythm.day,
        rhythm.hour,
        rhythm.timezone,
    )
    one.readers = sorted(reader.pk for reader in wanted.readers)
    one.attaches, one.set_by, one.set_at = wanted.attaches, by, at
    one.next_at = rhythm.next_after(at)
    one.stopped_at, one.stopped_why = None, ""
    one.save()


def _facts(one: AnySchedule) -> dict[str, object]:
    found = {
        "when": str(one.rhythm),
        "readers": len(one.readers),
        "as": "attached" if one.attaches else "a link",
    }
    if isinstance(one, PictureSchedule):
        found |= {"days": WINDOWS[one.window], "filter": one.query}
    return found
