"""A report that was issued is revised: numbered, with its reason, and the first one stays (F1)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions.tokens import make_api_token
from core.journal import entries_of
from notices.models import Notice
from notices.sending.rendering import mail_of
from reports.actions.drafting import draft, draft_month, write_words
from reports.actions.issuing import content_now, issue, pdf_of
from reports.actions.revising import revise
from reports.errors import AlreadyRevised, NotIssued, NotYours, ReasonMissing
from reports.models import ReportDocument, ServiceReport
from reports.rules.content import ReportContent
from reports.rules.months import Month
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_manager,
    make_organisation,
    make_tam,
)
from tests.reports.february import START, reported
from tests.reports.test_pages import command

pytestmark = pytest.mark.django_db

FEBRUARY = Month(2026, 2)
LATER = NINE + days(9)
WHY = "An answer of 4 February had come back."


@pytest.fixture
def customer():
    organisation = make_organisation(name="Northwind", slug="northwind")
    make_tam(organisation)
    make_contact(organisation, email="contact@northwind.example")
    return organisation


@pytest.fixture
def issued(customer):
    reported(customer, START + days(3), answered_after=hours(1))
    report = draft(customer, FEBRUARY, at=NINE)
    write_words(report, considerations="Fine.", recommendations="", by=customer.tam, at=NINE)
    issue(report, by=customer.tam, at=NINE)
    return ServiceReport.objects.get(pk=report.pk)


def revised(issued, *, at: datetime = LATER) -> ServiceReport:
    revision = revise(issued, reason=WHY, by=issued.organisation.tam, at=at)
    issue(revision, by=issued.organisation.tam, at=at)
    return ServiceReport.objects.get(pk=revision.pk)


def test_a_revision_is_a_numbered_report_of_its_own_and_the_first_stays(customer, issued):
    before, pdf = issued.content, pdf_of(issued, at=LATER)

    revision = revised(issued)

    issued.refresh_from_db()
    content = content_now(revision, at=LATER)
    assert (revision.number, revision.revises) == (f"{issued.number}-R1", issued)
    assert (content.revision, content.revises) == (1, issued.number)
    assert (content.revision_reason, content.considerations) == (WHY, "Fine.")
    assert (issued.content, pdf_of(issued, at=LATER)) == (before, pdf)
    assert ReportDocument.objects.count() == 2
    kinds = [entry.kind for entry in entries_of(revision)]
    assert kinds == ["report.revised", "report.issued"]


def test_the_customer_is_told_why(customer, issued):
    Notice.objects.all().delete()

    revised(issued)

    notice = Notice.objects.get(to__email="contact@northwind.example")
    mail = mail_of(notice)
    assert "was revised" in mail.subject
    assert f"number {issued.number}, was revised" in mail.body
    assert f"{issued.number}-R1" in mail.body
    assert WHY in mail.body


def test_a_revision_knows_what_is_known_when_it_is_issued(customer, issued):
    incident = customer.incidents.get()
    incident.messages.update(taken_back_at=LATER - days(1))
    incident.targets.update(met_at=None)

    content = content_now(revised(issued), at=LATER)

    assert ReportContent.from_json(issued.content).counts.targets_met == 1
    assert (content.counts.targets_met, content.counts.targets_breached) == (0, 1)


def test_a_revision_is_revised_in_turn(customer, issued):
    first = revised(issued)

    second = revised(first, at=LATER + days(1))

    assert (second.number, second.revises) == (f"{issued.number}-R2", issued)


def test_only_the_newest_is_revised_and_only_what_was_issued(customer, issued):
    revision = revise(issued, reason=WHY, by=customer.tam, at=LATER)

    with pytest.raises(AlreadyRevised, match="its draft"):
        revise(issued, reason=WHY, by=customer.tam, at=LATER)
    with pytest.raises(NotIssued):
        revise(revision, reason=WHY, by=customer.tam, at=LATER)
    issue(revision, by=customer.tam, at=LATER)
    with pytest.raises(AlreadyRevised, match=f"{issued.number}-R1"):
        revise(issued, reason=WHY, by=customer.tam, at=LATER)


def test_it_needs_a_reason_and_whoever_may(customer, issued):
    with pytest.raises(ReasonMissing):
        revise(issued, reason=" \0 ", by=customer.tam, at=LATER)
    for other in (make_tam(), make_engineer(), make_contact(customer)):
        with pytest.raises(NotYours):
            revise(issued, reason=WHY, by=other, at=LATER)

    assert revise(issued, reason=WHY, by=make_manager(), at=LATER).revision == 1


def test_the_database_keeps_a_revision_whole(customer, issued):
    with pytest.raises(IntegrityError, match="report_revision_is_whole"), transaction.atomic():
        ServiceReport.objects.update(revision=3)


def test_the_nightly_drafts_leave_a_revised_month_alone(customer, issued):
    draft_month(FEBRUARY, at=NINE)  # the stranger's
    revise(issued, reason=WHY, by=customer.tam, at=LATER)

    assert draft_month(FEBRUARY, at=LATER) == 0
    assert draft(customer, FEBRUARY, at=LATER) == issued


# where it is seen


def test_the_archive_shows_both_and_each_leads_to_the_other(client, customer, issued):
    revision = revised(issued)
    client.force_login(customer.people.get(email="contact@northwind.example"))

    listed = client.get("/reports/").content.decode()
    first = client.get(reverse("reports:detail", args=[issued.pk])).content.decode()
    second = client.get(reverse("reports:detail", args=[revision.pk])).content.decode()
    pdf = client.get(reverse("reports:pdf", args=[revision.pk]))

    assert listed.index(revision.number) < listed.index(f">{issued.number}<")
    assert WHY in listed
    assert reverse("reports:detail", args=[revision.pk]) in first
    assert f"Revision 1 of {issued.number}" in second
    assert reverse("reports:detail", args=[issued.pk]) in second
    assert pdf["Content-Disposition"] == f'attachment; filename="{revision.number}.pdf"'


def test_a_draft_of_a_revision_does_not_exist_for_the_customer(client, customer, issued):
    revision = revise(issued, reason=WHY, by=customer.tam, at=LATER)
    client.force_login(customer.people.get(email="contact@northwind.example"))

    page = client.get(reverse("reports:detail", args=[issued.pk])).content.decode()

    assert client.get(reverse("reports:detail", args=[revision.pk])).status_code == 404
    assert "Revised since" not in page


def test_the_account_manager_revises_on_the_page(client, customer, issued):
    client.force_login(customer.tam)
    page = reverse("admin:report", args=[issued.pk])
    before = client.get(page).content.decode()

    done = client.post(reverse("admin:report_revise", args=[issued.pk]), {"reason": WHY})

    revision = ServiceReport.objects.get(revision=1)
    drafted = client.get(done.url).content.decode()
    assert done.url == reverse("admin:report", args=[revision.pk])
    assert "Begin a revision" in before
    assert WHY in drafted
    assert "Issue the report" in drafted
    assert "Begin a revision" not in client.get(page).content.decode()


def test_without_a_reason_the_page_says_what_is_missing(client, customer, issued):
    client.force_login(customer.tam)

    answer = client.post(reverse("admin:report_revise", args=[issued.pk]), {"reason": ""})

    assert answer.status_code == 400
    assert "Say why the report is revised" in answer.content.decode()


def test_the_api_tells_revisions_apart_and_names_the_incidents_behind_each_figure(customer, issued):
    revision = revised(issued)
    api = APIClient()
    person = customer.people.get(email="contact@northwind.example")
    token = make_api_token(person, at=timezone.now())
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")

    newest, first = api.get("/api/v1/reports/").json()["results"]
    shown = api.get(f"/api/v1/reports/{revision.pk}/").json()

    assert (newest["number"], newest["revision"], newest["revises"]) == (
        revision.number,
        1,
        issued.number,
    )
    assert newest["revision_reason"] == WHY
    assert (first["revision"], first["revises"], first["revision_reason"]) == (0, None, "")
    named = {one["key"]: one["incidents"] for one in shown["figures"]}
    assert named["reported"] == [{"number": customer.incidents.get().number, "answer": 1}]


def test_the_command_writes_the_newest_revision(customer, issued, tmp_path):
    revision = revised(issued)
    revise(revision, reason=WHY, by=customer.tam, at=LATER)

    said = command("northwind", "2026-02", "--output", str(tmp_path / "report.pdf"))

    assert said.startswith(f"{revision.number}: ")
    assert date(2026, 2, 1) == revision.month
