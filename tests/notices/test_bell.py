"""The bell: filled with the notices, read by its own person alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from notices.digests.choices import set_aside, set_choices
from notices.enums import Wish
from notices.kinds import KINDS, RINGS, Audience
from notices.models import Notice, Notification
from notices.outbox import notify
from tests.factories import (
    NINE,
    make_contact,
    make_engineer,
    make_incident,
    make_notice,
    make_notification,
    make_organisation,
)

pytestmark = pytest.mark.django_db
PAGE, READ = reverse("admin:notifications"), reverse("admin:notifications_read")


@pytest.fixture
def incident():
    return make_incident(reporter=make_contact())


def ring(people, incident, key="k", kind="incident_customer_wrote", **facts):
    facts = {"number": incident.number, "subject": incident.subject, "body": "Secret."} | facts
    notify(people, kind, key=key, at=NINE, about=incident, **facts)


def test_what_is_owed_to_staff_stands_in_their_bell_once(incident):
    engineer = make_engineer()

    ring([engineer, incident.reporter], incident)
    ring([engineer], incident)

    (one,) = Notification.objects.all()
    assert (one.person, one.kind, one.read_at) == (engineer, "incident_customer_wrote", None)
    assert "Secret" not in str(one.facts)


def test_what_concerns_nobody_s_work_does_not_ring(incident):
    ring([make_engineer()], incident, kind="report_issued")

    assert not Notification.objects.exists()


def test_only_kinds_for_staff_ring():
    assert {KINDS[one].audience for one in RINGS} == {Audience.STAFF}


def test_the_page_shows_one_s_own_alone(client, incident):
    mine = make_notification(incident)
    other = make_notification(make_incident(subject="Foreign"))
    client.force_login(mine.person)

    said = client.get(PAGE).content.decode()

    assert incident.number in said
    assert "Foreign" not in said
    assert other.facts["number"] not in said


def test_what_one_does_not_see_any_more_is_gone_from_the_bell(client, incident):
    left = make_engineer(make_organisation())
    make_notification(incident, person=left)
    client.force_login(left)

    assert incident.number not in client.get(PAGE).content.decode()


def test_reading_all_or_what_is_about_one_thing(client, incident):
    person = make_engineer()
    first = make_notification(incident, person=person)
    second = make_notification(make_incident(), person=person)
    foreign = make_notification(incident)
    client.force_login(person)

    assert client.get(READ).status_code == 405
    client.post(READ, {"subject": first.subject}, headers={"HX-Request": "true"})
    assert unread() == {second.pk, foreign.pk}
    assert client.post(READ).status_code == 302
    assert unread() == {foreign.pk}
    assert client.get(f"{PAGE}?unread=1").status_code == 200


def unread() -> set[int]:
    return set(Notification.objects.unread().values_list("pk", flat=True))


def test_three_cost_as_much_as_one(client, incident, django_assert_max_num_queries):
    person = make_engineer()
    client.force_login(person)
    make_notification(incident, person=person)
    client.get(PAGE)
    with django_assert_max_num_queries(20) as one:
        client.get(PAGE)
    for _ in range(2):
        make_notification(make_incident(), person=person)
    with django_assert_max_num_queries(len(one)):
        client.get(PAGE)


def test_customers_have_no_bell(client, incident):
    client.force_login(incident.reporter)

    assert client.get(PAGE).status_code == 404


def test_followed_comes_by_mail_only_to_who_wants_it(incident):
    plain, keen = make_engineer(), make_engineer()
    set_choices(keen, wishes={"followed": Wish.NOW}, hour=8, at=NINE)

    assert set_aside(of(plain, incident), NINE)
    assert not set_aside(of(keen, incident), NINE)
    assert not set_aside(make_notice(to=plain, template="incident_mentioned"), NINE)


def of(person, incident) -> Notice:
    return make_notice(to=person, template="incident_followed", about=incident)
