"""The account manager's home: each figure counted by plain SQL, with a stranger's rows beside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from engagements.models import Engagement
from engagements.reads.lights import lights_of
from entitlements.enums import Account, EntryKind
from office.reads.measures import facts_of
from office.reads.portfolio import FILTERS, SORTS, portfolio_of
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engagement,
    make_incident,
    make_ledger_entry,
    make_licence,
    make_manager,
    make_message,
    make_organisation,
    make_pack,
    make_partner_engineer,
    make_person,
    make_phase,
    make_promise,
    make_rating,
    make_renewal,
    make_report,
    make_subscription,
    make_tam,
    make_target,
    make_warning,
)
from tests.factories.accounts_kept import make_note

pytestmark = pytest.mark.django_db


def make_customer(tam, name="Northwind"):
    """Something of everything that the list shows."""
    organisation = make_organisation(name=name, tam=tam)
    contact, licence = make_contact(organisation), make_licence(organisation)
    ours = {"organisation": organisation, "reporter": contact, "licence": licence}
    late = make_incident(**ours, received_at=NINE - days(20))
    make_target(late, opened_at=NINE - days(1), due_at=NINE - hours(1))
    risky = make_incident(**ours)
    make_warning(make_target(risky, opened_at=NINE - hours(5), due_at=NINE + hours(1)), due_at=NINE)
    done = make_incident(**ours, state="solved", solved_at=NINE - days(3))
    due = NINE - days(4)
    make_target(done, opened_at=due - hours(6), due_at=due, met_at=due)  # C3: at the very moment
    make_target(done, opened_at=due - hours(6), due_at=due, met_at=due + timedelta(seconds=1))
    make_target(done, opened_at=due - hours(6), due_at=due, abandoned_at=due - hours(1))
    make_rating(done, score=3, given_at=NINE - days(3))
    make_message(done, kind="answer", sent_at=NINE - days(2))
    pack = make_pack(licence, quantity=9)
    make_ledger_entry(
        pack,
        kind=EntryKind.CONSUME,
        debit=Account.AVAILABLE,
        credit=Account.CONSUMED,
        incident=done,
        at=NINE - days(5),
    )
    make_subscription(licence, ends_on=date(2026, 4, 1))
    make_report(organisation)
    make_note(organisation, by=tam, at=NINE - days(6))
    make_phase(make_engagement(organisation), ends_on=date(2026, 3, 3))
    return organisation


def one_number(sql: str, *values: Any) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def test_each_figure_is_what_plain_sql_counts():
    tam = make_tam()
    organisation = make_customer(tam)
    make_customer(make_tam(), name="Stranger")
    facts = facts_of([organisation.pk], at=NINE)[organisation.pk]
    pk, since = organisation.pk, NINE - days(90)

    counted = {
        "open": "SELECT count(*) FROM tickets_incident WHERE organisation_id = %s"
        " AND state IN ('new', 'open', 'waiting')",
        "old": "SELECT count(*) FROM tickets_incident WHERE organisation_id = %s"
        " AND state IN ('new', 'open', 'waiting') AND received_at < %s - interval '14 days'",
        "late_now": "SELECT count(*) FROM tickets_responsetarget WHERE organisation_id = %s"
        " AND met_at IS NULL AND abandoned_at IS NULL AND due_at < %s",
        "kept": "SELECT count(*) FROM tickets_responsetarget WHERE organisation_id = %s"
        " AND met_at <= due_at AND met_at >= %s - interval '90 days'",
        "broken": "SELECT count(*) FROM tickets_responsetarget WHERE organisation_id = %s"
        " AND due_at < %s AND coalesce(met_at, abandoned_at, 'infinity') > due_at",
        "gold": "SELECT sum(available) FROM entitlements_incidentpack WHERE organisation_id = %s",
        "gold_spent": "SELECT count(*) FROM entitlements_ledgerentry WHERE organisation_id = %s"
        " AND kind = 'consume'",
        "ratings": "SELECT count(*) FROM tickets_rating WHERE organisation_id = %s",
        "rating": "SELECT avg(score)::float FROM tickets_rating WHERE organisation_id = %s",
        "drafts": "SELECT count(*) FROM reports_servicereport WHERE organisation_id = %s"
        " AND state = 'draft'",
    }
    for name, sql in counted.items():
        values = [pk, NINE] if "%s" in sql.replace("%s", "", 1) else [pk]
        assert getattr(facts, name) == one_number(sql, *values), name

    assert (facts.open, facts.old, facts.late_now, facts.at_risk) == (2, 1, 1, 1)
    assert (facts.kept, facts.broken) == (1, 2)
    assert (facts.gold, facts.gold_spent, facts.gold_days) == (9, 1, 810)
    assert [(one.last_on, one.price) for one in facts.endings] == [
        (date(2026, 3, 31), Decimal(350))
    ]
    assert facts.contact_at == NINE - days(2)
    assert (facts.steps, facts.step_on) == (1, date(2026, 3, 3))
    assert since < facts.contact_at


def test_a_subscription_that_goes_on_does_not_end():
    organisation = make_organisation()
    licence = make_licence(organisation)
    make_subscription(licence, ends_on=date(2026, 4, 1))
    make_subscription(licence, starts_on=date(2026, 4, 1), ends_on=date(2027, 4, 1))
    make_subscription(make_licence(organisation), ends_on=date(2026, 4, 1), void_at=NINE)

    assert facts_of([organisation.pk], at=NINE)[organisation.pk].endings == []


@pytest.mark.parametrize(("zone", "endings"), (("Asia/Tokyo", 0), ("UTC", 1), ("Europe/Berlin", 0)))
def test_what_ends_is_told_by_the_day_of_the_customer(zone, endings):
    organisation = make_organisation(timezone=zone)
    make_subscription(make_licence(organisation), ends_on=date(2026, 4, 1))
    late = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)  # its last evening; elsewhere it is over

    assert len(facts_of([organisation.pk], at=late)[organisation.pk].endings) == endings


def test_each_filter_and_order_gives_the_customers_that_it_says():
    tam = make_tam()
    busy = make_customer(tam)
    quiet = make_organisation(name="Aaa", tam=tam)
    make_customer(make_tam(), name="Stranger")

    found = {key: portfolio_of(tam, at=NINE, show=key) for key in FILTERS}
    shown = {key: [row.organisation for row in one.rows] for key, one in found.items()}
    assert shown[""] == [busy, quiet]
    for key in ("promises", "ending", "drafts", "steps"):
        assert shown[key] == [busy], key
    assert shown["quiet"] == [quiet]
    assert shown["gold"] == []
    assert {tab.key: tab.count for tab in found[""].tabs} == {k: len(v) for k, v in shown.items()}
    for key in SORTS:
        assert len(portfolio_of(tam, at=NINE, sort=key).rows) == 2
    assert portfolio_of(tam, at=NINE, sort="name").rows[0].organisation == quiet
    assert [row.organisation for row in portfolio_of(tam, at=NINE, words="aa").rows] == [quiet]


def test_what_ends_leads_to_what_we_proposed_for_it(client):
    tam = make_tam()
    organisation = make_organisation(tam=tam)
    ends_on = timezone.localdate() + timedelta(days=20)
    subscription = make_subscription(make_licence(organisation), ends_on=ends_on)
    client.force_login(tam)
    assert "nothing proposed yet" in client.get(reverse("admin:customers")).content.decode()

    proposal = make_renewal(subscription, state="drafted", sent_at=None)

    where = f'href="{reverse("admin:renewal", args=[proposal.number])}"'
    for url in (reverse("admin:customers"), reverse("admin:account", args=[organisation.slug])):
        page = client.get(url).content.decode()
        assert where in page
        assert "to review" in page


def test_engagements_that_are_late_stand_in_the_list(client):
    tam = make_tam()
    organisation = make_organisation(tam=tam, timezone="Asia/Tokyo")
    ours = {
        "phase": make_engagement(organisation),
        "answer": make_engagement(organisation),
        "reply": make_engagement(organisation, state="requested"),
        "by hand": make_engagement(organisation, light="red", light_reason="They left"),
    }
    midnight = datetime(2026, 3, 6, 15, tzinfo=UTC)  # of the 7th in Tokyo
    make_phase(ours["phase"], ends_on=date(2026, 3, 6))
    make_promise(ours["answer"], due_at=midnight - timedelta(seconds=1))
    make_promise(ours["reply"], what="reply", due_at=midnight - timedelta(seconds=1))
    in_time = [
        make_engagement(organisation),
        make_engagement(organisation, light="green", light_reason="Agreed"),
        make_engagement(organisation, state="done", ended_at=NINE),
    ]
    done_on = date(2026, 3, 6)
    make_phase(in_time[0], ends_on=done_on, began_on=done_on, finished_on=done_on)
    make_promise(in_time[0], due_at=midnight)  # C3: at the very moment it is in time
    make_phase(in_time[1], ends_on=date(2026, 3, 3))
    make_phase(in_time[2], ends_on=date(2026, 3, 3))
    make_phase(make_engagement(), ends_on=date(2026, 3, 3))  # a stranger's

    facts = facts_of([organisation.pk], at=midnight)[organisation.pk]

    assert set(facts.late_engagements) == {one.number for one in ours.values()}
    before = midnight - timedelta(seconds=1)
    assert facts_of([organisation.pk], at=before)[organisation.pk].late_engagements == [
        ours["by hand"].number
    ]
    lights = lights_of(Engagement.objects.filter(organisation=organisation), at=midnight)
    red = {pk for pk, shown in lights.items() if shown.light == "red"}
    assert red == {one.pk for key, one in ours.items() if key != "reply"}
    (row,) = portfolio_of(tam, at=midnight, show="late").rows
    assert row.organisation == organisation

    client.force_login(tam)
    page = client.get(reverse("admin:customers") + "?show=late").content.decode()
    assert reverse("admin:engagement", args=[ours["phase"].number]) in page


@pytest.mark.parametrize("rows", (1, 3))
def test_the_list_costs_the_same_for_any_number_of_customers(
    client, rows, django_assert_num_queries
):
    tam = make_tam()
    for number in range(rows):
        make_customer(tam, name=f"Customer {number}")
    client.force_login(tam)

    with django_assert_num_queries(26):
        page = client.get(reverse("admin:customers"))

    assert page.content.decode().count("report to issue") == rows


def test_who_lands_where(client):
    for person, where in (
        (make_tam(), "/admin/customers/"),
        (make_person(role="ts1"), "/admin/queue/"),
    ):
        client.force_login(person)
        assert client.get(where).status_code == 200
    client.force_login(make_partner_engineer())
    assert client.get("/admin/customers/").status_code == 404


def test_an_empty_desk_leads_a_manager_to_the_first_customer(client):
    client.force_login(make_manager())

    page = client.get(reverse("admin:customers")).content.decode()

    assert "There is no customer yet" in page
    assert "Add an organisation" in page


def test_gold_that_is_all_spent_runs_out_and_no_answer_that_was_taken_back_is_contact():
    tam = make_tam()
    organisation = make_organisation(tam=tam)
    pack = make_pack(make_licence(organisation))
    incident = make_incident(organisation=organisation, reporter=make_contact(organisation))
    make_ledger_entry(
        pack,
        kind=EntryKind.CONSUME,
        incident=incident,
        debit=Account.AVAILABLE,
        credit=Account.CONSUMED,
        at=NINE,
    )
    type(pack).objects.filter(pk=pack.pk).update(available=0)
    make_message(incident, kind="answer", sent_at=NINE, taken_back_at=NINE)

    (row,) = portfolio_of(tam, at=NINE, show="gold").rows

    assert row.facts.gold_days == 0
    assert row.facts.contact_at is None
