"""Drafts, words, and issuing: once, by the right person, and frozen from then on."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from core.journal import entries_of
from entitlements.enums import Account, EntryKind
from notices.models import Notice
from reports.actions.drafting import draft, draft_month, entitled, write_words
from reports.actions.issuing import content_now, issue, pdf_of
from reports.enums import ReportState
from reports.errors import AlreadyIssued, MonthNotBegun, MonthNotOver, NotYours
from reports.models import ReportDocument, ServiceReport
from reports.rules.content import ReportContent, checksum
from reports.rules.months import Month
from reports.tasks import draft_reports
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_engineer,
    make_incident,
    make_ledger_entry,
    make_licence,
    make_manager,
    make_message,
    make_organisation,
    make_pack,
    make_partner_engineer,
    make_person,
    make_project,
    make_subscription,
    make_tam,
)

pytestmark = pytest.mark.django_db

FEBRUARY = Month(2026, 2)
MIDNIGHT = datetime.fromisoformat("2026-03-01T00:00+02:00")  # in Bucharest


@pytest.fixture
def customer():
    organisation = make_organisation(timezone="Europe/Bucharest")
    make_tam(organisation, email="tam@desk.example")
    return organisation


@pytest.fixture
def report(customer):
    return draft(customer, FEBRUARY, at=NINE)


def test_a_month_is_drafted_once(customer, report):
    again = draft(customer, FEBRUARY, at=NINE + days(1))

    assert again == report
    assert (report.state, report.drafted_at, report.month) == (
        ReportState.DRAFT,
        NINE,
        date(2026, 2, 1),
    )
    assert [entry.kind for entry in entries_of(report)] == ["report.drafted"]


def test_a_month_that_has_not_begun_is_not_drafted(customer):
    with pytest.raises(MonthNotBegun, match="April 2026"):
        draft(customer, Month(2026, 4), at=NINE)

    assert not ServiceReport.objects.exists()


def test_a_draft_shows_the_figures_of_the_moment(customer, report):
    before = content_now(report, at=NINE).counts.reported
    make_incident(organisation=customer, received_at=datetime(2026, 2, 9, tzinfo=UTC))

    assert (before, content_now(report, at=NINE).counts.reported) == (0, 1)


def test_words_are_kept_while_it_is_a_draft(customer, report):
    written = write_words(
        report,
        considerations="A quiet\r\nmonth.\0",
        recommendations="- Update to 10.6",
        by=customer.tam,
        at=NINE,
    )

    assert written.considerations == "A quiet\nmonth."
    assert content_now(written, at=NINE).recommendations == "- Update to 10.6"


def test_issuing_freezes_numbers_and_tells_the_customer(customer, report):
    contacts = [make_contact(customer), make_contact(customer)]
    make_contact(customer, is_active=False)
    write_words(report, considerations="Fine.", recommendations="", by=customer.tam, at=NINE)

    issued = issue(report, by=customer.tam, at=NINE)

    document = ReportDocument.objects.get()
    assert issued.state == ReportState.ISSUED
    assert issued.number is not None
    assert issued.number.startswith("SR-2026-02-")
    assert (issued.issued_at, issued.issued_by) == (NINE, customer.tam)
    assert bytes(document.pdf).startswith(b"%PDF-")
    assert document.sha256 == hashlib.sha256(bytes(document.pdf)).hexdigest()
    assert {notice.to for notice in Notice.objects.all()} == set(contacts)
    assert Notice.objects.earliest("pk").context["number"] == issued.number


def test_later_changes_do_not_reach_an_issued_report(customer, report):
    incident = make_incident(organisation=customer, received_at=datetime(2026, 2, 9, tzinfo=UTC))
    issue(report, by=customer.tam, at=NINE)
    report.refresh_from_db()
    before, pdf = content_now(report, at=NINE), pdf_of(report, at=NINE)

    make_incident(organisation=customer, received_at=datetime(2026, 2, 9, tzinfo=UTC))
    incident.subject = "Changed"
    incident.save()
    customer.name = "Renamed"
    customer.save()

    report = ServiceReport.objects.get()
    after = content_now(report, at=NINE + days(9))
    assert after == before
    assert after.counts.reported == 1
    assert pdf_of(report, at=NINE + days(9)) == pdf


def test_the_checksum_proves_the_content(customer, report):
    issued = issue(report, by=customer.tam, at=NINE)
    issued.refresh_from_db()

    assert issued.content is not None
    content = ReportContent.from_json(issued.content)

    assert checksum(content) == issued.checksum
    assert (content.number, content.issued_at) == (issued.number, NINE)


def test_an_issued_report_is_neither_issued_nor_written_on_again(customer, report):
    issue(report, by=customer.tam, at=NINE)

    with pytest.raises(AlreadyIssued, match="SR-2026-02-"):
        issue(report, by=customer.tam, at=NINE)
    with pytest.raises(AlreadyIssued):
        write_words(report, considerations="X", recommendations="", by=customer.tam, at=NINE)

    assert ReportDocument.objects.count() == 1


def test_a_month_is_issued_when_it_is_over_for_the_customer(customer, report):
    with pytest.raises(MonthNotOver, match="from 1 March 2026 on"):
        issue(report, by=customer.tam, at=MIDNIGHT - days(1) / 86400)

    assert issue(report, by=customer.tam, at=MIDNIGHT).state == ReportState.ISSUED


@pytest.mark.parametrize(
    "make", (make_tam, make_engineer, make_partner_engineer, make_contact, make_person)
)
def test_nobody_else_issues_or_writes(report, make):
    other = make("ts2") if make is make_person else make()

    with pytest.raises(NotYours):
        issue(report, by=other, at=NINE)
    with pytest.raises(NotYours):
        write_words(report, considerations="X", recommendations="", by=other, at=NINE)


def test_a_manager_may(report):
    assert issue(report, by=make_manager(), at=NINE).state == ReportState.ISSUED


def test_the_database_keeps_an_issued_report_whole(customer, report):
    with pytest.raises(IntegrityError, match="report_issued_is_whole"), transaction.atomic():
        ServiceReport.objects.update(state=ReportState.ISSUED)


def test_who_held_gold_or_golive_in_the_month_gets_a_draft(stranger):
    gold = make_pack(make_licence(), purchased_at=NINE - days(90)).organisation
    golive = make_project(starts_on=date(2026, 2, 28)).organisation
    make_project(starts_on=date(2026, 3, 1))
    make_pack(make_licence(), purchased_at=NINE)
    make_subscription()
    used_up = make_pack(make_licence(), quantity=1, available=0, purchased_at=NINE - days(90))
    make_ledger_entry(
        used_up,
        kind=EntryKind.CONSUME,
        debit=Account.AVAILABLE,
        credit=Account.CONSUMED,
        balance=0,
        at=NINE - days(60),
        incident=make_incident(organisation=used_up.organisation),
    )

    assert set(entitled(FEBRUARY)) == {gold, golive, stranger}


def test_every_night_makes_the_missing_drafts_only():
    organisations = [make_project().organisation for _ in range(2)]
    draft(organisations[0], FEBRUARY, at=NINE)

    made = [draft_month(FEBRUARY, at=NINE) for _ in range(2)]

    assert made == [2, 0]  # the stranger's, too
    assert ServiceReport.objects.count() == 3


def test_the_sweep_drafts_last_month():
    draft_reports()
    make_project(starts_on=date(2020, 1, 1), ends_on=date(2040, 1, 1))

    assert (draft_reports(), draft_reports()) == (1, 0)


def test_a_name_in_any_script_is_in_the_pdf(customer, report):
    for subject in ("Ошибка входа", "Καθυστέρηση", "Poșta nu mai vine", "メール", "a & b <c>"):
        incident = make_incident(
            organisation=customer,
            subject=subject,
            received_at=datetime(2026, 2, 9, tzinfo=UTC),
        )
        make_message(incident)

    assert pdf_of(report, at=NINE).startswith(b"%PDF-")
