"""A mail about an incident that did not get through is sent again from the incident's page."""

import pytest
from django.urls import reverse

from core.journal import entries_of
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_manager,
    make_notice,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_tam,
)
from tests.tickets.staff_pages import action_of, form, page_of

pytestmark = pytest.mark.django_db

REFUSED = {"last_error": "550 no such user", "attempts": 10}


@pytest.fixture
def incident():
    partner = make_partner()
    return make_incident(organisation=make_organisation(partner=partner))


def given_up(incident, **fields):
    return make_notice(
        about=incident, to=incident.reporter, given_up_at=NINE + hours(9), **REFUSED, **fields
    )


def test_the_page_offers_it_for_what_nobody_tries_any_more(client, incident):
    notice = given_up(incident)
    waiting = make_notice(about=incident, last_error="451 later", attempts=1)
    client.force_login(make_engineer())

    body = client.get(page_of(incident)).content.decode()

    assert body.count("Send again<") == 1
    assert f'name="notice" value="{notice.pk}"' in body
    assert f'name="notice" value="{waiting.pk}"' not in body


@pytest.mark.parametrize("make", (make_engineer, make_manager, None, "partner"))
def test_who_may_answer_sends_it_again_once(client, incident, make):
    people = {
        None: lambda: make_tam(incident.organisation),
        "partner": lambda: make_partner_engineer(incident.organisation.partner),
    }
    person = people.get(make, make)()
    notice = given_up(incident)
    client.force_login(person)
    sent = form(notice=notice.pk)

    answers = [client.post(action_of(incident, "send-again"), sent) for _ in range(2)]

    notice.refresh_from_db()
    assert [one.status_code for one in answers] == [302, 302]
    assert (notice.given_up_at, notice.attempts) == (None, 0)
    assert [(one.kind, one.by) for one in entries_of(notice)] == [("notice.retried", person)]


def test_what_is_still_being_tried_or_of_another_incident_is_not(client, incident):
    waiting = make_notice(about=incident, last_error="451 later", attempts=1)
    elsewhere = given_up(make_incident())
    client.force_login(make_manager())

    codes = [
        client.post(action_of(incident, "send-again"), form(notice=one.pk)).status_code
        for one in (waiting, elsewhere)
    ]

    elsewhere.refresh_from_db()
    assert codes == [409, 400]
    assert elsewhere.given_up_at is not None


@pytest.mark.parametrize("make", (make_contact, make_tam, make_partner_engineer))
def test_whoever_has_nothing_to_do_with_it_finds_nothing(client, incident, make):
    notice = given_up(incident)
    client.force_login(make())

    answer = client.post(
        reverse("admin:incident_action", args=[incident.number, "send-again"]),
        form(notice=notice.pk),
    )

    notice.refresh_from_db()
    assert (answer.status_code, notice.given_up_at is None) == (404, False)
