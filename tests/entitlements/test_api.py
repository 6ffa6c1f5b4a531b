"""`/api/v1/coverage/`, `/licences/`, `/incident-packs/`."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from entitlements.models import CoverageDecision
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_organisation,
    make_pack,
    make_partner,
    make_partner_engineer,
    make_project,
    make_service,
    make_subscription,
    make_tam,
    make_technical_contract,
)

pytestmark = pytest.mark.django_db

AT = "2026-03-02T11:00:00+02:00"


def client_of(person) -> APIClient:
    client = APIClient()
    client.force_login(person)
    return client


def premium(organisation=None, **fields):
    licence = make_licence(organisation, **fields)
    make_subscription(licence)
    make_pack(licence)
    return licence


def ask(client: APIClient, **query):
    return client.get("/api/v1/coverage/?" + urlencode(query))


def test_coverage_is_answered_with_level_due_moment_and_reasons():
    licence = premium()

    answer = ask(
        client_of(make_contact(licence.organisation)),
        licence=licence.key,
        service="migration",
        channel="phone",
        at=AT,
    )

    found = answer.json()
    assert answer.status_code == 200
    assert (found["covered"], found["level"]) == (True, "premium")
    assert found["promise"] == "Premium, 6 hours, round the clock"
    assert found["response_seconds"] == 6 * 3600
    assert found["due_at"] == "2026-03-02T15:00:00Z"
    assert {one["level"]: one["code"] for one in found["reasons"]} == {
        "gold": "not_elected",
        "premium": "chosen",
        "basic": "channel_not_included",
    }
    assert found["remedies"] == []


def test_asking_stores_and_spends_nothing():
    licence = premium()

    answer = ask(
        client_of(make_contact(licence.organisation)),
        licence=licence.pk,
        service="troubleshooting",
        at=AT,
        use_gold="true",
    )

    assert answer.json()["level"] == "gold"
    assert answer.json()["pack"] == licence.incident_packs.get().pk
    assert licence.incident_packs.get().available == 5
    assert not CoverageDecision.objects.exists()


def test_no_coverage_is_an_answer_with_reasons_and_remedies():
    licence = make_licence()

    found = ask(
        client_of(make_contact(licence.organisation)),
        licence=licence.key.lower(),
        service="troubleshooting",
        at=AT,
    ).json()

    assert (found["covered"], found["level"], found["due_at"]) == (False, None, None)
    assert found["reasons"][0]["sentence"] == "Basic ended on 1 March 2024."
    assert found["remedies"] == ["Buy or renew FIRsT or Premium for this licence."]


def test_on_site_is_answered_by_its_contract():
    licence = premium()
    make_service("on_site", name="On-site support")
    client = client_of(make_contact(licence.organisation))

    before = ask(client, licence=licence.key, service="on_site", at=AT).json()
    make_technical_contract(licence.organisation)
    after = ask(client, licence=licence.key, service="on_site", at=AT).json()

    assert (before["covered"], before["availability"]["onsite"]["on"]) == (False, False)
    assert {one["code"] for one in before["reasons"]} >= {"no_technical_contract"}
    assert before["remedies"] == ["Ask us for a special technical contract."]
    assert (after["covered"], after["availability"]["onsite"]["on"]) == (True, True)


@pytest.mark.parametrize(
    ("wrong", "field"),
    (
        ({"licence": ""}, "licence"),
        ({"licence": "\x00"}, "licence"),
        ({"licence": "x" * 61}, "licence"),
        ({"service": ""}, "service"),
        ({"service": "cooking"}, "service"),
        ({"channel": "fax"}, "channel"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-03-02T11:00:00"}, "at"),
        ({"at": "9999-99-99T11:00:00Z"}, "at"),
        ({"at": "1999-12-31T23:59:59Z"}, "at"),
        ({"at": "9999-12-31T23:59:59Z"}, "at"),
        ({"use_gold": "perhaps"}, "use_gold"),
        ({"project": "cluster"}, "project"),
        ({"project": "9" * 30}, "project"),
    ),
)
def test_a_wrong_question_is_a_400_that_names_what_is_wrong(wrong, field):
    licence = premium()
    query = {"licence": licence.key, "service": "migration", "channel": "portal", "at": AT} | wrong

    answer = ask(client_of(make_contact(licence.organisation)), **query)

    assert answer.status_code == 400
    assert list(answer.json()) == [field]


def test_a_plus_sign_that_was_not_escaped_is_understood():
    licence = premium()
    client = client_of(make_contact(licence.organisation))

    answer = client.get(f"/api/v1/coverage/?licence={licence.key}&service=migration&at={AT}")

    assert answer.json()["at"] == "2026-03-02T09:00:00Z"


def test_the_due_moment_comes_with_the_lines_that_add_up_to_it():
    licence = make_licence(registered_on=date(2026, 1, 1))

    found = ask(
        client_of(make_contact(licence.organisation)),
        licence=licence.key,
        service="troubleshooting",
        at=AT,
    ).json()

    assert (found["level"], found["due_at"]) == ("basic", "2026-03-04T15:00:00Z")
    assert found["due_lines"] == [
        "Monday 2 March, 10:00 to 17:00: 7 hours",
        "Tuesday 3 March, 08:00 to 17:00: 9 hours",
        "Wednesday 4 March, 08:00 to 16:00: 8 hours",
        "Together 24 hours: due Wednesday 4 March, 16:00 (Europe/Berlin).",
    ]


def test_a_project_is_weighed_and_opens_the_hotline():
    licence = make_licence()
    project = make_project(licence.organisation)
    client = client_of(make_contact(licence.organisation))

    found = ask(
        client, licence=licence.key, service="troubleshooting", at=AT, project=project.pk
    ).json()

    assert (found["level"], found["project"]) == ("golive", project.pk)
    assert found["availability"]["callback"] == {
        "on": True,
        "reason": "Included in GoLive, until 30 April 2026.",
        "until_on": "2026-04-30",
        "number": None,
    }


def test_a_strangers_project_is_answered_like_a_missing_one():
    licence = premium()
    client = client_of(make_contact(licence.organisation))
    query = {"licence": licence.key, "service": "migration", "at": AT}

    stranger = ask(client, **query, project=make_project().pk)
    missing = ask(client, **query, project=99_999_999)

    assert (stranger.status_code, missing.status_code) == (404, 404)
    assert stranger.json() == missing.json()


def test_availability_says_what_is_on_and_why_the_rest_is_not():
    licence = premium()
    make_technical_contract(licence.organisation, reference="TC-1")
    client = client_of(make_contact(licence.organisation))

    on = ask(client, licence=licence.key, service="migration", at=AT).json()["availability"]
    off = ask(client, licence=licence.key, service="migration", at="2027-02-01T00:00:00Z").json()

    assert {way: found["on"] for way, found in on.items()} == {
        "telephone": True,
        "callback": True,
        "onsite": True,
    }
    assert on["telephone"]["number"] == "+40 21 555 0100"
    assert on["onsite"]["reason"] == "On request, under contract TC-1, until 31 December 2026."
    assert off["availability"]["telephone"] == {
        "on": False,
        "reason": "Premium ended on 31 December 2026: renew it.",
        "until_on": None,
        "number": None,
    }
    assert off["availability"]["onsite"]["on"] is False


@pytest.mark.parametrize("given", ("none-such", "99999999", "9" * 40))
def test_a_strangers_licence_is_answered_like_a_missing_one(given):
    client = client_of(make_contact())
    theirs = premium()

    missing = ask(client, licence=given, service="migration", at=AT)
    stranger = ask(client, licence=theirs.key, service="migration", at=AT)

    assert (missing.status_code, stranger.status_code) == (404, 404)
    assert missing.json() == stranger.json()


@pytest.mark.parametrize("path", ("coverage", "licences", "incident-packs"))
def test_who_does_not_say_who_they_are_gets_nothing(path):
    assert APIClient().get(f"/api/v1/{path}/").status_code == 401


def test_licences_come_with_their_subscriptions():
    licence = premium(key="AXI-1", registered_on=date(2025, 5, 1))

    found = client_of(make_contact(licence.organisation)).get("/api/v1/licences/").json()

    assert found["count"] == 1
    assert found["results"][0]["key"] == "AXI-1"
    assert found["results"][0]["subscriptions"] == [
        {
            "level": "premium",
            "starts_on": "2026-01-01",
            "ends_on": "2027-01-01",
            "price": "350.00",
            "currency": "EUR",
        }
    ]


def test_packs_say_what_is_available():
    licence = make_licence()
    make_pack(licence, quantity=5, available=3, purchased_at=NINE - days(3))

    found = client_of(make_contact(licence.organisation)).get("/api/v1/incident-packs/").json()

    (pack,) = found["results"]
    assert (pack["licence"], pack["quantity"], pack["available"]) == (licence.key, 5, 3)


def test_each_person_sees_the_contracts_of_their_organisations_only():
    ours, theirs = make_organisation(partner=make_partner()), make_organisation()
    premium(ours, key="OURS")
    stranger = premium(theirs, key="THEIRS")
    people = {
        "contact": make_contact(ours),
        "partner": make_partner_engineer(ours.partner),
        "tam": make_tam(ours),
        "engineer": make_engineer(ours),
        "manager": make_manager(),
    }

    seen = {
        name: {one["key"] for one in client_of(person).get("/api/v1/licences/").json()["results"]}
        for name, person in people.items()
    }
    packs = client_of(people["contact"]).get("/api/v1/incident-packs/").json()["results"]
    page = client_of(people["contact"]).get(f"/api/v1/licences/{stranger.pk}/")

    assert seen == dict.fromkeys(("contact", "partner", "tam", "engineer"), {"OURS"}) | {
        "manager": {"OURS", "THEIRS"}
    }
    assert {one["licence"] for one in packs} == {"OURS"}
    assert page.status_code == 404


@pytest.mark.parametrize("path", ("licences", "incident-packs"))
def test_lists_cost_the_same_for_one_row_and_for_three(path):
    organisation = make_organisation()
    client = client_of(make_contact(organisation))
    counts = []

    for _ in range(3):
        premium(organisation)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/api/v1/{path}/")
        counts.append(len([one for one in queries if "entitlements_" in one["sql"]]))

    assert counts == [3, 3, 3] if path == "licences" else [2, 2, 2]


@pytest.mark.parametrize("method", ("post", "put", "patch", "delete"))
def test_contracts_are_not_written_through_the_api(method):
    licence = premium()
    client = client_of(make_manager())

    answer = getattr(client, method)(f"/api/v1/licences/{licence.pk}/", {}, format="json")

    assert answer.status_code == 405
