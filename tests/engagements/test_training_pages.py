"""The pages of trainings: lists, forms, what the public page of certificates says and hides."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from engagements.enums import PlaceState
from engagements.models import Certificate, Registration, TrainingSession
from engagements.reads.training.certificates import pdf_of
from engagements.views.verify import AN_HOUR
from tests import factories as make

pytestmark = pytest.mark.django_db
VERIFY = "/training/verify/"


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def organisation(now):
    one = make.make_organisation(timezone="Europe/Bucharest")
    first, last = now.date() - timedelta(days=30), now.date() + timedelta(days=90)
    make.make_project(one, name="Move", starts_on=first, ends_on=last)
    return one


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_a_customer_registers_somebody_from_the_list_to_the_seat(organisation, now):
    session = make.make_training(starts_at=now + timedelta(days=7), seats=1)
    client = signed_in(make.make_admin_contact(organisation))

    listed = client.get("/training/").content.decode()
    assert "GoLive project “Move” includes technical training" in listed
    assert session.get_absolute_url() in listed
    page = client.get(session.get_absolute_url()).content.decode()
    assert "1 of 1 seats are free" in page
    answer = client.post(
        session.get_absolute_url(), {"name": "Ana Pop", "email": "ana@people.example"}, follow=True
    )
    assert "Ana Pop has a seat" in answer.content.decode()
    again = client.post(
        session.get_absolute_url(), {"name": "Ana Pop", "email": "ana@people.example"}
    )
    assert again.status_code == 409
    assert "is registered for this session already" in again.content.decode()
    assert client.post(session.get_absolute_url(), {"name": "", "email": "x"}).status_code == 400
    one = Registration.objects.get()
    calendar = client.get(reverse("engagements:training_calendar", args=[session.pk]))
    assert calendar.content.count(b"BEGIN:VEVENT") == 2
    client.post(reverse("engagements:training_withdraw", args=[one.pk]))
    assert Registration.objects.get().state == PlaceState.WITHDRAWN


def test_without_the_right_the_page_says_what_helps_and_has_no_form(now):
    session = make.make_training(starts_at=now + timedelta(days=7))
    client = signed_in(make.make_admin_contact())

    page = client.get(session.get_absolute_url()).content.decode()

    assert "Ask your account manager for an offer" in page
    assert '<button type="submit" class="btn btn-primary">Register' not in page
    answer = client.post(session.get_absolute_url(), {"name": "Ana", "email": "ana@x.example"})
    assert answer.status_code == 409


def filled(organisation, now, count):
    """So many coming sessions, and one that is over with so many people."""
    trainer = make.make_manager()
    for n in range(count):
        make.make_training(starts_at=now + timedelta(days=7 + n), trainer=trainer)
    over = make.make_training(starts_at=now - timedelta(days=7), trainer=trainer, parts=3)
    for _ in range(count):
        one = make.make_registration(organisation, session=over)
        make.make_attendance(one)
        make.make_certificate(one)
        make.make_feedback(one)
        make.make_registration(organisation, session=over, state=PlaceState.WAITING)
    return over


@pytest.mark.parametrize("count", (1, 3))
def test_lists_ask_the_same_however_long(
    organisation, now, count, settings, django_assert_max_num_queries
):
    """Nine statements and the savepoints of a test are the frame's."""
    settings.STAFF_NEED_SECOND_FACTOR = False
    over = filled(organisation, now, count)
    contact, manager = make.make_contact(organisation), make.make_manager()
    pages = (
        (contact, "/training/", 17),
        (contact, over.get_absolute_url(), 17),
        (manager, "/admin/training/", 14),
        (manager, "/admin/training/?tab=over", 14),
        (manager, reverse("admin:training", args=[over.pk]), 21),
        (manager, "/admin/training/courses/", 13),
    )
    for person, path, most in pages:
        client = signed_in(person)
        client.get(path)  # what is kept a process
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200, path


