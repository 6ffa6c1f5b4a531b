"""The journal's page: narrowed by days, people, organisation and kind; before and after (A1)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.journal import record
from core.models import JournalEntry
from notices.wording.language import Wording, delivered
from notices.wording.versions import reword
from tests.factories import NINE, days, hours, make_manager, make_organisation, make_tam
from tickets.actions.canned import Canned, keep_canned
from tickets.enums import MeantFor
from tickets.reads.journal import changes_of, shown

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:journal")


@pytest.fixture
def tam():
    return make_tam(name="Claire Bennett", timezone="Europe/Bucharest")


@pytest.fixture
def entries(tam):
    """One a day at 23:30 UTC, which is the next day in Bucharest; and a stranger's."""
    ours, stranger = make_organisation(name="Northwind", tam=tam), make_organisation(name="Kvyx")
    late = NINE.replace(hour=23, minute=30)
    for back in range(3):
        at = late - days(back)
        record("organisation.gold_default", ours, at=at, by=tam, before=f"was{back}", after="now")
    other = make_tam(name="Kvyx")
    record("organisation.shares", stranger, at=late, by=other, before="a", after="b")
    return ours


def asked(client, **query):
    return client.get(PAGE, query).content.decode()


def test_days_are_whole_ones_of_the_readers_zone(client, tam, entries):
    client.force_login(tam)

    page = asked(client, since="2026-03-03", until="2026-03-03")
    assert ("was0" in page, "was1" in page) == (True, False)
    page = asked(client, until="2026-03-02")
    assert ("was0" in page, "was1" in page, "was2" in page) == (False, True, True)
    assert "was0" in asked(client, since="no day")  # what can not be read narrows nothing


def test_by_who_did_it_what_happened_and_for_whom(client, tam, entries):
    client.force_login(make_manager())

    assert "was0" in asked(client, person="bennett")
    assert "was0" in asked(client, person=tam.email)
    assert "was0" not in asked(client, person="kvyx")
    assert "was0" in asked(client, kind="organisation.gold")
    assert "was0" not in asked(client, kind="organisation.shares")
    assert "was0" not in asked(client, organisation="Kvyx")
    assert "No entry fits" in asked(client, person="nobody at all")


def test_an_account_manager_never_reads_of_others(client, tam, entries):
    client.force_login(tam)

    for query in ({}, {"person": "kvyx"}, {"organisation": "Kvyx"}):
        assert "organisation.shares</" not in asked(client, **query)
        assert "<ins>b</ins>" not in asked(client, **query)


@pytest.mark.parametrize("rows", (1, 3))
def test_the_page_costs_the_same_for_any_number_of_rows(client, rows, django_assert_num_queries):
    manager, organisation = make_manager(), make_organisation()
    for back in range(rows):
        record("organisation.shares", organisation, at=NINE - hours(back), by=manager)
    client.force_login(manager)

    with django_assert_num_queries(10):
        client.get(PAGE, {"since": "2026-01-01"})


def test_fields_that_changed_stand_before_and_after_and_those_that_did_not_are_left_out():
    found = changes_of(
        {"before": {"weight": 1, "same": 2, "gone": [3]}, "after": {"weight": 4, "same": 2}}
    )

    assert [(one.name, one.before, one.after) for one in found] == [
        ("weight", "1", "4"),
        ("gone", "3", "–"),
    ]
    assert changes_of({"reason": "x"}) == []


def test_the_words_of_a_notice_and_of_a_canned_answer_are_shown_line_by_line():
    manager = make_manager()
    before = delivered("incident_answered")
    reword(
        "incident_answered",
        Wording(before.subject, f"Good day.\n{before.text}"),
        by=manager,
        at=NINE,
    )
    canned = keep_canned(
        Canned(title="Restart", text="Stop it.\nStart it.", meant_for=MeantFor.ALL),
        by=manager,
        at=NINE,
    )
    keep_canned(
        Canned(title="Restart", text="Stop it.\nWait.\nStart it.", meant_for=MeantFor.ALL),
        by=manager,
        at=NINE,
        old=canned,
    )
    told = JournalEntry.objects.filter(kind__in=("wording.changed", "canned.kept"))
    rows = shown(told.order_by("pk"))

    fresh = [
        [line.text for change in row.changes for line in change.lines if line.kind == "new"]
        for row in rows
    ]
    assert "Good day." in fresh[0]
    assert fresh[-1] == ["Wait."]


def test_what_somebody_keeps_for_themselves_is_nobody_elses():
    manager = make_manager()
    keep_canned(Canned(title="Mine", text="Secret.", meant_for=MeantFor.ME), by=manager, at=NINE)

    assert "Secret." not in str(JournalEntry.objects.get(kind="canned.kept").facts)


def test_an_empty_desk_leads_a_manager_to_the_first_customer(client):
    client.force_login(make_manager())

    page = client.get(reverse("admin:organisations")).content.decode()

    assert "There is no customer yet" in page
    assert (
        "No organisation fits"
        in client.get(reverse("admin:organisations"), {"q": "x"}).content.decode()
    )
