"""Trainings: seats, the waiting list, attendance, certificates; each "no" writes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from core import rls
from core.errors import NotAllowed
from core.models import JournalEntry
from engagements.actions.training import attendance, certificates, courses, registering, sessions
from engagements.enums import ExamResult, PlaceState
from engagements.errors import (
    AttendanceWithoutRegistration,
    CertificateIssued,
    CertificateNotEarned,
    CertificateRevoked,
    CourseUnusable,
    FeedbackTooEarly,
    FeedbackUnusable,
    MaterialUnusable,
    NoExam,
    NoTrainingRight,
    OthersByAdminContact,
    ParticipantUnusable,
    PartNotBegun,
    RegisteredAlready,
    RegisteredEnough,
    RegistrationGone,
    SeatsTaken,
    SessionUnusable,
    TooLateToWithdraw,
    TrainingBegun,
    TrainingCancelled,
    TrainingReasonMissing,
    WaitingListFull,
)
from engagements.models import (
    Attendance,
    Certificate,
    CourseMaterial,
    Registration,
    TrainingCourse,
    TrainingFeedback,
    TrainingSession,
)
from engagements.querysets.training import TO_REMIND
from engagements.tasks import remind_of_trainings
from notices.models import Notice
from notices.sending.rendering import mail_of
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = make.NINE
PEOPLE = registering.Participant


@pytest.fixture
def manager():
    return make.make_manager()


@pytest.fixture
def organisation():
    one = make.make_organisation(timezone="Europe/Bucharest")
    make.make_project(one, name="Move", starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1))
    return one


@pytest.fixture
def admin(organisation):
    return make.make_admin_contact(organisation)


def plan(manager, **fields):
    starts = AT + timedelta(days=7)
    defaults = {
        "course": fields.pop("course", None) or make.make_course(),
        "organisation": None,
        "times": [(starts, starts + timedelta(hours=8))],
        "place": "Bucharest",
        "link": "",
        "timezone": "Europe/Bucharest",
        "seats": 2,
        "trainer": manager,
    }
    return sessions.Plan(**defaults | fields)


def registered(session, organisation, by, email="ana@people.example", name="Ana Pop", at=AT):
    who = PEOPLE(name, email)
    return registering.register(session, who, organisation=organisation, by=by, at=at)


def templates():
    return list(Notice.objects.order_by("pk").values_list("template", flat=True))


def test_a_seat_is_taken_and_its_mail_carries_the_appointments(manager, organisation, admin):
    session = sessions.plan_session(plan(manager), by=manager, at=AT)

    one = registered(session, organisation, admin)

    assert one.is_seated
    assert one.basis == "GoLive project “Move”"
    session.refresh_from_db()
    assert session.taken == 1
    mail = mail_of(Notice.objects.get(template="training_seat"))
    assert mail.to == ["ana@people.example"]
    name, content, kind = mail.attachments[0]
    assert (name, kind) == ("appointments.ics", "text/calendar; method=PUBLISH")
    assert "DTSTART:20260309T090000Z" in content


def test_who_comes_when_all_seats_are_taken_waits_and_gets_the_first_free_one(
    manager, organisation, admin
):
    session = sessions.plan_session(plan(manager, seats=1), by=manager, at=AT)
    first = registered(session, organisation, admin, "a@people.example")
    second = registered(session, organisation, admin, "b@people.example")
    third = registered(session, organisation, admin, "c@people.example")
    assert (second.state, third.state) == (PlaceState.WAITING, PlaceState.WAITING)

    registering.withdraw(first, by=admin, at=AT + timedelta(hours=1))

    second.refresh_from_db()
    third.refresh_from_db()
    session.refresh_from_db()
    assert (second.state, third.state, session.taken) == (PlaceState.SEATED, PlaceState.WAITING, 1)
    assert templates() == ["training_seat", "training_waits", "training_waits", "training_seat"]
    with pytest.raises(RegistrationGone):
        registering.withdraw(first, by=admin, at=AT)


def test_only_so_many_of_an_organisation_wait(manager, organisation, admin, monkeypatch):
    monkeypatch.setattr(registering, "MOST_WAITING", 2)
    session = sessions.plan_session(plan(manager, seats=1), by=manager, at=AT)
    for n in range(3):
        registered(session, organisation, admin, f"{n}@people.example")
    told = Notice.objects.count()

    with pytest.raises(WaitingListFull, match="2 people of yours"):
        registered(session, organisation, admin, "more@people.example")

    assert (Registration.objects.count(), Notice.objects.count()) == (3, told)


def test_a_person_registers_only_so_many_a_day(manager, organisation, admin, monkeypatch):
    monkeypatch.setattr(registering, "MOST_A_DAY", 2)
    session = sessions.plan_session(plan(manager, seats=9), by=manager, at=AT)
    for n in range(2):
        one = registered(session, organisation, admin, f"{n}@people.example")
    registering.withdraw(one, by=admin, at=AT)

    with pytest.raises(RegisteredEnough, match="2 people"):
        registered(session, organisation, admin, "more@people.example")
    session.refresh_from_db()
    assert session.taken == 1
    registered(session, organisation, manager, "staff@people.example")
    tomorrow = AT + timedelta(days=1, minutes=1)
    registered(session, organisation, admin, "more@people.example", at=tomorrow)


def test_more_seats_go_to_who_waits(manager, organisation, admin):
    session = sessions.plan_session(plan(manager, seats=1), by=manager, at=AT)
    registered(session, organisation, admin, "a@people.example")
    waits = registered(session, organisation, admin, "b@people.example")

    more = plan(manager, course=session.course, seats=2)
    sessions.change_session(session, more, by=manager, at=AT)

    waits.refresh_from_db()
    assert waits.is_seated
    assert "training_moved" not in templates()  # neither time nor place is new
    with pytest.raises(SeatsTaken):
        sessions.change_session(
            session, plan(manager, course=session.course, seats=1), by=manager, at=AT
        )


def test_the_database_holds_no_more_people_than_seats(manager):
    session = make.make_training(seats=1)
    with pytest.raises(IntegrityError, match="training_has_the_seats"), transaction.atomic():
        TrainingSession.objects.filter(pk=session.pk).update(taken=2)
    assert sessions.take_seat(session)
    assert not sessions.take_seat(session)


@pytest.mark.parametrize(
    ("who", "refusal"),
    (
        (PEOPLE("", "ana@people.example"), ParticipantUnusable),
        (PEOPLE("Ana", "no address"), ParticipantUnusable),
        (PEOPLE("Ana", "TWICE@people.example"), RegisteredAlready),
    ),
)
def test_what_can_not_be_registered_writes_nothing(manager, organisation, admin, who, refusal):
    session = sessions.plan_session(plan(manager), by=manager, at=AT)
    registered(session, organisation, admin, "twice@people.example")
    before = JournalEntry.objects.count(), Notice.objects.count()

    with pytest.raises(refusal):
        registering.register(session, who, organisation=organisation, by=admin, at=AT)

    session.refresh_from_db()
    assert (session.taken, Registration.objects.count()) == (1, 1)
    assert (JournalEntry.objects.count(), Notice.objects.count()) == before


def test_without_the_right_nobody_is_registered_but_by_staff_with_a_reason(manager):
    elsewhere = make.make_organisation()
    admin = make.make_admin_contact(elsewhere)
    session = make.make_training()
    with pytest.raises(NoTrainingRight, match="comes with a GoLive project"):
        registered(session, elsewhere, admin)
    with pytest.raises(NoTrainingRight):
        registered(session, elsewhere, manager)

    who = PEOPLE("Ana", "ana@people.example")
    one = registering.register(
        session, who, organisation=elsewhere, by=manager, at=AT, goodwill="Part of the offer"
    )

    assert (one.basis, one.goodwill) == ("", "Part of the offer")


def test_a_customers_own_goodwill_gives_no_right():
    elsewhere = make.make_organisation()
    stranger = make.make_admin_contact(elsewhere)
    with pytest.raises(NoTrainingRight):
        registering.register(
            make.make_training(),
            PEOPLE("Ana", "ana@people.example"),
            organisation=elsewhere,
            by=stranger,
            at=AT,
            goodwill="Because",
        )


def test_a_contact_registers_themselves_and_the_admin_contact_others(organisation, admin):
    session, contact = make.make_training(), make.make_contact(organisation)
    one = registered(session, organisation, contact, contact.email.upper())
    assert one.person == contact

    with pytest.raises(OthersByAdminContact):
        registered(session, organisation, contact, "colleague@people.example")
    registered(session, organisation, admin, "colleague@people.example")
    with pytest.raises(NotAllowed):
        registered(session, organisation, make.make_admin_contact())


def test_a_session_for_one_organisation_takes_nobody_of_another(manager, organisation, admin):
    session = make.make_training(organisation=make.make_organisation())

    with pytest.raises(NotAllowed):
        registered(session, organisation, admin)


def test_registration_ends_when_it_begins_and_with_a_cancellation(manager, organisation, admin):
    session = sessions.plan_session(plan(manager), by=manager, at=AT)
    one = registered(session, organisation, admin)
    begun = session.starts_at
    with pytest.raises(TrainingBegun):
        registered(session, organisation, admin, "late@people.example", at=begun)
    with pytest.raises(TooLateToWithdraw):
        registering.withdraw(one, by=admin, at=begun)
    with pytest.raises(TrainingReasonMissing):
        sessions.cancel_session(session, reason="  ", by=manager, at=AT)

    sessions.cancel_session(session, reason="The trainer is ill.", by=manager, at=AT)

    session.refresh_from_db()
    assert session.is_cancelled
    mail = mail_of(Notice.objects.get(template="training_cancelled"))
    assert "The trainer is ill." in mail.body
    assert "STATUS:CANCELLED" in mail.attachments[0][1]
    with pytest.raises(TrainingCancelled, match="The trainer is ill"):
        registered(session, organisation, admin, "late@people.example")


def test_a_new_time_is_told_and_takes_the_place_of_the_old_one_in_calendars(
    manager, organisation, admin
):
    session = sessions.plan_session(plan(manager), by=manager, at=AT)
    registered(session, organisation, admin)
    later = AT + timedelta(days=9)

    moved = plan(manager, course=session.course, times=[(later, later + timedelta(hours=4))])
    sessions.change_session(session, moved, by=manager, at=AT)

    mail = mail_of(Notice.objects.get(template="training_moved"))
    calendar = mail.attachments[0][1]
    assert "SEQUENCE:1" in calendar
    assert f"UID:training-{session.pk}-1@" in calendar
    assert "DTSTART:20260311T090000Z" in calendar


def test_who_waits_is_told_of_a_new_time_without_an_appointment(manager, organisation, admin):
    session = sessions.plan_session(plan(manager, seats=1), by=manager, at=AT)
    registered(session, organisation, admin, "seated@people.example")
    registered(session, organisation, admin, "waits@people.example")
    later = AT + timedelta(days=9)

    times = [(later, later + timedelta(hours=4))]
    moved = plan(manager, course=session.course, times=times, seats=1)
    sessions.change_session(session, moved, by=manager, at=AT)
    sessions.cancel_session(session, reason="Snow", by=manager, at=AT)

    for template in ("training_moved", "training_cancelled"):
        mails = [mail_of(one) for one in Notice.objects.filter(template=template)]
        with_files = {one.to[0]: len(one.attachments) for one in mails}
        assert with_files == {"seated@people.example": 1, "waits@people.example": 0}, template
    bodies = {
        one.to[0]: one.body
        for one in map(mail_of, Notice.objects.filter(template="training_moved"))
    }
    assert "You are on the waiting list" in bodies["waits@people.example"]
    assert "The attached appointments" in bodies["seated@people.example"]


@pytest.mark.parametrize(
    ("fields", "said"),
    (
        ({"times": []}, "Say when it is"),
        ({"times": [(AT + timedelta(days=1), AT)]}, "ends after it begins"),
        ({"times": [(AT - timedelta(hours=1), AT + timedelta(hours=1))]}, "in the past"),
        ({"times": [(AT + timedelta(days=1), AT + timedelta(days=2))]}, "twelve hours"),
        (
            {
                "times": [
                    (AT + timedelta(hours=1), AT + timedelta(hours=3)),
                    (AT + timedelta(hours=2), AT + timedelta(hours=4)),
                ]
            },
            "overlap",
        ),
        ({"place": " ", "link": ""}, "Say where"),
        ({"link": "javascript:alert(1)"}, "https"),
        ({"seats": 0}, "1 to 500"),
        ({"timezone": "Mars/Olympus"}, "no IANA time zone"),
    ),
)
def test_a_session_that_can_not_be_held_is_not_planned(manager, fields, said):
    with pytest.raises(SessionUnusable, match=said):
        sessions.plan_session(plan(manager, **fields), by=manager, at=AT)

    assert not TrainingSession.objects.exists()


def test_who_may_not_plans_nothing_and_an_account_manager_only_for_their_own(organisation):
    engineer, tam = make.make_engineer(), make.make_tam(organisation)
    with pytest.raises(NotAllowed):
        sessions.plan_session(plan(tam), by=engineer, at=AT)
    sessions.plan_session(plan(tam, organisation=organisation), by=tam, at=AT)
    with pytest.raises(NotAllowed):
        sessions.plan_session(plan(tam, organisation=make.make_organisation()), by=tam, at=AT)


def held(organisation, **fields):
    """A session of two parts that is over, with one who has a seat."""
    session = make.make_training(**fields)
    one = make.make_registration(organisation, session=session)
    return session, one, session.ends_at + timedelta(hours=1)


def noted(session, *there, by, at):
    for part in session.parts.select_related("session__course"):
        attendance.note_attendance(part, {one.pk for one in there}, by=by, at=at)


def test_attendance_without_a_registration_is_refused_and_nothing_is_noted(manager, organisation):
    session, one, at = held(organisation)
    stranger = make.make_registration(organisation)
    waits = make.make_registration(organisation, session=session, state=PlaceState.WAITING)
    part = session.parts.select_related("session__course")[0]

    for other in (stranger, waits):
        with pytest.raises(AttendanceWithoutRegistration):
            attendance.note_attendance(part, {one.pk, other.pk}, by=manager, at=at)

    assert not Attendance.objects.exists()


def test_attendance_is_noted_by_whoever_trains_once_a_part_began(organisation):
    trainer = make.make_engineer()
    session, one, at = held(organisation, trainer=trainer)
    part = session.parts.select_related("session__course")[1]
    with pytest.raises(PartNotBegun, match="Part 2 begins"):
        attendance.note_attendance(part, {one.pk}, by=trainer, at=session.starts_at)
    with pytest.raises(NotAllowed):
        attendance.note_attendance(part, {one.pk}, by=make.make_engineer(), at=at)

    attendance.note_attendance(part, {one.pk}, by=trainer, at=at)
    attendance.note_attendance(part, set(), by=trainer, at=at)

    assert list(Attendance.objects.values_list("part", "was_there")) == [(part.pk, False)]


def test_a_certificate_is_for_who_was_there_and_passed(manager, organisation):
    course = make.make_course(has_exam=True, valid_months=24)
    session, one, at = held(organisation, course=course)
    with pytest.raises(CertificateNotEarned, match="not noted"):
        certificates.issue_certificate(one, by=manager, at=at)
    noted(session, one, by=manager, at=at)
    with pytest.raises(CertificateNotEarned, match="no result"):
        certificates.issue_certificate(one, by=manager, at=at)
    attendance.note_exam(one, ExamResult.FAILED, by=manager, at=at)
    assert certificates.issue_all(session, by=manager, at=at) == 0
    assert not Certificate.objects.exists()

    attendance.note_exam(one, ExamResult.PASSED, by=manager, at=at)
    made = certificates.issue_certificate(one, by=manager, at=at)

    assert (made.holder, made.percent, made.passed_exam) == (one.name, 100, True)
    assert (made.issued_on, made.expires_on) == (date(2026, 3, 10), date(2028, 3, 10))
    mail = mail_of(Notice.objects.get(template="training_certificate"))
    assert f"/training/verify/{made.number}/" in mail.body
    with pytest.raises(CertificateIssued, match=made.number):
        certificates.issue_certificate(one, by=manager, at=at)


def test_half_of_it_earns_no_certificate(manager, organisation):
    session, one, at = held(organisation)
    first, second = session.parts.select_related("session__course")
    attendance.note_attendance(first, {one.pk}, by=manager, at=at)
    attendance.note_attendance(second, set(), by=manager, at=at)

    with pytest.raises(CertificateNotEarned, match="Attended 50 % of what was planned; 80 %"):
        certificates.issue_certificate(one, by=manager, at=at)


def test_a_revoked_certificate_says_why_and_another_can_be_issued(manager, organisation):
    session, one, at = held(organisation)
    noted(session, one, by=manager, at=at)
    first = certificates.issue_certificate(one, by=manager, at=at)
    with pytest.raises(TrainingReasonMissing):
        certificates.revoke_certificate(first, reason="", by=manager, at=at)

    certificates.revoke_certificate(first, reason="The name was wrong.", by=manager, at=at)
    with pytest.raises(CertificateRevoked):
        certificates.revoke_certificate(first, reason="Again", by=manager, at=at)
    second = certificates.issue_certificate(one, by=manager, at=at)

    assert second.number != first.number
    assert "The name was wrong." in mail_of(Notice.objects.get(template="training_revoked")).body


def test_a_course_without_an_exam_takes_no_result(manager, organisation):
    _, one, at = held(organisation)
    with pytest.raises(NoExam):
        attendance.note_exam(one, ExamResult.PASSED, by=manager, at=at)


def test_feedback_is_of_who_was_there_once_it_is_over(organisation):
    contact = make.make_contact(organisation)
    session = make.make_training()
    one = make.make_registration(organisation, session=session, person=contact)
    with pytest.raises(FeedbackTooEarly):
        attendance.say_feedback(one, 5, "", by=contact, at=session.starts_at)
    over = session.ends_at
    with pytest.raises(FeedbackUnusable):
        attendance.say_feedback(one, 6, "", by=contact, at=over)
    with pytest.raises(NotAllowed):
        attendance.say_feedback(one, 5, "", by=make.make_contact(organisation), at=over)

    attendance.say_feedback(one, 4, "More time for labs", by=contact, at=over)
    attendance.say_feedback(one, 5, "", by=contact, at=over)

    assert TrainingFeedback.objects.get().score == 5


def test_people_are_reminded_once_two_days_before(organisation):
    session = make.make_training()
    make.make_registration(organisation, session=session)
    make.make_registration(organisation, session=session, state=PlaceState.WAITING)

    assert sessions.remind(session.pk, at=session.remind_at - timedelta(minutes=1)) == 0
    assert sessions.remind(session.pk, at=session.remind_at) == 1
    assert sessions.remind(session.pk, at=session.remind_at) == 0

    assert templates() == ["training_reminder"]


def test_after_an_outage_nobody_is_reminded_of_what_is_over(organisation):
    session, _, _ = held(organisation, starts_at=make.NINE - timedelta(days=60))

    assert remind_of_trainings() == 1
    assert templates() == []
    session.refresh_from_db()
    assert session.reminded_at is not None


def test_the_sweep_looks_into_its_index_alone():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        due = TrainingSession.objects.filter(TO_REMIND, remind_at__lte=AT).order_by("remind_at")
        assert "training_to_remind" in due.values("pk").explain()


def test_material_gets_versions_and_none_is_replaced(manager):
    course = make.make_course()

    def upload(content):
        return SimpleUploadedFile("Slides Day 1.PDF", content)

    first = courses.add_material(course, upload(b"%PDF-1"), by=manager, at=AT)
    second = courses.add_material(course, upload(b"%PDF-2"), change="New", by=manager, at=AT)

    assert (first.name, first.version, second.version) == ("slides-day-1.pdf", 1, 2)
    with first.file.open("rb") as kept:
        assert kept.read() == b"%PDF-1"
    with pytest.raises(MaterialUnusable, match="empty"):
        courses.add_material(course, upload(b""), by=manager, at=AT)
    with pytest.raises(NotAllowed):
        courses.add_material(course, upload(b"x"), by=make.make_engineer(), at=AT)


def test_material_is_for_who_has_a_seat(organisation):
    session = make.make_training()
    file = make.make_material(session.course)
    contact = make.make_contact(organisation)

    def seen():
        return CourseMaterial.objects.visible_to(contact).filter(pk=file.pk).exists()

    assert not seen()
    one = make.make_registration(organisation, session=session, state=PlaceState.WAITING)
    assert not seen()
    one.state, one.seated_at = PlaceState.SEATED, AT
    one.save()
    assert seen()


def test_a_course_is_the_managers_and_says_what_is_wrong(manager):
    fields: dict[str, Any] = {
        "name": "Migration",
        "summary": "From elsewhere.",
        "covers": ["installation"],
        "audience": "",
        "agenda": "# Day 1\n- Export",
        "attendance_percent": 80,
        "has_exam": False,
        "valid_months": 0,
    }
    kept = courses.save_course(courses.Outline(**fields), by=manager, at=AT)
    assert (kept.key, kept.days[0].points) == ("migration", ("Export",))
    wrongs: tuple[dict[str, Any], ...]
    wrongs = ({"agenda": "- a point"}, {"covers": []}, {"attendance_percent": 101})
    for wrong in wrongs:
        with pytest.raises(CourseUnusable):
            courses.save_course(courses.Outline(**fields | wrong), by=manager, at=AT)
    with pytest.raises(NotAllowed):
        courses.save_course(courses.Outline(**fields), by=make.make_tam(), at=AT)


def test_a_new_desk_has_courses_and_says_what_is_assumed():
    shipped = TrainingCourse.objects.get(key="administrator")

    assert shipped.is_assumed
    assert {"installation", "configuration", "operation", "maintenance"} == set(shipped.covers)


def test_a_customers_own_transaction_takes_a_seat_of_an_open_session(organisation, admin):
    session = make.make_training()

    with rls.only([organisation.pk], reader=admin.pk):
        one = registered(session, organisation, admin)
        assert one.is_seated
