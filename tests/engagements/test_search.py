"""Engagements in the search of the portal, the desk and the API: found by all their words, by whom
they concern.
"""

import pytest

from accounts.enums import Shares
from core.search.results import find
from core.search.words import parse
from core.tasks import index_owed
from engagements.enums import Voice
from engagements.reads.search import documents
from tests.factories import (
    NINE,
    make_case,
    make_contact,
    make_document_version,
    make_engagement,
    make_engagement_file,
    make_engagement_message,
    make_engineer,
    make_finding,
    make_manager,
    make_member,
    make_organisation,
    make_partner_engineer,
    make_person,
    make_phase,
    make_risk,
    make_task,
)

pytestmark = pytest.mark.django_db


def found(words, by):
    return [hit.shown.number for hit in find(parse(words, {}), by, NINE).hits]


@pytest.fixture
def one():
    """With a word of its own in everything that hangs on it."""
    made = make_engagement(title="Move to pelican", summary="Two flamingo sites")
    said = make_engagement_message(made, body="The heron of the customer")
    make_engagement_file(said, name="ibis-hosts.txt")
    note = make_engagement_message(
        made, body="Our own magpie", voice=Voice.NOTE, author=make_manager()
    )
    make_engagement_file(note, name="jackdaw.txt")
    phase = make_phase(made)
    make_task(phase, title="Count the ostriches")
    make_task(phase, title="Count the penguins", is_internal=True)
    make_risk(made, what="A late raven")
    make_risk(made, what="A shown seagull", is_shown=True)
    make_document_version(made, title="Plan of the toucan", note="After the woodpecker")
    make_finding(make_case(made), title="The vulture is open")
    index_owed()
    return made


PUBLIC = ("pelican", "flamingo", "heron", "ibis", "ostriches", "seagull", "toucan", "woodpecker")
TEAM = ("magpie", "jackdaw", "penguins", "raven")


def test_everything_that_is_said_of_it_finds_it(one):
    contact, manager = make_contact(one.organisation), make_manager()

    for word in (*PUBLIC, "vulture", one.number, one.number.lower()):
        assert found(word, contact) == found(word, manager) == [one.number], word


def test_what_is_the_teams_own_is_found_by_the_team_alone(one):
    contact, manager = make_contact(one.organisation), make_manager()

    for word in TEAM:
        assert found(word, manager) == [one.number], word
        assert found(word, contact) == [], word


def test_a_stranger_and_who_takes_no_part_find_nothing(one):
    strangers = (make_contact(), make_partner_engineer(), make_person("ts2"))

    for stranger in strangers:
        assert all(found(word, stranger) == [] for word in ("pelican", "heron", one.number))
    ts2 = make_person("ts2")
    make_member(one, person=ts2)
    assert found("magpie", ts2) == [one.number]
    assert found("pelican", make_engineer()) == [one.number]


def test_who_sees_their_own_alone_finds_no_colleagues(one):
    organisation = make_organisation(shares=Shares.OWN)
    mine, other = make_contact(organisation), make_contact(organisation)
    made = make_engagement(organisation, requested_by=mine, title="Kingfisher")
    index_owed()

    assert (found("kingfisher", mine), found("kingfisher", other)) == ([made.number], [])


def test_what_is_written_later_is_found_and_what_became_ours_is_not(one):
    contact = make_contact(one.organisation)
    said = make_engagement_message(one, body="The swallow")
    index_owed()
    assert found("swallow", contact) == [one.number]
    said.body = "Nothing"
    said.save()
    index_owed()

    assert found("swallow", contact) == []


def test_pages_show_it_with_its_kind_and_state(client, one, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(one.requested_by)
    theirs = client.get("/search/", {"q": "heron"}).content.decode()
    client.force_login(make_manager())
    ours = client.get("/admin/search/", {"q": "heron"}).content.decode()

    assert f'href="/engagements/{one.number}/"' in theirs
    assert f'href="/admin/engagements/{one.number}/"' in ours
    assert "GoLive project" in theirs
    assert "In progress" in theirs


@pytest.mark.parametrize("rows", (1, 3))
def test_indexing_costs_the_same_for_any_number(rows, django_assert_num_queries):
    made = [make_engagement() for _ in range(rows)]
    for each in made:
        make_engagement_message(each)
    with django_assert_num_queries(10):
        assert len(list(documents([each.pk for each in made]))) == rows
