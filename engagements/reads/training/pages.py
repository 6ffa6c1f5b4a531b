"""Trainings as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Person
from core import moments
from core.journal import entries_of
from core.kinds import words_of
from engagements.enums import PlaceState, SessionState
from engagements.models import (
    Attendance,
    Certificate,
    CourseMaterial,
    Registration,
    TrainingCourse,
    TrainingSession,
)
from engagements.rules.attendance import Attended, Exam, Part, Verdict, attended, earned
from entitlements.rules.zones import zone_of

TABS = (("", "Coming"), ("over", "Over"), ("cancelled", "Cancelled"))


def sessions_of_tab(person: Person, tab: str, at: datetime) -> QuerySet[TrainingSession]:
    """What `person` sees of one tab, with how many wait."""
    visible = TrainingSession.objects.visible_to(person).for_list()
    if tab == "cancelled":
        found = visible.filter(state=SessionState.CANCELLED).order_by("-starts_at")
    elif tab == "over":
        found = visible.filter(state=SessionState.PLANNED, ends_at__lte=at).order_by("-starts_at")
    else:
        found = visible.filter(state=SessionState.PLANNED, ends_at__gt=at).order_by(
            "starts_at", "pk"
        )
    waits = Count("registrations", filter=Q(registrations__state=PlaceState.WAITING))
    return found.annotate(waiting=waits)


def coming_for(person: Person, at: datetime) -> QuerySet[TrainingSession]:
    """Sessions that have not begun, the next first."""
    visible = TrainingSession.objects.visible_to(person).for_list()
    return visible.filter(state=SessionState.PLANNED, starts_at__gt=at)


def registrations_of(person: Person) -> QuerySet[Registration]:
    """Of their organisation what is not withdrawn, the latest session first."""
    counts = Certificate.objects.filter(revoked_at=None)
    visible = Registration.objects.visible_to(person).exclude(state=PlaceState.WITHDRAWN)
    return (
        visible.select_related("session__course")
        .prefetch_related(Prefetch("certificates", queryset=counts, to_attr="counting"))
        .order_by("-session__starts_at", "name")
    )


@dataclass(frozen=True)
class PartShown:
    """`when` is by the clock of the session's zone: "1 Dec 2026, 09:00 to 17:00"."""

    key: int
    number: int
    when: str
    zone: str
    has_begun: bool


def parts_of(session: TrainingSession, at: datetime) -> list[PartShown]:
    zone = zone_of(session.timezone)
    shown = []
    for one in session.parts.all():
        first, last = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        when = f"{first:%A} {moments.dated(first)} to {last:%H:%M}"
        shown.append(PartShown(one.pk, one.number, when, str(first.tzname()), one.starts_at <= at))
    return shown


def duration_of(session: TrainingSession) -> timedelta:
    return sum((one.ends_at - one.starts_at for one in session.parts.all()), timedelta())


@dataclass(frozen=True)
class Line:
    """A participant with their attendance; `cells` are in the order of the parts, None: not noted.

    `certificate` is the one that counts, `revoked` the last of those that do no more.
    """

    registration: Registration
    cells: list[tuple[int, bool | None]]
    attended: Attended
    verdict: Verdict
    certificate: Certificate | None
    revoked: Certificate | None
    score: int | None


def lines_of(session: TrainingSession, person: Person, at: datetime) -> list[Line]:
    """Everybody with a seat whom `person` may see; a constant number of statements."""
    rows = (
        Registration.objects.visible_to(person)
        .filter(session=session, state=PlaceState.SEATED)
        .select_related("organisation", "feedback", "person")
        .prefetch_related(
            Prefetch("attendance", queryset=Attendance.objects.all()),
            Prefetch("certificates", queryset=Certificate.objects.all()),
        )
        .order_by("name", "pk")
    )
    parts = [Part(one.pk, one.starts_at, one.ends_at) for one in session.parts.all()]
    return [_line(one, session, parts, at) for one in rows]


def _line(one: Registration, session: TrainingSession, parts: list[Part], at: datetime) -> Line:
    course = session.course
    noted = {row.part_id: row.was_there for row in one.attendance.all()}
    verdict = earned(
        parts,
        noted,
        needs_percent=course.attendance_percent,
        has_exam=course.has_exam,
        exam=Exam(one.exam),
        at=at,
    )
    feedback = getattr(one, "feedback", None)
    return Line(
        one,
        [(part.key, noted.get(part.key)) for part in parts],
        attended(parts, noted),
        verdict,
        next((row for row in one.certificates.all() if row.revoked_at is None), None),
        next((row for row in one.certificates.all() if row.revoked_at is not None), None),
        feedback.score if feedback else None,
    )


def history_of(session: TrainingSession, most: int) -> list[dict[str, object]]:
    """What the journal says of a session, the last first; its entries name nobody but who acted."""
    entries = entries_of(session).reverse()[:most]
    told = ((words_of(one, str), one) for one in entries)
    return [
        {
            "text": words.text,
            "detail": words.detail,
            "icon": words.icon,
            "tone": words.tone,
            "at": one.at,
            "actor": one.by,
        }
        for words, one in told
    ]


def newest_material(course: TrainingCourse) -> list[CourseMaterial]:
    """Of each name the newest version."""
    newest: dict[str, CourseMaterial] = {}
    for one in course.material.select_related("added_by"):
        newest.setdefault(one.name, one)
    return list(newest.values())
