"""Canned answers: placeholders are checked, filled, never sent raw; what they do is said before."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from core.errors import NotAllowed
from resources.enums import Audience, VersionState
from tests.factories import (
    NINE,
    hours,
    make_article,
    make_canned,
    make_contact,
    make_defect,
    make_engineer,
    make_follower,
    make_incident,
    make_manager,
    make_partner_engineer,
)
from tests.tickets.desk import filed, journal
from tickets.actions.canned import Canned, apply_canned, keep_canned, retire_canned
from tickets.actions.tags import set_tags
from tickets.enums import MeantFor, Priority, State
from tickets.errors import EmptyText, UnknownPlaceholder
from tickets.models import CannedAnswer
from tickets.reads.canned import canned_rows
from tickets.rules.canned import PLACEHOLDERS, fill, first_raw, is_torn, unknown

pytestmark = pytest.mark.django_db

HELLO = "Hello {{ reporter.first_name|there }},"


@pytest.fixture
def incident():
    return filed()


@pytest.fixture
def engineer():
    return make_engineer()


def kept(by, **fields):
    return keep_canned(Canned(**{"title": "Hello", "text": HELLO} | fields), by=by, at=NINE)


# Placeholders


def test_a_value_stands_where_its_placeholder_stood():
    assert fill(HELLO, {"reporter.first_name": "Nora"}).text == "Hello Nora,"


def test_other_words_stand_where_there_is_no_value():
    assert fill(HELLO, {}).text == "Hello there,"
    assert fill(HELLO, {}).missing == ()


def test_without_other_words_it_is_named_and_stays_to_be_filled_in():
    filled = fill("By {{ incident.due }}.", {"incident.due": ""})

    assert (filled.text, filled.missing) == ("By {{ incident.due }}.", ("incident.due",))
    assert first_raw(filled.text) == "{{ incident.due }}"


def test_the_braces_of_somebody_elses_template_are_none_of_ours():
    assert first_raw("Set `{{ .Name }}` in the template.") == ""


@pytest.mark.parametrize(
    ("text", "near"),
    (("{{ reporter.firstname }}", "reporter.first_name"), ("{{ x }}", ""), ("{{ }}", "")),
)
def test_an_unknown_placeholder_is_refused_with_what_may_be_meant(engineer, text, near):
    assert list(unknown(text).values()) == [near]
    with pytest.raises(UnknownPlaceholder) as refusal:
        kept(engineer, text=text)
    assert near in str(refusal.value)


@pytest.mark.parametrize(
    "text", ("{{ reporter.name", "reporter.name }}", "{{ {{ reporter.name }} }}")
)
def test_torn_braces_are_refused(engineer, text):
    assert is_torn(text) or unknown(text)
    with pytest.raises(UnknownPlaceholder):
        kept(engineer, text=text)


def test_every_placeholder_has_a_value_somewhere(incident, engineer):
    incident.product, incident.version = "Axigen", "10.6"
    text = " ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS if not name.startswith("defect"))
    kept(engineer, text=text)

    (row,) = canned_rows(incident, engineer, "")

    assert row.missing == ()
    assert "{{" not in row.text


# Whose they are


def test_ones_own_is_nobody_elses_and_a_teams_is_the_teams(incident):
    mine, other = make_engineer(), make_engineer()
    lead, upper = make_engineer(is_lead=True), make_engineer(role=Role.TS2)
    kept(mine, title="Mine")
    kept(lead, title="Ours", meant_for=MeantFor.TEAM, tier=1)
    kept(make_manager(), title="Everybody's", meant_for=MeantFor.ALL)

    def titles(person):
        return [row.canned.title for row in canned_rows(incident, person, "")]

    assert titles(mine) == ["Everybody's", "Mine", "Ours"]
    assert titles(other) == ["Everybody's", "Ours"]
    assert titles(upper) == ["Everybody's"]


@pytest.mark.parametrize("meant_for", (MeantFor.TEAM, MeantFor.ALL))
def test_what_others_use_is_kept_by_leads_and_managers(engineer, meant_for):
    with pytest.raises(NotAllowed):
        kept(engineer, meant_for=meant_for, tier=1)
    with pytest.raises(NotAllowed):
        kept(make_partner_engineer(is_lead=True), meant_for=meant_for, tier=1)
    with pytest.raises(NotAllowed):
        kept(make_engineer(is_lead=True), meant_for=MeantFor.TEAM, tier=2)
    assert kept(make_manager(), meant_for=meant_for, tier=1)


def test_nobody_takes_over_somebody_elses(engineer):
    one = kept(make_engineer())

    with pytest.raises(NotAllowed):
        keep_canned(Canned("Mine now", "x"), by=engineer, at=NINE, old=one)
    with pytest.raises(NotAllowed):
        retire_canned(one, by=engineer, at=NINE)


def test_it_fits_its_services_and_levels(incident, engineer):
    level = incident.decision.level.level
    kept(engineer, title="Fits", services=[incident.service.key], levels=[level])
    kept(engineer, title="Another service", services=["nothing"])
    kept(engineer, title="Another level", levels=["basic"])

    assert [row.canned.title for row in canned_rows(incident, engineer, "")] == ["Fits"]


def test_it_is_found_by_words_the_title_first(incident, engineer):
    kept(engineer, title="Quota is full", text="See the log.")
    kept(engineer, title="Log wanted", text="Please send it.")
    kept(engineer, title="Other", text="Nothing.")

    assert [row.canned.title for row in canned_rows(incident, engineer, "log")] == [
        "Log wanted",
        "Quota is full",
    ]


def test_what_is_taken_away_is_offered_no_more(incident, engineer):
    one = kept(engineer)
    retire_canned(one, by=engineer, at=NINE)

    assert canned_rows(incident, engineer, "") == []


def test_one_without_words_is_refused(engineer):
    with pytest.raises(EmptyText):
        kept(engineer, text="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_canned(title="")


# What they do


def test_what_it_would_do_is_said_before(incident, engineer):
    kept(engineer, then=State.WAITING, priority=Priority.HIGH, takes=True)

    (row,) = canned_rows(incident, engineer, "")

    assert row.does == (
        "Then it waits for the customer.",
        "The priority becomes High.",
        "It becomes yours.",
    )
    assert row.shown()["acts"]


def test_applying_is_one_action_that_is_journalled(incident, engineer):
    one = kept(engineer, priority=Priority.HIGH, takes=True)

    apply_canned(one, incident, by=engineer, at=NINE + hours(1))

    incident.refresh_from_db()
    assert (incident.priority, incident.owner) == (Priority.HIGH, engineer)
    assert "incident.canned_used" in journal(incident)
    with pytest.raises(NotAllowed):
        apply_canned(one, incident, by=make_contact(), at=NINE)


def answer(client, incident, **fields):
    seen = incident.messages.latest("pk").pk
    where = reverse("admin:incident_action", args=[incident.number, "answer"])
    return client.post(where, {"key": "k", "then": "open", "seen": seen} | fields)


def test_it_is_done_with_the_answer_that_it_was_sent_with(client, incident, engineer):
    one = kept(engineer, priority=Priority.HIGH)
    client.force_login(engineer)

    answer(client, incident, body="Hello Nora,", macro=one.pk)

    incident.refresh_from_db()
    assert incident.priority == Priority.HIGH
    assert incident.messages.latest("pk").body == "Hello Nora,"


def test_somebody_elses_does_nothing(client, incident, engineer):
    one = kept(make_engineer(), priority=Priority.HIGH)
    client.force_login(engineer)

    refused = answer(client, incident, body="Hello Nora,", macro=one.pk)

    incident.refresh_from_db()
    assert refused.status_code == 400
    assert incident.priority != Priority.HIGH


def test_a_placeholder_is_never_sent_raw(client, incident, engineer):
    client.force_login(engineer)

    refused = answer(client, incident, body="By {{ incident.due }}.")
    template = answer(client, incident, key="k2", body="Set `{{ .Name }}`.")

    assert refused.status_code == 400
    assert "Fill in {{ incident.due }}" in refused.content.decode()
    assert template.status_code == 302


# The pages


def test_the_page_costs_the_same_for_any_number(client, engineer):
    client.force_login(engineer)
    costs = []
    for _ in range(2):
        kept(engineer)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("admin:canned_answers"))
        costs.append(len(asked))
        kept(engineer)

    assert costs[0] == costs[1]


def test_one_is_kept_changed_and_taken_away_on_its_page(client, engineer):
    client.force_login(engineer)
    fields = {"title": "Quota", "text": HELLO, "meant_for": "me"}

    client.post(reverse("admin:canned_new"), fields)
    one = CannedAnswer.objects.get()
    page = reverse("admin:canned_answer", args=[one.pk])
    wrong = client.post(page, fields | {"text": "{{ nobody }}"})
    client.post(page, fields | {"title": "Quota is full"})

    one.refresh_from_db()
    assert one.title == "Quota is full"
    assert "{{ nobody }}" in wrong.content.decode()
    assert wrong.status_code == 400
    client.post(page, {"retire": "yes"})
    assert not CannedAnswer.objects.usable_by(engineer).exists()


def test_the_picker_gives_them_filled_in(client, incident, engineer):
    kept(engineer)
    client.force_login(engineer)

    where = reverse("admin:composer_sources", args=[incident.number])
    (row,) = client.get(where, {"source": "canned", "q": "hel"}).json()["rows"]

    assert row["text"] == f"Hello {incident.reporter.name.split()[0]},"


def test_customers_have_no_such_page(client):
    client.force_login(make_contact())

    assert client.get(reverse("admin:canned_answers")).status_code in (302, 403, 404)


def test_a_bigger_team_needs_no_more_statements(client, incident, engineer):
    client.force_login(engineer)
    where = reverse("admin:composer_sources", args=[incident.number])
    costs = []
    for _ in range(2):
        kept(engineer)
        with CaptureQueriesContext(connection) as asked:
            client.get(where, {"source": "canned"})
        costs.append(len(asked))
        make_incident(organisation=incident.organisation)

    assert costs[0] == costs[1]


# Tags, links


def test_it_adds_tags_and_takes_some_off_and_says_so_before(incident, engineer):
    set_tags(incident, names=["unclear", "old"], by=engineer, at=NINE)
    one = kept(engineer, tags="#Web Mail, -unclear -never")
    assert one.tags == "web mail -unclear -never"
    (row,) = canned_rows(incident, engineer, "")
    assert row.does == ("It is tagged web, mail.", "The tag unclear, never goes.")
    assert row.shown()["acts"]

    apply_canned(one, incident, by=engineer, at=NINE)

    assert set(incident.tags.values_list("name", flat=True)) == {"old", "web", "mail"}


def test_links_are_to_articles_that_the_reporter_may_read_and_to_known_defects(client, incident):
    make_article(title="IMAP [stops]", slug="imap-stops")
    make_article(title="IMAP for us", audience=Audience.STAFF)
    make_article(title="IMAP some day", state=VersionState.DRAFT)
    make_defect(title="IMAP hangs", number="DEF-7")
    where = reverse("admin:composer_sources", args=[incident.number])
    client.force_login(make_engineer())

    rows = client.get(where, {"source": "links", "q": "imap"}).json()["rows"]

    assert [row["title"] for row in rows] == ["IMAP [stops]", "DEF-7"]
    assert rows[0]["text"].startswith("[IMAP (stops)](http")
    assert rows[0]["text"].endswith("/help/imap-stops/) ")


def test_the_rail_names_who_follows(client, incident):
    for name in ("Bea", "Abe"):
        make_follower(incident, person=make_engineer(name=name))
    make_follower(incident, left_at=NINE)
    client.force_login(make_engineer())

    page = client.get(reverse("admin:incident", args=[incident.number])).content.decode()

    assert "Abe, Bea" in page
