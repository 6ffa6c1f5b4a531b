"""A stranger's words are never found, counted, offered for a typo, or hinted at."""

import pytest
from django.db import connection, transaction

from accounts.enums import Role
from accounts.tenancy import working_for
from core import rls
from core.models import SearchDocument, SearchWord
from core.search import finding, wall
from core.search.wall import FUNCTION, ROLE, Wall
from tests.factories import (
    make_contact,
    make_engineer,
    make_handover,
    make_incident,
    make_manager,
    make_message,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_tam,
)
from tests.tickets.search.finding import indexed, search
from tickets.enums import MessageKind
from tickets.reads.search.conditions import parsed_for

pytestmark = pytest.mark.django_db

SECRET, NOTED = "xylophonic", "zanzibarian"
TYPO = {SECRET: "xylofonic", NOTED: "zanzibarien"}


@pytest.fixture(params=("behind the wall", "under the policies"))
def way(request):
    """With the role of search, and without it: slower, never wrong."""
    if request.param == "under the policies":
        with connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_user)")
            (desk,) = cursor.fetchone()
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
            cursor.execute(f"DROP FUNCTION {FUNCTION}(tsquery, text, boolean, integer)")
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP POLICY {wall.POLICY} ON core_searchdocument")
            cursor.execute(wall.DEFINITION.format(schema="public", desk=desk))
        assert wall.state() == Wall.SLOW
    else:
        assert wall.state() == Wall.FAST
    return request.param


@pytest.fixture
def theirs():
    """An incident of one organisation with a word that nobody else writes, and one in a note."""
    organisation = make_organisation(partner=make_partner())
    incident = make_incident(organisation=organisation, subject=f"About {SECRET}")
    make_message(incident, body=f"the {SECRET} text")
    make_message(incident, body=f"between us: {NOTED}", kind=MessageKind.NOTE)
    make_incident(subject="of somebody else")
    indexed()
    return incident


def strangers():
    other = make_organisation()
    return {
        "contact": make_contact(other),
        "engineer of others": make_engineer(other),
        "partner's": make_partner_engineer(make_partner()),
        "account manager of others": make_tam(other),
        "TS2": make_engineer(role=Role.TS2),
        "TS3": make_engineer(role=Role.TS3),
    }


def asked_as(person, text):
    """As in a request: behind the person's own wall."""
    with working_for(person):
        return search(text, person)


@pytest.mark.parametrize("word", (SECRET, NOTED))
def test_strangers_find_nothing_count_nothing_and_are_offered_nothing(way, theirs, word):
    for who, person in strangers().items():
        for text in (word, TYPO[word], f'"{word}"', word[:6], f"{word} state:new", theirs.number):
            nothing, found = asked_as(person, "qqqqqqqqq"), asked_as(person, text)
            assert (found.hits, found.number, found.more, found.mended) == (
                nothing.hits,
                nothing.number,
                nothing.more,
                nothing.mended,
            ), (who, text)


@pytest.mark.parametrize("word", (SECRET, NOTED))
def test_who_may_find_does(way, theirs, word):
    organisation = theirs.organisation
    for person in (
        make_manager(),
        make_engineer(),
        make_engineer(organisation),
        make_partner_engineer(organisation.partner),
        make_tam(organisation),
    ):
        for text in (word, TYPO[word], f"{word} state:new"):
            assert [one.key for one in asked_as(person, text).hits] == [theirs.pk], person.role


def test_what_was_escalated_is_found_by_who_works_on_it(way, theirs):
    engineer = make_engineer(role=Role.TS2)
    assert asked_as(engineer, SECRET).number == 0

    make_handover(theirs, to_tier=2)

    assert asked_as(engineer, SECRET).number == 1


