"""Trainings of the demo: one that is over with its certificates, and two that come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from accounts.models import Organisation, Person
from axsupport.demo.setting import Customer
from engagements.actions.training import attendance, certificates, courses, registering, sessions
from engagements.enums import ExamResult
from engagements.models import Registration, TrainingCourse, TrainingSession

ZONE = "Asia/Dubai"
PUPILS = (  # name, parts that they missed, exam
    ("Layla Haddad", 0, ExamResult.PASSED),
    ("Omar Siddiqui", 0, ExamResult.PASSED),
    ("Rahul Menon", 2, ExamResult.NONE),
)
LAB = """Lab: restore a mailbox

1. Make an account, send it three mails, and run a back-up.
2. Delete one of the mails, and empty the trash.
3. Restore the mailbox beside the present one: CLI, RESTORE ... TO.
4. Compare both, and note how long it took for each GB.
"""


def hold_trainings(customers: list[Customer], ends: datetime) -> None:
    """Through the actions, at their moments; the customer with a GoLive project sends people."""
    goers = next(one for one in customers if one.project is not None)
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    trainer = Person.objects.filter(role=Role.TS2).order_by("pk")[0]
    _hand_out(manager, ends - timedelta(days=90))
    _hold(goers, manager, trainer, ends)
    _plan_next(goers, customers[0], manager, trainer, ends)


def _hand_out(manager: Person, at: datetime) -> None:
    course = TrainingCourse.objects.get(key="administrator")
    for name, text, change, after in (
        ("lab-restore.txt", LAB, "", 0),
        ("lab-restore.txt", LAB + "5. With 10.6: the same from WebAdmin.\n", "New in 10.6", 20),
    ):
        file = SimpleUploadedFile(name, text.encode())
        when = at + timedelta(days=after)
        courses.add_material(course, file, change=change, by=manager, at=when)


def _hold(goers: Customer, manager: Person, trainer: Person, ends: datetime) -> None:
    """Four days, two months ago, for one customer alone."""
    days = [_morning(ends, n - 62) for n in range(4)]
    session = _planned(
        "administrator",
        goers.organisation,
        [(day, day + timedelta(hours=8)) for day in days],
        place="Dubai Internet City, building 4",
        seats=8,
        people=(manager, trainer),
        at=days[0] - timedelta(days=25),
    )
    who = goers.people[0]
    pupils = [(who.name, who.email, 0, ExamResult.PASSED)]
    pupils += [(name, _email(name, who), missed, exam) for name, missed, exam in PUPILS]
    admin = _admin(goers)
    made = []
    for name, email, missed, exam in pupils:
        one = registering.register(
            session,
            registering.Participant(name, email),
            organisation=goers.organisation,
            by=admin,
            at=days[0] - timedelta(days=20),
        )
        made.append((one, missed, exam))
    _note(session, made, trainer)
    over = days[-1] + timedelta(hours=9)
    certificates.issue_all(session, by=manager, at=over + timedelta(days=1))
    attendance.say_feedback(
        made[0][0], 5, "The restore lab was worth the week.", by=who, at=over + timedelta(days=2)
    )
    wrong = made[2][0].certificates.get()
    certificates.revoke_certificate(
        wrong,
        reason="Issued before the second part of the exam was marked.",
        by=manager,
        at=over + timedelta(days=3),
    )


def _note(
    session: TrainingSession,
    made: list[tuple[Registration, int, ExamResult]],
    trainer: Person,
) -> None:
    parts = list(session.parts.select_related("session__course"))
    for part in parts:
        there = {one.pk for one, missed, _ in made if part.number > missed}
        attendance.note_attendance(part, there, by=trainer, at=part.ends_at)
    for one, _, exam in made:
        one.refresh_from_db()
        attendance.note_exam(one, exam, by=trainer, at=parts[-1].ends_at)


def _plan_next(
    goers: Customer, others: Customer, manager: Person, trainer: Person, ends: datetime
) -> None:
    """A full one with a waiting list, and an online one with room."""
    at, admin = ends - timedelta(days=14), _admin(goers)
    first = _morning(ends, 12)
    full = _planned(
        "operation",
        None,
        [(first + timedelta(days=n), first + timedelta(days=n, hours=8)) for n in range(2)],
        place="Bucharest, training centre, room 2",
        seats=2,
        people=(manager, trainer),
        at=at,
    )
    for name in ("Huda Rahman", "Arjun Pillai"):
        who = registering.Participant(name, _email(name, admin))
        registering.register(full, who, organisation=goers.organisation, by=admin, at=at)
    for one in others.people[:1]:
        registering.register(
            full,
            registering.Participant(one.name, one.email),
            organisation=others.organisation,
            by=manager,
            goodwill="Part of the offer for next year",
            at=at + timedelta(hours=3),
        )
    online = [_morning(ends, 33 + n) for n in (0, 1, 7, 8)]
    _planned(
        "installation",
        None,
        [(day, day + timedelta(hours=4)) for day in online],
        link="https://meet.axsupport.example/installation",
        seats=20,
        people=(manager, trainer),
        at=at,
    )


def _planned(
    course: str,
    organisation: Organisation | None,
    times: sessions.Times,
    *,
    people: tuple[Person, Person],
    seats: int,
    at: datetime,
    place: str = "",
    link: str = "",
) -> TrainingSession:
    manager, trainer = people
    plan = sessions.Plan(
        course=TrainingCourse.objects.get(key=course),
        organisation=organisation,
        times=times,
        place=place,
        link=link,
        timezone=ZONE,
        seats=seats,
        trainer=trainer,
    )
    return sessions.plan_session(plan, by=manager, at=at)


def _admin(customer: Customer) -> Person:
    return next(one for one in customer.people if one.role == Role.ADMIN_CONTACT)


def _email(name: str, colleague: Person) -> str:
    """At the address of a colleague's company."""
    return f"{name.lower().replace(' ', '.')}@{colleague.email.partition('@')[2]}"


def _morning(ends: datetime, days: int) -> datetime:
    """Nine o'clock so many days from now."""
    local = ends.astimezone(ZoneInfo(ZONE)).replace(hour=9, minute=0, second=0, microsecond=0)
    return (local + timedelta(days=days)).astimezone(UTC)