def test_the_team_plans_notes_and_certifies_on_its_pages(organisation, now, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    manager, course = make.make_manager(), make.make_course(has_exam=True)
    client = signed_in(manager)
    day = (now + timedelta(days=10)).date()
    answer = client.post(
        "/admin/training/new/",
        {
            "course": course.pk,
            "organisation": organisation.pk,
            "times": f"{day} 09:00-17:00",
            "timezone": "Europe/Bucharest",
            "place": "Bucharest",
            "link": "",
            "language": "English",
            "seats": 5,
            "trainer": manager.pk,
        },
    )
    session = TrainingSession.objects.get()
    steps = reverse("admin:training", args=[session.pk])
    assert answer.headers["Location"] == steps
    client.post(
        f"{steps}register/",
        {"name": "Ana", "email": "ana@people.example", "organisation": organisation.pk},
    )
    one = Registration.objects.get()
    wrong = client.post(steps, {"times": "tomorrow", "timezone": "Europe/Bucharest"})
    assert wrong.status_code == 400
    assert "is no part" in wrong.content.decode()
    early = client.post(
        f"{steps}attendance/", {"part": session.parts.get().pk, "there": one.pk}, follow=True
    )
    assert "Attendance is noted once it has begun" in early.content.decode()

    back = timedelta(days=20)  # as if it were over
    for row in (session, session.parts.get()):
        row.starts_at, row.ends_at = row.starts_at - back, row.ends_at - back
        row.save()
    client.post(f"{steps}attendance/", {"part": session.parts.get().pk, "there": one.pk})
    page = client.get(steps).content.decode()
    assert "The exam has no result yet." in page
    client.post(f"{steps}exam/", {"registration": one.pk, "result": "passed"})
    assert "Issue 1 certificate" in client.get(steps).content.decode()
    client.post(f"{steps}certify/")
    certificate = Certificate.objects.get()
    assert certificate.number in client.get(steps).content.decode()
    client.post(f"{steps}revoke/", {"certificate": certificate.pk, "reason": "Wrong name"})
    certificate.refresh_from_db()
    assert certificate.revoked_for == "Wrong name"


@pytest.fixture
def certificate(organisation):
    cache.clear()
    one = make.make_registration(organisation, name="Ștefan Ünal", email="secret@people.example")
    return make.make_certificate(one, course_name="Operation", issued_on=date(2026, 3, 20))


def test_anybody_verifies_a_certificate_and_reads_name_course_and_day_alone(client, certificate):
    answer = client.get(VERIFY, {"number": certificate.number.lower().replace("-", " ")})
    assert answer.headers["Location"] == certificate.get_absolute_url()
    page = client.get(certificate.get_absolute_url()).content.decode()

    assert "This certificate is valid" in page
    for said in ("Ștefan Ünal", "Operation", "20 March 2026"):
        assert said in page
    registration = certificate.registration
    for hidden in (
        registration.email,
        registration.organisation.name,
        certificate.trainer_name,
        registration.basis,
    ):
        assert hidden not in page


def test_expired_and_revoked_are_said(client, certificate):
    certificate.expires_on = date(2026, 1, 1)
    certificate.save()
    assert "has expired" in client.get(certificate.get_absolute_url()).content.decode()
    certificate.revoked_at, certificate.revoked_by = make.NINE, make.make_manager()
    certificate.revoked_for = "a private reason"
    certificate.save()
    page = client.get(certificate.get_absolute_url()).content.decode()
    assert "was revoked" in page
    assert "a private reason" not in page


def test_what_does_not_exist_and_what_can_be_none_are_answered_alike(client, certificate):
    unknown = "TC-7K3F-9QXM-2D8J"
    answers = [client.get(f"{VERIFY}{one}/") for one in (unknown, "nonsense", "TC-0000-0000-0001")]
    answers.append(client.get(VERIFY, {"number": "nonsense"}))

    assert {one.status_code for one in answers} == {404}
    assert len({one.content.split(b"<main")[1] for one in answers}) == 1


def test_numbers_can_not_be_tried_without_end(client, certificate):
    for _ in range(AN_HOUR):
        client.get(f"{VERIFY}nonsense/")

    answer = client.get(certificate.get_absolute_url())

    assert answer.status_code == 429
    assert "Ștefan" not in answer.content.decode()


def test_the_certificate_is_its_holders_and_their_admin_contacts(certificate, organisation):
    path = reverse("engagements:training_certificate", args=[certificate.pk])
    colleague, admin = make.make_contact(organisation), make.make_admin_contact(organisation)

    assert signed_in(colleague).get(path).status_code == 404
    answer = signed_in(admin).get(path)

    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    for said in ("Ștefan Ünal", "Operation", certificate.number, "/training/verify/"):
        assert said in text
    assert pdf_of(certificate) == pdf_of(Certificate.objects.get())
    assert "REVOKED" not in text


def test_a_colleague_reads_no_address_and_gets_no_link_that_leads_nowhere(
    certificate, organisation
):
    one, path = certificate.registration, certificate.registration.session.get_absolute_url()
    link = reverse("engagements:training_certificate", args=[certificate.pk])
    colleague, admin = make.make_contact(organisation), make.make_admin_contact(organisation)
    holder, maker = make.make_contact(organisation), make.make_contact(organisation)
    one.person, one.registered_by = holder, maker
    one.save()

    for person, sees in ((colleague, False), (admin, True), (holder, True), (maker, True)):
        client = signed_in(person)
        for page in ("/training/", path):
            text = client.get(page).content.decode()
            assert "Ștefan Ünal" in text
            assert ((link in text), (one.email in text)) == (sees, sees), (person.role, page)
        assert (client.get(link).status_code == 200) is sees


def test_trainings_are_not_the_local_partners(settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    session = make.make_training()
    client = signed_in(make.make_partner_engineer())

    for path in ("/admin/training/", f"/admin/training/{session.pk}/", "/admin/training/courses/"):
        assert client.get(path).status_code == 404