def test_a_customer_never_matches_a_note_nor_a_file_of_one(way, theirs):
    contact = theirs.reporter

    assert asked_as(contact, SECRET).number == 1
    assert asked_as(contact, TYPO[SECRET]).mended == SECRET
    for text in (NOTED, TYPO[NOTED], f"{SECRET} {NOTED}", f"-{NOTED} {SECRET}"):
        found = asked_as(contact, text)
        assert found.mended == ""
        assert found.number == (1 if text.startswith("-") else 0), text
    assert NOTED not in asked_as(contact, SECRET).hits[0].text
    assert NOTED in asked_as(make_manager(), SECRET).hits[0].text


def test_the_function_takes_its_wall_from_the_transaction_and_from_nowhere_else(way, theirs):
    query = finding.wanted(parsed_for(SECRET, theirs.reporter).words).query
    sql = f"SELECT * FROM {FUNCTION}(%s::tsquery, 'incident', false, NULL)"

    def found():
        with connection.cursor() as cursor:
            cursor.execute(sql, [query])
            return cursor.fetchall()

    with rls.only([make_organisation().pk]):
        assert found() == []
    with rls.only(()):
        assert found() == []
    with rls.only([theirs.organisation_id]):
        assert found() == [(theirs.pk,)]
    with rls.everything():
        assert found() == [(theirs.pk,)]


def test_documents_stand_behind_the_wall_themselves(way, theirs):
    with rls.only([make_organisation().pk]):
        assert not SearchDocument.objects.filter(subject_id=theirs.pk).exists()
    with rls.only([theirs.organisation_id]):
        assert SearchDocument.objects.filter(subject_id=theirs.pk).count() == 2


def test_the_words_for_typos_are_shown_only_when_ones_own_have_them(theirs):
    assert SearchWord.objects.filter(word=SECRET).exists()

    assert asked_as(make_contact(), TYPO[SECRET]).mended == ""


def test_the_role_of_search_reads_its_documents_and_nothing_else(theirs):
    allowed = """
        SELECT c.relname, bool_or(has_table_privilege(%s, c.oid, 'SELECT')),
            bool_or(has_table_privilege(%s, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
        FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
            AND c.relkind IN ('r', 'v') GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(allowed, [ROLE, ROLE])
        rights = {table: (reads, writes) for table, reads, writes in cursor.fetchall()}
        cursor.execute("SELECT has_schema_privilege(%s, current_schema(), 'CREATE')", [ROLE])
        may_create = cursor.fetchone()[0]
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = %s", [ROLE]
        )
        powers = cursor.fetchone()

    assert rights.pop("core_searchdocument") == (True, False)
    assert set(rights.values()) == {(False, False)}
    assert not may_create
    assert powers == (False, False, False)


def test_nobody_but_the_desk_may_call_the_function():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('public', p.oid, 'EXECUTE'),"
            " has_function_privilege(current_user, p.oid, 'EXECUTE'), p.prosecdef, p.proconfig"
            " FROM pg_proc p WHERE proname = %s",
            [FUNCTION],
        )
        ((everybody, desk, is_definer, settings),) = cursor.fetchall()

    assert (everybody, desk, is_definer) == (False, True, True)
    assert "search_path=public, pg_temp" in settings


def test_the_policy_of_search_does_not_hold_for_the_desk(theirs):
    """It may act as the role, and has none of its rights before it says so."""
    with rls.only(()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_searchdocument")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT pg_has_role(current_user, %s, 'USAGE')", [ROLE])
        assert cursor.fetchone() == (False,)


def test_the_index_is_used_behind_the_wall():
    """Under a policy it is not, since the operator might tell what it sees."""

    def plan():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN SELECT 1 FROM core_searchdocument WHERE vector @@ 'relay'")
            return "\n".join(row[0] for row in cursor.fetchall())

    assert "search_document_words" not in plan()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        seen = plan()
        cursor.execute("RESET ROLE")
    assert "search_document_words" in seen


def test_set_up_may_be_repeated_and_mends_what_is_missing():
    with connection.cursor() as cursor:
        cursor.execute(f"DROP POLICY {wall.POLICY} ON core_searchdocument")
    assert wall.state() == Wall.SLOW
    assert wall.set_up() == Wall.FAST
    assert wall.set_up() == wall.state() == Wall.FAST
