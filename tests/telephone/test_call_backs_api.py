"""Call-backs through the API: asked for, repeated under a key, listed, withdrawn."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from entitlements.models import IncidentPack
from telephone.models import CallBack
from tests.factories import make_call_back, make_contact, make_engineer, make_incident, make_pack
from tests.tickets.api.client import KEY, client_of
from tickets.models import HandledRequest

pytestmark = pytest.mark.django_db

URL = "/api/v1/call-backs/"


@pytest.fixture
def gold(licence):
    return make_pack(licence, quantity=2, purchased_at=timezone.now() - timedelta(days=1))


def wanted(**fields):
    return {"number": "0722 123 456", "topic": "IMAP hangs"} | fields


def test_a_call_is_asked_for(api, contact, gold):
    answer = api.post(URL, wanted(), format="json")

    assert answer.status_code == 201, answer.data
    body = answer.json()
    assert (body["number"], body["country"], body["state"]) == ("+40722123456", "Romania", "due")
    assert (body["contact"], body["through"]) == (contact.email, "api")
    assert IncidentPack.objects.get().available == 2


def test_a_slot_without_an_offset_is_on_the_person_s_clock(api, contact, gold):
    zone = ZoneInfo(contact.timezone)
    shown = f"{timezone.now().astimezone(zone) + timedelta(days=2):%Y-%m-%d}T14:30"

    body = api.post(URL, wanted(slot_at=shown), format="json").json()

    kept = CallBack.objects.get().slot_at.astimezone(zone)
    assert f"{kept:%Y-%m-%dT%H:%M}" == shown
    assert body["state"] == "asked"


def test_the_same_key_asks_once(api, gold):
    first = api.post(URL, wanted(), format="json", headers=KEY)
    again = api.post(URL, wanted(), format="json", headers=KEY)
    other = api.post(URL, wanted(topic="Other"), format="json", headers=KEY)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json()["id"] == again.json()["id"]
    assert CallBack.objects.count() == HandledRequest.objects.count() == 1


def test_a_key_of_an_incident_is_not_one_of_a_call(api, gold):
    api.post(URL, wanted(), format="json", headers=KEY)

    filed = api.post(
        "/api/v1/incidents/",
        {"service": "troubleshooting", "body": "It stopped."},
        format="json",
        headers=KEY,
    )

    assert filed.status_code == 422


def test_with_the_hotline_off_it_says_why(api, licence):
    answer = api.post(URL, wanted(), format="json")

    assert answer.status_code == 409
    assert answer.json()["code"] == "hotline_off"
    assert "none were bought" in str(answer.json())


@pytest.mark.parametrize(
    ("fields", "status"),
    (
        ({"number": "+881612345678"}, 400),
        ({"number": ""}, 400),
        ({"slot_at": "tomorrow"}, 400),
        ({"slot_at": "2001-01-01T10:00"}, 400),
        ({"slot_at": "2099-01-01T10:00"}, 400),
        ({"incident": "AX-2026-000000"}, 400),
    ),
)
def test_what_can_not_be_called_is_refused(api, gold, fields, status):
    answer = api.post(URL, wanted(**fields), format="json")

    assert answer.status_code == status, answer.data
    assert not CallBack.objects.exists()


def test_it_may_name_an_incident(api, contact, gold):
    incident = make_incident(reporter=contact)

    assert api.post(URL, wanted(incident=incident.number), format="json").json()["incident"] == (
        incident.number
    )


def test_the_list_holds_the_organisation_s_own(api, contact):
    ours = make_call_back(make_contact(contact.organisation))
    theirs = make_call_back()

    assert [one["id"] for one in api.get(URL).json()["results"]] == [ours.pk]
    assert api.get(f"{URL}{ours.pk}/").json()["number"] == "+40722123456"
    assert api.get(f"{URL}{theirs.pk}/").status_code == 404


def test_one_is_withdrawn_once(api, contact):
    one = make_call_back(contact)

    assert api.post(f"{URL}{one.pk}/withdraw/").json()["state"] == "withdrawn"
    assert api.post(f"{URL}{one.pk}/withdraw/").status_code == 409


def test_staff_read_and_do_not_ask(contact):
    one = make_call_back(contact)
    api = client_of(make_engineer())

    assert api.get(f"{URL}{one.pk}/").status_code == 200
    assert api.post(URL, wanted(), format="json").status_code == 403


@pytest.mark.parametrize("count", (1, 3))
def test_the_list_asks_as_often_for_one_as_for_three(
    api, contact, count, django_assert_num_queries
):
    for _ in range(count):
        make_call_back(make_contact(contact.organisation), incident=make_incident(reporter=contact))

    api.get(URL)
    with django_assert_num_queries(8):
        assert len(api.get(URL).json()["results"]) == count


def test_the_schema_describes_it(api):
    schema = api.get("/api/v1/schema/", {"format": "json"}).content.decode()

    assert "/api/v1/call-backs/" in schema
    assert "hotline_off" in schema
