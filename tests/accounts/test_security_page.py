"""The managers' page of what happened about safety."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.asking import answering
from core.journal import record
from core.models import JournalEntry
from core.security import security_kinds, words_of
from tests.factories import (
    make_admin_contact,
    make_contact,
    make_engineer,
    make_manager,
    make_partner_engineer,
    make_tam,
)

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:security")


@pytest.fixture(autouse=True)
def _without_second_factor(settings) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = False


def note(person, kind="signin.failed", days=0, **facts):
    at = timezone.now() - timedelta(days=days)
    with answering("203.0.113.9", "abc123"):
        record(kind, person, at=at, by=None, **facts)


def shown(client, **query) -> str:
    page = client.get(PAGE, query)
    assert page.status_code == 200
    return str(page.content.decode())


def test_a_manager_reads_who_what_and_from_where(client):
    person = make_contact(name="Nora Winters")
    note(person, step="password")
    client.force_login(make_manager())

    page = shown(client)

    wanted = ("Sign-in failed", "Nora Winters", "203.0.113.9", "request abc123", "step: password")
    assert [one for one in wanted if one not in page] == []


def test_by_person_kind_and_days(client):
    nora, bo = make_contact(name="Nora", email="n@b.example"), make_contact(name="Bo")
    note(nora, step="one")
    note(bo, step="two")
    note(nora, "api_token.made", name="three")
    note(nora, days=40, step="four")
    client.force_login(make_manager())

    def marks(**query):
        page = shown(client, **query)
        return {one for one in ("one", "two", "three", "four") if f": {one}" in page}

    assert marks() == {"one", "two", "three"}
    assert marks(who="nora") == marks(who="N@b.exam") == {"one", "three"}
    assert marks(kind="api_token.made") == {"three"}
    assert marks(days="365") == {"one", "two", "three", "four"}
    assert marks(who="nobody of this name") == set()


@pytest.mark.parametrize("query", ({"days": "x"}, {"kind": "x"}, {"page": "-1"}, {"who": "\0"}))
def test_what_can_not_be_read_narrows_nothing(client, query):
    note(make_contact(), step="one")
    client.force_login(make_manager())

    assert "step: one" in shown(client, **query)


@pytest.mark.parametrize(
    "maker", (make_tam, make_engineer, make_partner_engineer, make_contact, make_admin_contact)
)
def test_for_others_there_is_no_such_page(client, maker):
    client.force_login(maker())

    assert client.get(PAGE).status_code == 404


def test_what_is_not_about_safety_is_not_here(client):
    record("test.filed", make_contact(), at=timezone.now(), by=None, step="one")
    client.force_login(make_manager())

    assert "step: one" not in shown(client)
    assert not JournalEntry.objects.filter(kind="test.filed", is_security=True).exists()


def test_the_page_asks_the_same_of_one_row_and_of_three(client):
    client.force_login(make_manager())
    counts = []
    for more in (1, 2):
        for _ in range(more):
            note(make_contact())
        with CaptureQueriesContext(connection) as asked:
            shown(client)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_it_is_read_over_its_own_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM core_journalentry WHERE is_security ORDER BY at DESC, id DESC"
            " LIMIT 50"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "journal_security" in plan


def test_each_kind_has_words_of_its_own():
    assert len({one.looks.text for one in security_kinds()}) == len(security_kinds())
    assert words_of("never.declared") == "Never declared"
