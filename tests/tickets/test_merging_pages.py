"""Merging on the incident's page, and where the portal, the API and mails of the duplicate lead."""

import pytest
from django.db import connection
from django.urls import reverse

from mailroom.actions.matching import hinted_incident, hints_of
from mailroom.text.reading import read_mail
from tests.factories import NINE, hours, make_contact, make_engineer, make_incident
from tests.mailroom.arriving import arrived
from tests.mailroom.making import mail
from tests.tickets.api.client import URL, client_of
from tests.tickets.desk import covered, filed
from tests.tickets.staff_pages import action_of, asks, form, page_of
from tickets.actions.merging import merge
from tickets.enums import State
from tickets.models import Incident, Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def engineer(client):
    person = make_engineer()
    client.force_login(person)
    return person


@pytest.fixture
def two():
    licence = covered()
    return [filed(licence, subject=words) for words in ("IMAP stops", "IMAP hangs at night")]


def typed(number, how):
    return {"whole": number, "short": number[-6:].lstrip("0"), "hash": f"#{number[-6:]}"}.get(
        how, how
    )


@pytest.mark.parametrize("how", ("whole", "short", "hash", "hangs night"))
def test_it_is_merged_by_number_in_any_form_or_by_words(client, engineer, two, how):
    first, second = two

    answered = client.post(action_of(first, "merge"), form(into=typed(second.number, how)))

    first.refresh_from_db()
    assert (answered.status_code, first.merged_into) == (302, second)
    shown = client.get(page_of(first)).content.decode()
    assert f'It repeats <a href="{page_of(second)}">' in shown
    assert first.number in client.get(page_of(second)).content.decode()


@pytest.mark.parametrize("words", ("IMAP", "nothing like it", "0", "", "9" * 180, "a\0b"))
def test_words_that_mean_several_or_none_merge_nothing(client, engineer, two, words):
    first, _ = two
    third = filed(first.licence, subject="IMAP again")

    answered = client.post(action_of(third, "merge"), form(into=words))

    assert answered.status_code == 400
    assert not Incident.objects.filter(merged_into__isnull=False).exists()


def test_another_customers_is_refused_in_words_and_a_strangers_is_not_known(client, two):
    theirs = filed()
    serves_both, serves_one = make_engineer(), make_engineer(two[0].organisation)

    client.force_login(serves_both)
    named = client.post(action_of(two[0], "merge"), form(into=theirs.number))
    client.force_login(serves_one)
    unknown = client.post(action_of(two[0], "merge"), form(into=theirs.number))

    assert "another customer" in named.content.decode()
    assert theirs.subject not in unknown.content.decode().replace(two[0].subject, "")
    assert "No incident of this customer is meant" in unknown.content.decode()


def test_what_fits_is_offered_while_one_types_and_nothing_of_others(client, engineer, two):
    filed(subject="IMAP of another customer")

    offered = client.get(
        reverse("admin:incident_others", args=[two[0].number]), {"into": "imap"}
    ).content.decode()

    assert two[1].number in offered
    assert two[0].number not in offered
    assert "another customer" not in offered


def test_it_is_undone_on_the_page(client, engineer, two):
    first, second = two
    merge(first, into=second, by=engineer, at=NINE + hours(1))

    answered = client.post(action_of(first, "undo-merge"), form())

    first.refresh_from_db()
    assert (answered.status_code, first.state) == (302, State.NEW)


@pytest.mark.parametrize("merged", (1, 3))
def test_a_page_asks_as_often_however_many_were_merged(client, engineer, two, merged):
    for _ in range(merged):
        twin = filed(two[0].licence)
        merge(twin, into=two[0], by=engineer, at=NINE + hours(1))
    page = reverse("tickets:detail", args=[two[0].number])
    client.force_login(two[0].reporter)
    client.get(page)

    with asks(QUERIES_OF_THE_PORTAL):
        assert client.get(page).status_code == 200


QUERIES_OF_THE_PORTAL = 14


def test_the_words_of_both_are_read_by_two_indexes(engineer, two):
    """However many messages and incidents there are."""
    said = Message.objects.said_on(two[0])
    with connection.cursor() as cursor:  # of a few rows it would read the table
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = said.explain()

    assert "Seq Scan" not in plan


def test_the_portal_leads_to_the_other(client, engineer, two):
    first, second = two
    merge(first, into=second, by=engineer, at=NINE + hours(1))
    client.force_login(first.reporter)

    led = client.get(reverse("tickets:detail", args=[first.number]))
    wrote = client.post(
        reverse("tickets:detail", args=[first.number]), {"body": "Any news?", "key": "k" * 32}
    )

    there = reverse("tickets:detail", args=[second.number])
    assert led.url.partition("#")[0] == wrote.url.partition("#")[0] == there
    assert second.messages.filter(body="Any news?").exists()


def test_the_api_names_the_other_and_takes_words_for_it(engineer, two):
    first, second = two
    merge(first, into=second, by=engineer, at=NINE + hours(1))
    api = client_of(first.reporter)

    shown = api.get(f"{URL}{first.number}/").json()
    posted = api.post(f"{URL}{first.number}/messages/", {"body": "News?"}, format="json").json()

    assert (shown["merged_into"], posted["incident"]) == (second.number, second.number)


def test_a_mail_to_the_duplicate_is_a_message_on_the_other(engineer, two):
    first, second = two
    merge(first, into=second, by=engineer, at=NINE + hours(1))
    raw = mail("Still so.", sender=first.reporter.email, Subject=f"Re: [{first.number}] IMAP")

    taken = arrived(raw, at=NINE + hours(2))

    first.refresh_from_db()
    assert (taken.incident, first.state) == (second, State.CLOSED)
    hints = hints_of(read_mail(raw))
    assert hinted_incident(hints, first.organisation) == second
    assert hinted_incident(hints, make_contact().organisation) is None


def test_a_merged_one_is_not_offered_to_reopen_or_answer(client, engineer, two):
    merge(two[0], into=two[1], by=engineer, at=NINE + hours(1))

    shown = client.get(page_of(two[0])).content.decode()

    assert action_of(two[0], "reopen") not in shown
    assert action_of(two[0], "answer") not in shown
    assert client.post(action_of(two[0], "answer"), form(body="Hm", then="open")).status_code == 409


def test_strangers_may_not_merge(client, two):
    client.force_login(make_engineer(make_incident().organisation))

    assert client.post(action_of(two[0], "merge"), form(into=two[1].number)).status_code == 404
