"""F2: journal and ledger are changed by one function of a role of its own, and by nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core import keeper
from core.journal import record
from core.keeper_sql import ROLE
from core.models import JournalEntry, Tombstone
from tests.factories import NINE, make_contact, make_manager, make_organisation

pytestmark = pytest.mark.django_db
LONG_AGO = NINE - timedelta(days=900)


def old_entries(count: int = 3) -> list[int]:
    organisation = make_organisation()
    for n in range(count):
        record("test.made", organisation, at=LONG_AGO + timedelta(days=n), by=None, n=n)
    return list(JournalEntry.objects.filter(kind="test.made").values_list("pk", flat=True))


def run(sql: str, *values: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_function_belongs_to_a_role_that_nobody_signs_in_as():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(proowner), prosecdef, proconfig, proacl::text FROM pg_proc"
            " WHERE proname = 'core_forget'"
        )
        owner, is_definer, config, rights = cursor.fetchone()
        cursor.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [ROLE]
        )
        role = cursor.fetchone()

    assert keeper.missing() == ""
    assert (owner, is_definer) == (ROLE, True)
    assert config == ["search_path=pg_catalog, public, pg_temp"]
    assert "=X/" not in rights.replace("axsupport=X/", "").replace(f"{ROLE}=X/", "")
    assert role == (False, False, False)


@pytest.mark.parametrize("table", ("core_journalentry", "core_tombstone"))
@pytest.mark.parametrize("sql", ("UPDATE {} SET at = now()", "DELETE FROM {}"))
def test_the_desk_itself_changes_nothing(table, sql):
    keeper.forget("journal.old", at=NINE, keys=old_entries()[:1])

    with pytest.raises(IntegrityError, match="append-only"):
        run(sql.format(table))


def test_the_desk_sets_no_tombstone_of_its_own():
    with pytest.raises(IntegrityError, match="core_forget"):
        run(
            "INSERT INTO core_tombstone (at, kind, count, about, digest, chain)"
            " VALUES (now(), 'journal.old', 1, '', '', '')"
        )


def test_what_goes_leaves_a_tombstone_and_the_rest_stays():
    manager = make_manager()
    gone, stays = (keys := old_entries(3))[:2], keys[2]

    assert keeper.forget("journal.old", at=NINE, by=manager, keys=gone) == 2

    assert list(JournalEntry.objects.filter(kind="test.made").values_list("pk", flat=True)) == [
        stays
    ]
    stone = Tombstone.objects.get()
    assert (stone.kind, stone.count, stone.by, stone.at) == ("journal.old", 2, manager, NINE)
    assert (stone.oldest, stone.newest) == (
        LONG_AGO.date(),
        (LONG_AGO + timedelta(days=1)).date(),
    )


def test_each_tombstone_follows_from_the_one_before():
    keys = old_entries(3)
    for key in keys:
        keeper.forget("journal.old", at=NINE, keys=[key])
    assert keeper.broken_at() is None

    second = Tombstone.objects.order_by("pk")[1]
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE core_tombstone DISABLE TRIGGER core_tombstone_append_only")
    run("DELETE FROM core_tombstone WHERE id = %s", second.pk)

    assert keeper.broken_at() == Tombstone.objects.order_by("pk").last()


@pytest.mark.parametrize(
    ("kind", "asked", "why"),
    (
        ("journal.everything", {}, "nothing that is ever forgotten"),
        ("accounts_person", {}, "nothing that is ever forgotten"),
        ("journal.organisation", {"about": 0}, "not closed"),
        ("ledger.organisation", {"about": 0}, "not closed"),
        ("journal.person", {"about": 0, "pattern": "x"}, "nobody asked"),
        ("ledger.person", {"about": 0, "pattern": "x"}, "nobody asked"),
    ),
)
def test_it_refuses_outside_of_its_kinds(kind, asked, why):
    keys = old_entries()

    with pytest.raises(IntegrityError, match=why), transaction.atomic():
        keeper.forget(kind, at=NINE, keys=keys, **asked)

    assert JournalEntry.objects.filter(pk__in=keys).count() == 3
    assert not Tombstone.objects.exists()


def test_an_open_organisation_keeps_all_of_its_journal():
    organisation = make_contact().organisation

    with pytest.raises(IntegrityError, match="not closed"), transaction.atomic():
        keeper.forget("journal.organisation", at=NINE, about=organisation.pk)


def test_the_latest_journal_stays_whoever_asks():
    organisation = make_organisation()
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now = cursor.fetchone()[0]
    record("test.made", organisation, at=now - timedelta(days=89), by=None)
    key = JournalEntry.objects.get(kind="test.made").pk

    with pytest.raises(IntegrityError, match="last 90 days"), transaction.atomic():
        keeper.forget("journal.old", at=NINE, keys=[key])


def test_without_the_function_it_says_what_the_operator_has_to_do():
    keys = old_entries()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute("DROP FUNCTION core_forget(text, jsonb)")
        cursor.execute("SET LOCAL ROLE NONE")

    with pytest.raises(keeper.NoKeeper, match="manage.py migrate"):
        keeper.forget("journal.old", at=NINE, keys=keys)

    assert keeper.establish() == ""
    assert keeper.forget("journal.old", at=NINE, keys=keys) == 3


def test_after_a_restore_the_function_is_given_back_to_its_role():
    """A dump names no owners, so a restored function belongs to the desk, and can do nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('core_forget'::regproc)")
        function = cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute("DROP FUNCTION core_forget(text, jsonb)")
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(function)
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(
                "SELECT core_forget('journal.old', %s::jsonb)", [f'{{"keys": {old_entries()}}}']
            )

    assert "migrate" in keeper.missing()
    assert keeper.establish() == ""
    assert keeper.missing() == ""
