"""The pages of call-backs: the customer's, the queue of what is owed, one call."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from entitlements.models import IncidentPack
from telephone.models import CallBack
from tests.factories import (
    days,
    make_call_back,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_organisation,
    make_pack,
    make_subscription,
)
from tests.tickets.staff_pages import asks, form
from tickets.models import Incident

pytestmark = pytest.mark.django_db

PORTAL = reverse("telephone:call_backs")
QUEUE = reverse("admin:call_backs")


@pytest.fixture
def licence():
    today = timezone.now().date()
    licence = make_licence(make_organisation(name="Northwind Traders"))
    make_subscription(licence, starts_on=today - days(9), ends_on=today + days(300))
    make_pack(licence, quantity=2, purchased_at=timezone.now() - days(1))
    return licence


@pytest.fixture
def nora(licence):
    return make_contact(licence.organisation, name="Nora Winters", phone="0722 123 456")


@pytest.fixture
def portal(client, nora):
    client.force_login(nora)
    return client


@pytest.fixture
def desk(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(make_engineer(name="Ioana"))
    return client


def recent(contact, **fields):
    return make_call_back(contact, asked_at=timezone.now() - timedelta(minutes=4), **fields)


def page_action(call_back, name):
    return reverse("admin:call_back_action", args=[call_back.pk, name])


def wanted(**fields):
    return form(number="0722 123 456", when="now", topic="IMAP") | fields


def outcome(licence, page, **fields):
    service = page.context["form"].fields["service"].queryset.first().pk
    said = {"outcome": "talked", "minutes": 9, "about": "new", "body": "IMAP stopped."}
    rest = {"service": service, "priority": 3, "licence": licence.pk, "use_gold": "yes"}
    return form(**said | rest | fields)


def test_the_page_says_what_it_costs_and_knows_the_number(portal):
    page = portal.get(PORTAL).content.decode()

    assert "asking for one spends no Gold incident" in page
    assert "+40 722 123 456" in page
    assert "Romania, where it is" in page


def test_a_customer_asks_once_however_often_the_form_is_sent(portal, nora):
    sent = wanted()

    for _ in range(2):
        assert portal.post(PORTAL, sent).status_code == 302

    call_back = CallBack.objects.get()
    assert (call_back.contact, call_back.number) == (nora, "+40722123456")
    assert "We call +40 722 123 456: at once." in portal.get(PORTAL).content.decode()


def test_a_slot_is_on_the_customer_s_clock(portal, nora):
    nora.timezone = "America/New_York"
    nora.save()
    day = timezone.now().date() + days(3)

    assert portal.post(PORTAL, wanted(when="slot", slot=f"{day}T10:00")).status_code == 302
    assert CallBack.objects.get().slot_at.hour in (14, 15)


@pytest.mark.parametrize(
    ("fields", "words"),
    (
        ({"number": "+40 999 123 456"}, "no range of its country"),
        ({"number": "+44 906 123 4567"}, "premium-rate"),
        ({"number": "+881612345678"}, "satellite"),
        ({"when": "slot"}, "Say from when on"),
        ({"when": "slot", "slot": "2001-02-03T10:00"}, "has passed"),
        ({"when": "never"}, "Select a valid choice"),
    ),
)
def test_a_refusal_says_why_and_keeps_what_was_typed(portal, fields, words):
    answer = portal.post(PORTAL, wanted(topic="Kept words", **fields))

    assert answer.status_code in (400, 409)
    assert words in answer.content.decode()
    assert "Kept words" in answer.content.decode()


def test_with_the_hotline_off_there_is_no_form_but_the_reason(portal):
    IncidentPack.objects.update(available=0)

    page = portal.get(PORTAL).content.decode()

    assert "No Gold incidents are left: order a pack." in page
    assert "Call me back" not in page
    assert portal.post(PORTAL, wanted()).status_code == 409


def test_the_number_is_checked_while_it_is_typed(portal):
    check = reverse("telephone:number_check")

    assert "Romania" in portal.get(check, {"number": "0722123456"}).content.decode()
    assert "far more" in portal.get(check, {"number": "+18765551234"}).content.decode()
    assert portal.get(check, {"number": ""}).content.strip() == b""


def test_the_incident_leads_to_a_call_about_it(portal, nora):
    incident = make_incident(reporter=nora)

    page = portal.get(reverse("tickets:detail", args=[incident.number])).content.decode()
    form_page = portal.get(f"{PORTAL}?incident={incident.number}")

    assert f"?incident={incident.number}" in page
    assert form_page.context["form"].fields["incident"].initial == incident.pk


def test_a_customer_withdraws_their_own_only(portal, nora):
    own, other = recent(nora), make_call_back()

    address = [reverse("telephone:call_back_withdraw", args=[one.pk]) for one in (own, other)]

    assert [portal.post(one).status_code for one in address] == [302, 404]
    assert CallBack.objects.get(pk=own.pk).end == "withdrawn"


def test_the_queue_holds_what_is_owed_soonest_first(desk, nora):
    later = recent(nora, slot_at=timezone.now() + days(1))
    now = recent(make_contact(nora.organisation))
    over = recent(make_contact(nora.organisation), ended_at=timezone.now(), end="withdrawn")

    owed = [row.call_back for row in desk.get(QUEUE).context["rows"]]

    assert owed == [now, later]
    assert [row.call_back for row in desk.get(QUEUE, {"view": "over"}).context["rows"]] == [over]


def test_the_table_asks_for_itself_again(desk, nora):
    recent(nora)

    part = desk.get(QUEUE, headers={"HX-Request": "true"}).content

    assert b'hx-trigger="every 20s"' in part
    assert b"<html" not in part


def test_an_engineer_takes_it_calls_and_files_the_incident(desk, nora, licence):
    call_back = recent(nora)
    page = reverse("admin:call_back", args=[call_back.pk])
    assert "What came of it" not in desk.get(page).content.decode()

    desk.post(page_action(call_back, "take"))
    answer = desk.post(page_action(call_back, "outcome"), outcome(licence, desk.get(page)))

    incident = Incident.objects.get()
    assert answer.url == reverse("admin:incident", args=[incident.number])
    assert (incident.channel, IncidentPack.objects.get().available) == ("callback", 1)
    assert "Called" in desk.get(page).content.decode()


def test_nobody_answered(desk, nora, licence):
    call_back = recent(nora)
    desk.post(page_action(call_back, "take"))
    page = desk.get(reverse("admin:call_back", args=[call_back.pk]))

    answer = desk.post(
        page_action(call_back, "outcome"),
        outcome(licence, page, outcome="no_answer", body="", minutes=0),
    )

    assert answer.url == QUEUE
    assert call_back.calls.get().outcome == "no_answer"


def test_a_talk_without_words_comes_back(desk, nora, licence):
    call_back = recent(nora)
    desk.post(page_action(call_back, "take"))
    page = desk.get(reverse("admin:call_back", args=[call_back.pk]))

    answer = desk.post(
        page_action(call_back, "outcome"), outcome(licence, page, body="", subject="Kept")
    )

    assert answer.status_code == 400
    assert "Kept" in answer.content.decode()


def test_a_colleague_s_call_is_not_taken(desk, nora):
    call_back = recent(nora, claimed_by=make_engineer(name="Mihai"), claimed_at=timezone.now())

    answer = desk.post(page_action(call_back, "take"))

    assert answer.status_code == 409
    assert "Mihai calls this customer right now" in answer.content.decode()


def test_what_was_asked_by_fax_is_logged(desk, nora):
    url = f"{reverse('admin:call_back_new')}?caller={nora.pk}"
    assert "Included in Gold" in desk.get(url).content.decode()

    answer = desk.post(url, wanted(through="fax"))

    call_back = CallBack.objects.get()
    assert answer.url == reverse("admin:call_back", args=[call_back.pk])
    assert (call_back.through, call_back.asked_by.name) == ("fax", "Ioana")


@pytest.mark.parametrize("count", (1, 3))
def test_the_queue_asks_as_often_for_one_as_for_three(desk, nora, count):
    for _ in range(count):
        recent(make_contact(nora.organisation), incident=make_incident(reporter=nora))

    with asks(4):
        assert len(desk.get(QUEUE).context["rows"]) == count


@pytest.mark.parametrize("count", (1, 3))
def test_the_customer_s_page_asks_as_often_for_one_as_for_three(portal, nora, count):
    for _ in range(count):
        recent(make_contact(nora.organisation), incident=make_incident(reporter=nora))

    with asks(13):
        assert len(portal.get(PORTAL).context["rows"]) == count
