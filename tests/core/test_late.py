"""Journal and outbox are written together before the commit, and nobody can tell the difference."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from core import rls
from core.journal import entries_of, record, version_of
from core.models import JournalEntry
from notices.models import Notice
from notices.outbox import notify
from tests.factories import NINE, make_contact, make_organisation

pytestmark = pytest.mark.django_db


def wrote(organisation: Organisation, kind: str) -> None:
    record(f"test.{kind}", organisation, at=NINE, by=None)


def kinds(organisation: Organisation) -> list[str]:
    return [one.kind.removeprefix("test.") for one in entries_of(organisation)]


def inserts(queries: CaptureQueriesContext, table: str) -> int:
    return sum(one["sql"].startswith(f'INSERT INTO "{table}"') for one in queries)


@pytest.fixture
def organisation() -> Organisation:
    return make_organisation()


def test_a_transaction_writes_its_entries_and_notices_in_a_statement_each(organisation):
    contact = make_contact(organisation)

    with CaptureQueriesContext(connection) as queries, rls.everything():
        for kind in ("first", "second", "third"):
            wrote(organisation, kind)
            notify([contact], "welcome", key=kind, at=NINE, about=organisation)
            notify([contact], "welcome", key=kind, at=NINE, about=organisation)

    assert inserts(queries, "core_journalentry") == inserts(queries, "notices_notice") == 1
    assert kinds(organisation) == ["first", "second", "third"]
    assert Notice.objects.count() == 3


def test_who_reads_them_in_the_same_transaction_finds_them(organisation):
    with rls.everything():
        wrote(organisation, "first")
        assert kinds(organisation) == ["first"]
        wrote(organisation, "second")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM core_journalentry WHERE kind LIKE 'test.%'")
            assert cursor.fetchone() == (2,)
        before = version_of(organisation)
        wrote(organisation, "third")
        assert version_of(organisation) > before

    assert kinds(organisation) == ["first", "second", "third"]


def test_what_an_undone_savepoint_recorded_is_never_written(organisation):
    with rls.everything():
        wrote(organisation, "before")
        with transaction.atomic():
            wrote(organisation, "undone")
            transaction.set_rollback(True)
        wrote(organisation, "after")

    assert kinds(organisation) == ["before", "after"]


def test_what_was_written_for_a_reader_in_an_undone_savepoint_is_written_again(organisation):
    with rls.everything():
        wrote(organisation, "before")
        with transaction.atomic():
            wrote(organisation, "undone")
            assert kinds(organisation) == ["before", "undone"]
            transaction.set_rollback(True)
        assert kinds(organisation) == ["before"]

    assert kinds(organisation) == ["before"]


def test_what_is_undone_as_a_whole_leaves_nothing_for_the_next(organisation):
    with rls.everything():
        wrote(organisation, "undone")
        transaction.set_rollback(True)
    with rls.everything():
        wrote(organisation, "next")

    assert kinds(organisation) == ["next"]


def test_each_is_written_under_the_wall_it_was_recorded_under(organisation):
    """What an organisation's transaction records about the vendor in a wider scope is written."""
    other = make_organisation()

    with rls.only([organisation.pk]):
        wrote(organisation, "inside")
        with rls.everything():
            wrote(other, "outside")
        wrote(organisation, "inside again")

    assert kinds(organisation) == ["inside", "inside again"]
    assert kinds(other) == ["outside"]
    order = JournalEntry.objects.filter(kind__startswith="test.").order_by("pk")
    assert [one.kind for one in order] == ["test.inside", "test.outside", "test.inside again"]


def test_a_transaction_that_narrows_itself_writes_both_parts(organisation):
    other = make_organisation()

    with rls.everything():
        wrote(other, "as everybody")
        with rls.narrowed_to([organisation.pk]):
            assert list(Organisation.objects.all()) == [organisation]
            wrote(organisation, "narrowed")

    assert (kinds(other), kinds(organisation)) == (["as everybody"], ["narrowed"])
    assert Organisation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_runs_after_the_commit_records_for_itself(organisation):
    def after() -> None:
        with rls.everything():
            wrote(organisation, "after the commit")

    with rls.everything():
        transaction.on_commit(after)
        wrote(organisation, "before the commit")

    assert kinds(organisation) == ["before the commit", "after the commit"]
