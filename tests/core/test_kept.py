"""Small tables of settings are asked for once, until anybody changes them."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from core import rls
from core.kept import Kept
from entitlements.models import LevelVersion, Service
from entitlements.reads.current import current_levels, offered_services

pytestmark = pytest.mark.django_db


@pytest.fixture
def reads(monkeypatch):
    """A table that is kept, and how often it was read."""
    read = []

    def names() -> list[str]:
        read.append(1)
        return sorted(Service.objects.values_list("name", flat=True))

    return Kept(Service, read=names), read


def test_it_is_read_once_and_not_again_in_another_transaction(reads):
    kept, read = reads

    for _ in range(3):
        with rls.everything():
            assert kept() == kept()

    assert len(read) == 1


def test_one_statement_asks_for_all_of_them(django_assert_num_queries):
    with rls.everything():
        current_levels()
        offered_services()

    with rls.everything(), django_assert_num_queries(1):
        current_levels()
        offered_services()


def test_without_a_scope_it_is_read_each_time(reads):
    kept, read = reads

    kept()
    kept()

    assert len(read) == 2


@pytest.mark.parametrize(
    "change",
    (
        lambda: Service.objects.filter(key="migration").update(name="Moving"),
        lambda: Service.objects.create(key="moving", name="Moving"),
        lambda: Service.objects.filter(key="migration").delete(),
    ),
)
def test_a_change_is_seen_by_the_transaction_that_made_it_and_by_the_next(reads, change):
    kept, _ = reads

    with rls.everything():
        before = kept()
        change()
        assert kept() != before
    with rls.everything():
        assert kept() == sorted(Service.objects.values_list("name", flat=True)) != before


def test_a_change_by_another_process_is_seen_by_the_next_transaction(reads):
    kept, _ = reads
    with rls.everything():
        before = kept()

    with connection.cursor() as cursor:  # behind our back
        cursor.execute("UPDATE entitlements_service SET name = name || '!'")

    with rls.everything():
        assert kept() == [f"{one}!" for one in before]


def test_a_change_that_is_undone_was_none(reads):
    kept, _ = reads

    with rls.everything():
        before = kept()
        with transaction.atomic():
            Service.objects.create(key="moving", name="Moving")
            assert kept() != before
            transaction.set_rollback(True)
        assert kept() == before


def test_a_new_version_of_a_level_is_promised_at_once():
    with rls.everything():
        now = current_levels()["premium"]
        later = LevelVersion.objects.get(pk=now.pk)
        later.pk, later.version = None, now.version + 1
        later.response_time = now.response_time + timedelta(hours=1)
        later.save()

        assert current_levels()["premium"] == later
