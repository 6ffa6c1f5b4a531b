"""The account page: notes, next steps and their reminders, the plan, the time line, the deck."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from pypdf import PdfReader

from core.errors import NotAllowed
from core.models import JournalEntry
from notices.models import Notice
from office.actions.notes import finish_step, plan_review, remind, write_note
from office.errors import NoteEmpty, StepDone, StepInThePast, StepWithoutDay
from office.models import AccountNote, ReviewPlan
from office.reads.account.people import people_of, products_of
from office.reads.account.story import story_of
from office.reads.deck import deck_of
from office.rules import deck as told
from office.rules.quarters import Quarter
from reports.reads.content import content_of
from reports.rules.months import Month
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_message,
    make_organisation,
    make_rating,
    make_tam,
    make_target,
)
from tests.factories.accounts_kept import make_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def tam():
    return make_tam(timezone="Asia/Tokyo")


@pytest.fixture
def customer(tam):
    return make_organisation(name="Northwind", tam=tam)


def test_a_step_is_reminded_of_once_on_its_morning_where_its_writer_lives(customer, tam):
    note = write_note(
        customer,
        text="They grow.",
        next_step="Send the offer",
        next_on=date(2026, 3, 5),
        by=tam,
        at=NINE,
    )

    due = note.remind_at
    assert due is not None
    assert due.isoformat() == "2026-03-05T08:00:00+09:00"
    assert list(AccountNote.objects.to_remind(due - hours(1))) == []
    assert list(AccountNote.objects.to_remind(due)) == [note]
    assert (remind(note.pk, at=due), remind(note.pk, at=due)) == (1, 0)
    notice = Notice.objects.get(template="account_step")
    assert (notice.to, notice.organisation) == (tam, customer)


def test_who_has_the_customer_now_is_reminded_and_nobody_of_what_is_done(customer, tam):
    heir = make_tam()
    customer.tam = heir
    customer.save()
    note = make_note(customer, by=tam)
    done = make_note(customer, by=tam)
    finish_step(done, by=heir, at=NINE)

    assert (remind(note.pk, at=NINE), remind(done.pk, at=NINE)) == (1, 0)
    assert Notice.objects.get(template="account_step").to == heir
    with pytest.raises(StepDone):
        finish_step(done, by=heir, at=NINE)


def test_a_note_that_is_not_whole_is_refused(customer, tam):
    given = {"by": tam, "at": NINE}
    with pytest.raises(NoteEmpty):
        write_note(customer, text=" ", **given)
    with pytest.raises(StepWithoutDay):
        write_note(customer, text="x", next_step="call", **given)
    with pytest.raises(StepInThePast):
        write_note(customer, text="x", next_step="call", next_on=date(2026, 3, 1), **given)
    for stranger in (make_tam(), make_engineer()):
        with pytest.raises(NotAllowed):
            write_note(customer, text="x", by=stranger, at=NINE)
    assert not AccountNote.objects.exists()


def test_a_plan_is_made_anew_and_the_journal_has_both(customer, tam):
    plan_review(customer, on=date(2026, 4, 1), agenda="Renewal", by=tam, at=NINE)
    plan_review(customer, on=date(2026, 4, 8), agenda="Renewal, sizing", by=tam, at=NINE + days(1))

    assert [one.on.day for one in ReviewPlan.objects.filter(organisation=customer)] == [8, 1]
    entry = JournalEntry.objects.filter(kind="account.review_planned").latest("pk")
    assert (entry.facts["before"], entry.facts["after"]) == ("2026-04-01", "2026-04-08")


def test_the_time_line_is_the_customers_alone(customer, tam):
    write_note(customer, text="They grow.", by=tam, at=NINE)
    other = make_organisation(tam=tam)
    write_note(other, text="A stranger's.", by=tam, at=NINE)

    found = story_of(customer, asked=None)

    assert [line.note.text for line in found.lines] == ["They grow."]
    assert story_of(customer, asked=None, subject="contracts").lines == []


def test_people_stand_by_what_they_did_last_and_products_have_their_version(customer, tam):
    licence = make_licence(customer)
    quiet, busy = make_contact(customer, name="Quiet"), make_contact(customer, name="Busy")
    incident = make_incident(
        organisation=customer, reporter=busy, licence=licence, version="10.6.1"
    )
    make_message(incident, kind="report", author=busy, sent_at=NINE)
    make_contact(name="Stranger")

    found = people_of(customer, reader=tam, since=NINE - days(365))

    assert [one.person for one in found] == [busy, quiet]
    assert [one.last_at for one in found] == [NINE, None]
    assert [(one.licence, one.version) for one in products_of(customer)] == [(licence, "10.6.1")]


@pytest.mark.parametrize("rows", (1, 3))
def test_the_page_costs_the_same_for_any_number_of_rows(
    client, customer, tam, rows, django_assert_num_queries
):
    for _ in range(rows):
        incident = make_incident(organisation=customer, reporter=make_contact(customer))
        make_target(incident)
        write_note(customer, text="x", next_step="call", next_on=date(2026, 4, 1), by=tam, at=NINE)
    client.force_login(tam)

    with django_assert_num_queries(34):
        page = client.get(reverse("admin:account", args=[customer.slug]))

    assert page.content.decode().count("Done<span") == rows


def test_a_note_is_kept_from_the_page_and_nothing_typed_is_lost(client, customer, tam):
    client.force_login(tam)
    url = reverse("admin:account_note", args=[customer.slug])

    refused = client.post(url, {"text": "They grow.", "next_step": "call"})
    assert refused.status_code == 400
    assert "They grow." in refused.content.decode()
    assert client.post(url, {"text": "They grow."}).status_code == 302
    assert (
        "They grow." in client.get(reverse("admin:account", args=[customer.slug])).content.decode()
    )


def test_the_deck_has_the_figures_of_the_monthly_reports_and_8_to_12_pages(client, customer, tam):
    contact = make_contact(customer)
    for number in range(3):
        incident = make_incident(
            organisation=customer,
            reporter=contact,
            received_at=NINE - days(20 * number),
            state="solved",
            solved_at=NINE - days(20 * number) + hours(8),
        )
        met_at = NINE - days(20 * number) + hours(5 + number)
        opened = NINE - days(20 * number)
        make_target(incident, opened_at=opened, due_at=opened + hours(6), met_at=met_at)
        make_rating(incident, score=4, given_at=met_at, comment="Good.")
    stranger = make_organisation()
    make_incident(organisation=stranger, reporter=make_contact(stranger))
    at = NINE + days(60)
    deck = deck_of(customer, Quarter(2026, 1), at=at)

    assert deck is not None
    months = [content_of(customer, Month(2026, month), at=at) for month in (1, 2, 3)]
    assert list(deck.months) == months
    assert deck.total(told.reported) == sum(one.counts.reported for one in months) == 3
    assert (deck.total(told.met), deck.total(told.late)) == (2, 1)

    client.force_login(tam)
    url = reverse("admin:account_deck", args=[customer.slug])
    answer = client.get(url, {"quarter": "2026-Q1"})
    assert answer["Content-Type"] == "application/pdf"
    assert 8 <= len(PdfReader(io.BytesIO(answer.content)).pages) <= 12
    assert client.get(url, {"quarter": "2030-Q1"}).status_code == 400
    assert client.get(url, {"quarter": "soon"}).status_code == 400


def test_quarters_know_their_months_over_clock_changes():
    quarter = Quarter.parse("2026-Q1")

    assert [str(one) for one in quarter.months] == ["2026-01", "2026-02", "2026-03"]
    assert str(quarter.previous()) == "2025-Q4"
    assert [one.isoformat() for one in quarter.bounds("Europe/Berlin")] == [
        "2025-12-31T23:00:00+00:00",
        "2026-03-31T22:00:00+00:00",
    ]
