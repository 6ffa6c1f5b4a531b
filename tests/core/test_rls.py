import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import IntegrityError

from accounts.models import Organisation
from core import rls
from core.journal import entries_of, record
from core.models import JournalEntry
from entitlements.models import Licence
from tests.factories import NINE, make_licence, make_manager, make_organisation

pytestmark = pytest.mark.django_db


def seen() -> set[Licence]:
    return set(Licence.objects.all())


def test_a_scope_ends_with_its_block_and_the_one_around_it_is_back():
    ours, theirs = make_licence(), make_licence()

    with rls.only([ours.organisation_id]):
        outer = seen()
        with rls.only([theirs.organisation_id]):
            inner = seen()
            with rls.everything():
                innermost = seen()
        back = seen()

    assert (outer, inner, innermost, back) == ({ours}, {theirs}, {ours, theirs}, {ours})
    assert seen() == {ours, theirs}


def test_a_scope_ends_with_an_error_too():
    ours, theirs = make_licence(), make_licence()

    with rls.only([ours.organisation_id]):
        with pytest.raises(ZeroDivisionError), rls.everything():
            raise ZeroDivisionError
        assert seen() == {ours}

    assert seen() == {ours, theirs}


def test_an_error_inside_a_scope_leaves_nothing_behind():
    organisation = make_organisation()

    def rename_and_fail() -> None:
        with rls.everything():
            Organisation.objects.filter(pk=organisation.pk).update(name="Changed")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rename_and_fail()

    organisation.refresh_from_db()
    assert organisation.name != "Changed"


def test_only_nobody_sees_nothing():
    make_licence()

    with rls.only(()):
        assert seen() == set()


def test_only_takes_ids_and_nothing_else():
    with pytest.raises(ValueError, match="invalid literal"), rls.only(["1}'; DROP TABLE x"]):  # type: ignore[list-item]
        pass


@pytest.mark.django_db(transaction=True)
def test_a_scope_does_not_outlive_its_transaction_on_a_kept_connection():
    make_licence()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', '', false)")

    with rls.everything():
        inside = len(seen())

    assert (inside, len(seen())) == (1, 0)


def test_rows_of_another_organisation_can_not_be_written():
    ours, theirs = make_organisation(), make_organisation()

    with (
        rls.only([ours.pk]),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        make_licence(theirs)


def test_a_journal_entry_can_not_be_changed_nor_taken_away():
    organisation, manager = make_organisation(), make_manager()
    record("test.made", organisation, at=NINE, by=manager, due_at=NINE)
    written = JournalEntry.objects.filter(kind="test.made")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        written.update(kind="changed")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        written.delete()

    assert written.get().facts == {"due_at": "2026-03-02T09:00:00Z"}


def test_the_journal_of_a_thing_belongs_to_its_organisation_and_is_in_order():
    licence = make_licence()
    record("licence.second", licence, at=NINE.replace(hour=10), by=None)
    record("licence.first", licence, at=NINE, by=None)

    assert [one.kind for one in entries_of(licence)] == ["licence.first", "licence.second"]
    assert {one.organisation for one in entries_of(licence)} == {licence.organisation}


def test_a_wall_that_stands_already_is_not_asked_for_again(django_assert_num_queries):
    with rls.everything(), django_assert_num_queries(2), rls.everything():  # the savepoint
        pass


def test_the_wall_around_is_back_after_others_within_and_after_one_that_broke():
    ours, theirs = make_licence(), make_licence()

    with rls.only([ours.organisation_id]):
        with rls.everything(), rls.only([theirs.organisation_id]):
            assert seen() == {theirs}
        assert seen() == {ours}
        with pytest.raises(ZeroDivisionError), rls.everything():
            1 / 0  # noqa: B018
        with rls.everything():
            assert seen() == {ours, theirs}
        assert seen() == {ours}
