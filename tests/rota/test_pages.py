from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from rota.actions.patterns import set_pattern
from rota.models import Absence, Pattern, Shift
from tests.factories import (
    days,
    hours,
    make_absence,
    make_contact,
    make_engineer,
    make_manager,
    make_partner_engineer,
    make_shift,
)
from tests.factories.rota import EVERY_DAY

pytestmark = pytest.mark.django_db

ROTA = "/admin/rota/"


@pytest.fixture
def manager(client):
    manager = make_manager(timezone="UTC")
    client.force_login(manager)
    return manager


def planned(by, **fields):
    return set_pattern(
        make_engineer(**fields),
        timezone="UTC",
        weekly={day: [("09:00", "17:00")] for day in EVERY_DAY},
        starts_on=timezone.now().date(),
        by=by,
        at=timezone.now(),
    )


def test_the_rota_shows_shifts_absences_and_gaps(client, manager):
    pattern = planned(manager, name="Ana Pop")
    at = timezone.now()
    make_absence(person=pattern.person, starts_at=at, ends_at=at + days(2), reason="Flu")

    page = client.get(ROTA).content.decode()

    for words in ("Ana Pop", "09:00–17:00", "Away", "Flu", "Gaps in the next 14 days"):
        assert words in page


def test_an_empty_rota_says_what_counts_then(client, manager):
    page = client.get(ROTA).content.decode()

    assert "Nobody is planned in these two weeks" in page
    assert "Gaps" not in page


def test_the_rota_costs_the_same_with_more_people(client, manager):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(ROTA).status_code == 200
        return len(asked)

    planned(manager)
    make_absence(starts_at=timezone.now(), ends_at=timezone.now() + hours(5))
    cost()
    one = cost()
    for _ in range(2):
        planned(manager)
        make_absence(starts_at=timezone.now(), ends_at=timezone.now() + hours(5))

    assert cost() == one


def test_a_manager_adds_and_removes_a_pattern(client, manager):
    ana = make_engineer()
    asked = {"person": ana.pk, "timezone": "Europe/Berlin", "mon": "22:00-06:00"}
    today = timezone.now().astimezone(ZoneInfo("Europe/Berlin")).date()  # there it may be tomorrow

    added = client.post(reverse("admin:rota_pattern_new"), asked | {"starts_on": today})

    assert added.status_code == 302
    assert Shift.objects.filter(person=ana).count() in (7, 8, 9)
    client.post(reverse("admin:rota_pattern_remove", args=[Pattern.objects.get().pk]))
    assert not Pattern.objects.exists()


@pytest.mark.parametrize(
    ("hours", "words"),
    (("08:00-08:00", "has no length"), ("all day", "is no window"), ("", "no shift at all")),
)
def test_a_pattern_that_can_not_be_is_shown_again_with_the_reason(client, manager, hours, words):
    asked = {"person": make_engineer().pk, "timezone": "UTC", "mon": hours}

    page = client.post(
        reverse("admin:rota_pattern_new"), asked | {"starts_on": timezone.now().date()}
    )

    assert page.status_code == 400
    assert words in page.content.decode()


def test_an_engineer_reports_and_withdraws_their_own_absence(client):
    ana = make_engineer(timezone="Asia/Tokyo")
    client.force_login(ana)
    asked = {"person": ana.pk, "starts_at": "2090-01-02T09:00", "ends_at": "2090-01-03T09:00"}

    client.post(reverse("admin:rota_absence_new"), asked)

    absence = Absence.objects.get()
    assert absence.starts_at.isoformat() == "2090-01-02T00:00:00+00:00"
    client.post(reverse("admin:rota_absence_withdraw", args=[absence.pk]))
    assert not Absence.objects.exists()


def test_an_engineer_reports_nobody_elses_absence_nor_reads_why(client):
    client.force_login(make_engineer())
    at = timezone.now()
    absence = make_absence(starts_at=at, ends_at=at + days(1), reason="Surgery")
    asked = {
        "person": absence.person_id,
        "starts_at": "2090-01-02T09:00",
        "ends_at": "2090-01-03T09:00",
    }

    answers = [
        client.post(reverse("admin:rota_absence_new"), asked).status_code,
        client.post(reverse("admin:rota_absence_withdraw", args=[absence.pk])).status_code,
        client.get(reverse("admin:rota_pattern_new")).status_code,
    ]

    assert answers == [400, 403, 403]
    assert b"Surgery" not in client.get(ROTA).content


def test_a_partners_engineer_sees_their_own_partners_people_alone(client):
    aino, at = make_partner_engineer(name="Aino"), timezone.now()
    make_shift(person=aino, starts_at=at, ends_at=at + hours(8))
    for other in (make_engineer(name="Vendor Ana"), make_partner_engineer(name="Other Olli")):
        make_shift(person=other, starts_at=at, ends_at=at + hours(8))
    client.force_login(aino)

    page = client.get(ROTA).content.decode()

    assert "Aino" in page
    assert "Vendor Ana" not in page
    assert "Other Olli" not in page


def test_a_customer_finds_no_rota(client):
    client.force_login(make_contact())

    assert client.get(ROTA).status_code == 404


def test_a_manager_hands_a_shift_over_and_a_refusal_says_why(client, manager):
    at = timezone.now()
    shift = make_shift(starts_at=at + days(1), ends_at=at + days(1) + hours(8))
    busy, bob = make_engineer(), make_engineer()
    make_shift(person=busy, starts_at=shift.starts_at, ends_at=shift.ends_at)
    address = reverse("admin:rota_shift", args=[shift.pk])

    def hand_to(person):
        return client.post(address, {"colleague": person.pk})

    assert b"has another shift" in hand_to(busy).content
    assert b"has this shift already" in hand_to(shift.person).content
    make_absence(person=bob, starts_at=shift.starts_at, ends_at=shift.ends_at)
    assert b"is absent" in hand_to(bob).content
    Absence.objects.all().delete()
    assert hand_to(bob).status_code == 302
    moved = Shift.objects.get(pk=shift.pk)
    assert (moved.person, moved.is_by_hand) == (bob, True)
    told = Notice.objects.filter(template="rota_handed_over")
    assert {one.to for one in told} == {shift.person, bob}


def test_what_has_begun_is_not_handed_over(client, manager):
    at = timezone.now()
    shift = make_shift(starts_at=at - hours(1), ends_at=at + hours(1))

    page = client.post(
        reverse("admin:rota_shift", args=[shift.pk]), {"colleague": make_engineer().pk}
    )

    assert page.status_code == 409
    assert b"has begun" in page.content
