"""Where reports are seen: the portal, the account manager's pages, the API, the command."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions.tokens import make_api_token
from reports.actions.drafting import draft
from reports.actions.issuing import issue
from reports.enums import ReportState
from reports.models import ServiceReport
from reports.rules.months import Month
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_document,
    make_engineer,
    make_incident,
    make_manager,
    make_organisation,
    make_partner_engineer,
    make_person,
    make_report,
    make_tam,
)
from tests.tickets.staff_pages import asks

pytestmark = pytest.mark.django_db

FEBRUARY = Month(2026, 2)
STAFF_LIST = "/admin/reports/"


@pytest.fixture
def customer():
    organisation = make_organisation(name="Northwind", slug="northwind")
    make_tam(organisation)
    return organisation


@pytest.fixture
def drafted(customer):
    make_incident(organisation=customer, subject="IMAP hangs", received_at=NINE - days(20))
    return draft(customer, FEBRUARY, at=NINE)


@pytest.fixture
def issued(drafted, customer):
    return issue(drafted, by=customer.tam, at=NINE)


def staff_page(report) -> str:
    return reverse("admin:report", args=[report.pk])


# the portal


def test_the_customer_finds_what_was_issued(client, customer, issued):
    make_report(customer, month=date(2026, 1, 1))
    client.force_login(make_contact(customer))

    listed = client.get("/reports/").content.decode()
    shown = client.get(reverse("reports:detail", args=[issued.pk])).content.decode()
    pdf = client.get(reverse("reports:pdf", args=[issued.pk]))

    assert ("February 2026" in listed, "January 2026" in listed) == (True, False)
    assert issued.number in shown
    assert "IMAP hangs" in shown
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == f'attachment; filename="{issued.number}.pdf"'


def test_a_draft_does_not_exist_for_the_customer(client, customer, drafted):
    client.force_login(make_contact(customer))

    for name in ("detail", "pdf"):
        assert client.get(reverse(f"reports:{name}", args=[drafted.pk])).status_code == 404
    assert "No report was issued yet" in client.get("/reports/").content.decode()


def test_another_organisation_gets_the_answer_of_what_does_not_exist(client, issued):
    client.force_login(make_contact())

    for name in ("detail", "pdf"):
        assert client.get(reverse(f"reports:{name}", args=[issued.pk])).status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_the_list_costs_the_same_for_any_number_of_reports(client, customer, rows):
    for n in range(rows):
        make_document(make_report(customer, state=ReportState.ISSUED, month=date(2025, 1 + n, 1)))
    client.force_login(make_contact(customer))

    with asks(4):
        assert client.get("/reports/").status_code == 200


def test_staff_are_led_to_their_queue(client, issued):
    client.force_login(make_manager())

    assert client.get("/reports/").url == reverse("admin:queue")
    assert client.get(reverse("reports:pdf", args=[issued.pk])).status_code == 200


# the account manager's pages


def test_the_tam_reads_adds_words_and_issues(client, customer, drafted):
    client.force_login(customer.tam)
    before = client.get(staff_page(drafted)).content.decode()

    kept = client.post(
        staff_page(drafted), {"considerations": "A quiet month.", "recommendations": ""}
    )
    done = client.post(reverse("admin:report_issue", args=[drafted.pk]), follow=True)

    report = ServiceReport.objects.get()
    assert "IMAP hangs" in before
    assert (kept.status_code, report.considerations) == (302, "A quiet month.")
    assert report.state == ReportState.ISSUED
    assert f"{report.number} was issued" in done.content.decode()
    assert "A quiet month." in done.content.decode()


def test_issuing_takes_the_words_that_were_typed_and_nothing_that_can_not_be_kept(
    client, customer, drafted
):
    client.force_login(customer.tam)
    issue_page = reverse("admin:report_issue", args=[drafted.pk])

    refused = client.post(issue_page, {"considerations": "a\0b typed"})
    assert (refused.status_code, ServiceReport.objects.get().state) == (400, ReportState.DRAFT)
    client.post(issue_page, {"considerations": "Typed at last.", "recommendations": ""})

    report = ServiceReport.objects.get()
    assert (report.state, report.considerations) == (ReportState.ISSUED, "Typed at last.")


def test_last_months_words_are_offered_and_stand_in_the_form_only_when_asked(
    client, customer, drafted
):
    earlier = date(drafted.month.year - 1, drafted.month.month, 1)
    make_report(customer, month=earlier, considerations="As ever.")
    make_report(make_organisation(), month=earlier, considerations="A stranger's.")
    client.force_login(customer.tam)

    plain = client.get(staff_page(drafted)).content.decode()
    begun = client.get(staff_page(drafted), {"words": "last"}).content.decode()

    assert "What you said in" in plain
    assert "As ever.</textarea>" not in plain
    assert "As ever.</textarea>" in begun
    assert "A stranger&#x27;s." not in plain


def test_several_drafts_are_issued_at_once_but_none_without_words(client, customer, drafted):
    ready = draft(customer, Month(2025, 1), at=timezone.now())
    ServiceReport.objects.filter(pk=ready.pk).update(considerations="Looked at.")
    theirs = make_report(make_organisation(name="Kvyx"), considerations="Not yours.")
    client.force_login(customer.tam)

    page = client.post(
        reverse("admin:report_issue_several"),
        {"report": [ready.pk, drafted.pk, theirs.pk, "x"]},
        follow=True,
    ).content.decode()

    states = dict(ServiceReport.objects.values_list("pk", "state"))
    assert states[ready.pk] == ReportState.ISSUED
    assert (states[drafted.pk], states[theirs.pk]) == (ReportState.DRAFT, ReportState.DRAFT)
    assert "write your words first" in page
    assert "Kvyx" not in page


def test_words_that_can_not_be_kept_are_shown_again(client, customer, drafted):
    client.force_login(customer.tam)

    response = client.post(staff_page(drafted), {"considerations": "a\0b typed"})

    assert response.status_code == 400
    assert "Null characters are not allowed" in response.content.decode()
    assert ServiceReport.objects.get().considerations == ""


def test_words_on_an_issued_report_are_refused(client, customer, issued):
    client.force_login(customer.tam)

    response = client.post(staff_page(issued), {"considerations": "Oh."})

    assert response.status_code == 409
    assert "stays as it is" in response.content.decode()


def test_issuing_too_early_is_refused_in_one_sentence(client, customer):
    this_month = Month.of(timezone.now(), customer.timezone)
    report = draft(customer, this_month, at=timezone.now())
    client.force_login(customer.tam)

    response = client.post(reverse("admin:report_issue", args=[report.pk]))

    report.refresh_from_db()
    assert (response.status_code, report.state) == (409, ReportState.DRAFT)
    assert "is not over yet" in response.content.decode()


def test_another_tam_does_not_find_it(client, drafted):
    client.force_login(make_tam(make_organisation()))

    assert client.get(staff_page(drafted)).status_code == 404
    assert client.post(reverse("admin:report_issue", args=[drafted.pk])).status_code == 404
    assert "Northwind" not in client.get(STAFF_LIST).content.decode()


@pytest.mark.parametrize("make", (make_engineer, make_partner_engineer, lambda: make_person("ts2")))
def test_engineers_see_no_reports(client, drafted, make):
    client.force_login(make())

    assert client.get(staff_page(drafted)).status_code == 404
    assert client.get(reverse("reports:pdf", args=[drafted.pk])).status_code == 404
    assert staff_page(drafted) not in client.get(STAFF_LIST).content.decode()


def test_the_manager_sees_all_and_narrows(client, customer, issued):
    waiting = make_report(make_organisation(name="Fabrikam"))
    client.force_login(make_manager())

    everything = client.get(STAFF_LIST).content.decode()
    drafts = client.get(STAFF_LIST, {"state": "draft"}).content.decode()
    odd = client.get(STAFF_LIST, {"state": "\0", "page": "x"})

    assert staff_page(issued) in everything
    assert staff_page(waiting) in everything
    assert (staff_page(issued) in drafts, staff_page(waiting) in drafts) == (False, True)
    assert odd.status_code == 200


@pytest.mark.parametrize("rows", (1, 3))
def test_the_staffs_list_costs_the_same_for_any_number_of_reports(client, rows):
    for _ in range(rows):
        make_document(make_report(make_organisation(), state=ReportState.ISSUED))
    client.force_login(make_manager())

    with asks(STAFF_LIST_COST):
        assert client.get(STAFF_LIST).status_code == 200


STAFF_LIST_COST = 6


def test_a_report_is_drafted_by_hand(client, customer):
    client.force_login(customer.tam)

    response = client.post(
        reverse("admin:report_draft"), {"organisation": "northwind", "month": "2026-02"}
    )

    assert response.url == staff_page(ServiceReport.objects.get())


@pytest.mark.parametrize("month", ("", "2026-13", "February", "2026-2", "\0", "9999-12"))
def test_a_month_that_is_none_is_refused(client, customer, month):
    client.force_login(customer.tam)

    response = client.post(
        reverse("admin:report_draft"), {"organisation": "northwind", "month": month}, follow=True
    )

    assert response.status_code == 200
    assert "month" in response.content.decode()
    assert not ServiceReport.objects.exists()


@pytest.mark.parametrize("organisation", ("fabrikam", "", "\0"))
def test_reports_of_others_are_not_drafted(client, customer, organisation):
    make_organisation(slug="fabrikam")
    client.force_login(customer.tam)

    response = client.post(
        reverse("admin:report_draft"), {"organisation": organisation, "month": "2026-02"}
    )

    assert (response.status_code, ServiceReport.objects.exists()) == (404, False)


def test_an_engineer_drafts_nothing(client, customer):
    client.force_login(make_engineer())

    client.post(reverse("admin:report_draft"), {"organisation": "northwind", "month": "2026-02"})

    assert not ServiceReport.objects.exists()


# the API


def api_of(person) -> APIClient:
    client = APIClient()
    token = make_api_token(person, at=timezone.now())
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_the_api_lists_what_was_issued_with_its_pdf(customer, issued):
    make_report(customer, month=date(2026, 1, 1))
    api = api_of(make_contact(customer))

    listed = api.get("/api/v1/reports/").json()
    shown = api.get(f"/api/v1/reports/{issued.pk}/").json()

    (row,) = listed["results"]
    assert (row["number"], row["month"], row["organisation"]) == (
        issued.number,
        "2026-02",
        "northwind",
    )
    assert row["checksum"] == issued.checksum
    assert shown["content"]["counts"]["reported"] == 1
    assert api.get(row["pdf"]).content.startswith(b"%PDF-")


def test_the_api_hides_what_is_not_ones_own(customer, issued, drafted):
    stranger, engineer = api_of(make_contact()), api_of(make_engineer())

    for api in (stranger, engineer):
        assert api.get("/api/v1/reports/").json()["results"] == []
        assert api.get(f"/api/v1/reports/{issued.pk}/").status_code == 404


def test_the_api_shows_drafts_to_the_tam(customer, drafted):
    (row,) = api_of(customer.tam).get("/api/v1/reports/").json()["results"]

    assert (row["number"], row["state"], row["checksum"]) == (None, "draft", "")


@pytest.mark.parametrize("method", ("post", "put", "patch", "delete"))
def test_the_api_only_reads(customer, issued, method):
    api = api_of(customer.tam)

    assert getattr(api, method)(f"/api/v1/reports/{issued.pk}/").status_code == 405


# the command


def command(*args: str) -> str:
    out = StringIO()
    call_command("service_report", *args, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ("northwind", "Northwind", "NORTHWIND"))
def test_the_command_writes_the_draft_as_it_stands(customer, tmp_path, name):
    path = tmp_path / "report.pdf"

    said = command(name, "2026-02", "--output", str(path))

    assert said == f"draft: {path}\n"
    assert path.read_bytes().startswith(b"%PDF-")


def test_the_command_writes_the_issued_one_byte_for_byte(issued, tmp_path):
    path = tmp_path / "report.pdf"

    said = command("northwind", "2026-02", "--output", str(path))

    assert said == f"{issued.number}: {path}\n"
    assert path.read_bytes() == bytes(issued.document.pdf)


@pytest.mark.parametrize(
    ("organisation", "month", "says"),
    (
        ("nobody", "2026-02", "There is no organisation “nobody”. There are: northwind."),
        ("northwind", "2026-13", "is not a month"),
        ("northwind", "February", "A month is written YYYY-MM"),
        ("northwind", "2099-01", "January 2099 has not begun yet"),
    ),
)
def test_the_command_says_what_is_wrong(customer, tmp_path, organisation, month, says):
    with pytest.raises(CommandError, match=says):
        command(organisation, month, "--output", str(tmp_path / "report.pdf"))

    assert not list(tmp_path.glob("*.pdf"))


def test_the_command_says_where_it_can_not_write(customer, tmp_path):
    with pytest.raises(CommandError, match="can not be written: No such file or directory"):
        command("northwind", "2026-02", "--output", str(tmp_path / "missing" / "report.pdf"))
