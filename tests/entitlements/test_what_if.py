"""What if I reported this? The portal's page and the engineers', which store nothing."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entitlements.models import CoverageDecision
from tests.factories import (
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

PORTAL, STAFF = "/coverage/what-if/", "/admin/coverage/"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def premium(organisation=None, **fields):
    licence = make_licence(organisation, **fields)
    make_subscription(licence)
    make_pack(licence)
    return licence


def question(licence=None, **changed) -> dict[str, str]:
    facts = {
        "licence": licence.pk if licence else "",
        "service": "troubleshooting",
        "channel": "portal",
        "at": "2026-03-02T11:00",
    }
    return facts | changed


def ask(client: Client, page: str = PORTAL, **query: Any):
    return client.get(f"{page}?{urlencode(query)}")


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def contact_of(licence, **fields):
    return make_contact(licence.organisation, **{"timezone": "Europe/Bucharest"} | fields)


def test_the_page_asks_first_and_answers_when_asked():
    licence = premium()
    client = signed_in(contact_of(licence))

    before = text_of(client.get(PORTAL))
    after = text_of(ask(client, **question(licence)))

    assert "Ask before you report" in before
    for words in (
        "Premium, 6 hours, round the clock",
        "A human would answer by Monday, 2 March 2026, 17:00 EET.",
        "Monday 2 March, 11:00 plus 6 hours is Monday 2 March, 17:00.",
        "Gold was not chosen for this report",
        "No Gold incident would be spent.",
        "Telephone: <a",
        "Call-back hotline: on",
        "On-site: off",
    ):
        assert words in after


def test_two_packs_are_told_apart():
    licence = premium()
    make_pack(licence)

    answer = text_of(ask(signed_in(contact_of(licence)), **question(licence, use_gold="on")))

    assert "Another pack of Gold incidents would apply too" in answer


def test_gold_is_weighed_and_neither_spent_nor_stored():
    licence = premium()

    answer = text_of(ask(signed_in(contact_of(licence)), **question(licence, use_gold="on")))

    assert "Gold, 3 hours, round the clock" in answer
    assert "One Gold incident would be spent." in answer
    assert licence.incident_packs.get().available == 5
    assert not CoverageDecision.objects.exists()


def test_on_site_is_never_covered_without_its_contract():
    licence = premium()
    make_service("on_site", name="On-site support")
    client = signed_in(contact_of(licence))

    without = text_of(ask(client, **question(licence, service="on_site")))
    make_technical_contract(licence.organisation)
    with_it = text_of(ask(client, **question(licence, service="on_site")))

    assert "Not covered" in without
    assert "On-site support needs a special technical contract, and none runs." in without
    assert "Ask us for a special technical contract." in without
    assert "Premium, 6 hours, round the clock" in with_it


def test_a_telephone_report_is_answered_as_if_the_call_was_logged():
    licence = premium()

    answer = text_of(ask(signed_in(contact_of(licence)), **question(licence, channel="phone")))

    assert "Premium serves this report" in answer
    assert "in a call that an engineer logged" in answer


def test_what_nothing_covers_says_what_would():
    licence = make_licence()

    answer = text_of(ask(signed_in(contact_of(licence)), **question(licence)))

    assert "no answer would be promised" in answer
    assert "Buy or renew FIRsT or Premium for this licence." in answer


def test_a_project_is_weighed_without_a_licence():
    project = make_project()
    client = signed_in(make_contact(project.organisation))

    answer = text_of(ask(client, **question(project=project.pk)))

    assert "GoLive, 3 hours, round the clock" in answer


def test_working_hours_are_told_with_the_readers_own_time():
    licence = make_licence(registered_on=date(2026, 1, 1))

    answer = text_of(ask(signed_in(contact_of(licence)), **question(licence)))

    assert "Monday 2 March, 10:00 to 17:00: 7 hours" in answer
    assert (
        "due Wednesday 4 March, 16:00 (Europe/Berlin), which is Wednesday 4 March, 17:00 for you"
        in answer
    )


@pytest.mark.parametrize(
    ("shown", "note", "due"),
    (
        (
            "2026-03-29T02:30",
            "On 29 March 2026 there is no 02:30 in Europe/Berlin: the clocks go forward."
            " Taken as 03:30.",
            "Sunday, 29 March 2026, 09:30 CEST",
        ),
        (
            "2026-10-25T02:30",
            "On 25 October 2026 the clocks in Europe/Berlin show 02:30 twice."
            " Taken as the first time, CEST.",
            "Sunday, 25 October 2026, 07:30 CET",
        ),
        ("2026-10-25T02:30+01:00", "", "Sunday, 25 October 2026, 08:30 CET"),
    ),
)
def test_an_hour_that_a_clock_change_touches_is_answered_and_noted(shown, note, due):
    licence = premium()
    client = signed_in(contact_of(licence, timezone="Europe/Berlin"))

    answer = text_of(ask(client, **question(licence, at=shown)))

    assert note in answer
    assert f"A human would answer by {due}." in answer


@pytest.mark.parametrize(
    ("wrong", "said"),
    (
        ({"at": "yesterday"}, "Write the moment as 2026-12-24T16:30."),
        ({"at": "1999-12-31T23:59"}, "Give a moment between 2000 and 2100."),
        ({"at": "9999-12-31T23:59"}, "Give a moment between 2000 and 2100."),
        ({"at": "9999-12-31T23:59-14:00"}, "Write the moment as"),
        ({"service": "cooking"}, "About:"),
        ({"channel": "fax"}, "Reported by:"),
        ({"licence": "none"}, "Licence:"),
        ({"licence": "9" * 40}, "Licence:"),
        ({"licence": "\x00"}, "Licence:"),
    ),
)
def test_a_wrong_question_says_what_is_wrong(wrong, said):
    licence = premium()

    answer = ask(signed_in(contact_of(licence)), **question(licence) | wrong)

    assert answer.status_code == 200
    assert "This can not be answered yet" in text_of(answer)
    assert said in text_of(answer)


def test_no_moment_means_now():
    licence = premium()

    answer = ask(signed_in(contact_of(licence)), **question(licence, at=""))

    assert answer.context["answer"].explained.decision.at.year >= 2026


def test_htmx_gets_the_answer_alone():
    licence = premium()
    client = signed_in(contact_of(licence))

    answer = client.get(PORTAL, question(licence), headers={"HX-Request": "true"})

    assert text_of(answer).startswith('<section class="panel" id="what-if-answer"')
    assert "<html" not in text_of(answer)


def test_a_strangers_licence_is_no_choice():
    theirs, ours = premium(key="AXI-THEIRS"), premium()
    missing: dict[str, Any] = question() | {"licence": 999999}

    stranger = ask(signed_in(contact_of(ours)), **question(theirs))
    absent = ask(signed_in(contact_of(ours)), **missing)

    assert "AXI-THEIRS" not in text_of(stranger)
    errors = [one.context["form"].errors for one in (stranger, absent)]
    assert errors[0] == errors[1]


def test_staff_find_the_customer_by_name_or_key_and_ask_for_any_licence():
    organisation = make_organisation(name="Northwind Traders", slug="northwind")
    licence = premium(organisation, key="AXI-9")
    client = signed_in(make_engineer())

    by_name, by_key = ask(client, STAFF, q="wind"), ask(client, STAFF, q="axi-9")
    nobody = ask(client, STAFF, q="zzz")
    answer = text_of(ask(client, STAFF, organisation="northwind", **question(licence)))

    assert [list(one.context["found"]) for one in (by_name, by_key)] == [[organisation]] * 2
    assert "No customer fits" in text_of(nobody)
    for words in ("premium: chosen", "Premium (version 1)", "UTC", "Northwind Traders"):
        assert words in answer


def test_staff_ask_only_for_the_organisations_that_they_see():
    ours = make_organisation(slug="ours", name="Same name", partner=make_partner())
    make_organisation(slug="theirs", name="Same name")
    people = (make_partner_engineer(ours.partner), make_engineer(ours), make_tam(ours))

    for person in people:
        client = signed_in(person)
        assert list(ask(client, STAFF, q="Same").context["found"]) == [ours]
        assert ask(client, STAFF, organisation="ours").status_code == 200
        stranger = ask(client, STAFF, organisation="theirs")
        missing = ask(client, STAFF, organisation="none-such")
        assert (stranger.status_code, missing.status_code) == (404, 404)


def test_the_engineers_page_is_not_the_customers_and_the_other_way_round():
    assert signed_in(make_contact()).get(STAFF).status_code == 404
    assert signed_in(make_manager()).get(PORTAL)["Location"] == reverse("admin:queue")
    assert Client().get(PORTAL).status_code == 302


@pytest.mark.parametrize("page", (PORTAL, STAFF))
def test_the_answer_costs_the_same_for_one_licence_and_for_three(page):
    organisation = make_organisation(slug="counted")
    person = make_contact(organisation) if page == PORTAL else make_manager()
    client = signed_in(person)
    counts = []

    for _ in range(4):
        licence = premium(organisation)
        with CaptureQueriesContext(connection) as queries:
            ask(client, page, organisation="counted", **question(licence))
        counts.append(len([one for one in queries if "entitlements_" in one["sql"]]))

    # The first of a process reads the levels, too; of staff the rail counts licences to confirm.
    assert counts == ([16, 15, 15, 15] if page == PORTAL else [17, 16, 16, 16])
