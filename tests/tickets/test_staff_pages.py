"""Filing for a customer, the customers' pages, mail kept aside, the journal."""

import secrets

import pytest
from django.urls import reverse

from core.journal import record
from tests.factories import (
    NINE,
    make_contact,
    make_engineer,
    make_incident,
    make_ledger_entry,
    make_level,
    make_licence,
    make_mail,
    make_manager,
    make_organisation,
    make_pack,
    make_partner_engineer,
    make_service,
    make_subscription,
    make_tam,
)
from tests.tickets.staff_pages import asks
from tickets.models import Incident

pytestmark = pytest.mark.django_db

NEW = reverse("admin:incident_new")
ORGANISATIONS = reverse("admin:organisations")
MAILS = reverse("admin:mail_aside")
JOURNAL = reverse("admin:journal")


@pytest.fixture
def premium():
    """A licence with Premium for years around the moment of the test."""
    for level in ("golive", "gold", "premium", "first", "basic"):
        make_level(level)
    licence = make_licence(make_organisation(slug="northwind"))
    make_subscription(licence, starts_on="2020-01-01", ends_on="2100-01-01")
    return licence


def report(licence, reporter, **fields):
    service = make_service()
    return {
        "key": secrets.token_hex(16),
        "reporter": reporter.pk,
        "channel": "phone",
        "licence": licence.pk,
        "service": service.pk,
        "priority": 2,
        "subject": "IMAP hangs",
        "body": "They called: nobody can read mail.",
    } | fields


def test_engineer_files_a_call_for_a_contact(client, premium):
    reporter = make_contact(premium.organisation)
    engineer = make_engineer()
    client.force_login(engineer)

    response = client.post(f"{NEW}?organisation=northwind", report(premium, reporter))

    incident = Incident.objects.get()
    assert response.headers["Location"] == reverse("admin:incident", args=[incident.number])
    assert (incident.reporter, incident.channel) == (reporter, "phone")
    assert incident.decision.level == make_level("premium")
    assert incident.targets.open().exists()


def test_same_report_sent_twice_is_one_incident(client, premium):
    client.force_login(make_engineer())
    sent = report(premium, make_contact(premium.organisation))

    for _ in range(2):
        client.post(f"{NEW}?organisation=northwind", sent)

    assert Incident.objects.count() == 1


def test_refused_report_keeps_what_was_typed(client, premium):
    client.force_login(make_engineer())
    sent = report(premium, make_contact(premium.organisation), subject="")

    response = client.post(f"{NEW}?organisation=northwind", sent)

    assert response.status_code == 400
    assert "They called: nobody can read mail." in response.content.decode()
    assert not Incident.objects.exists()


@pytest.mark.parametrize("foreign", ("reporter", "licence"))
def test_person_and_licence_must_be_the_customers(client, premium, foreign):
    client.force_login(make_engineer())
    stranger = {"reporter": make_contact().pk, "licence": make_licence().pk}
    sent = report(premium, make_contact(premium.organisation)) | {foreign: stranger[foreign]}

    response = client.post(f"{NEW}?organisation=northwind", sent)

    assert response.status_code == 400
    assert not Incident.objects.exists()


def test_nobody_files_for_a_customer_they_do_not_serve(client, premium):
    sent = report(premium, make_contact(premium.organisation))

    for person in (make_partner_engineer(), make_tam(), make_engineer(make_organisation())):
        client.force_login(person)
        assert client.post(f"{NEW}?organisation=northwind", sent).status_code == 404

    assert not Incident.objects.exists()


def test_customer_s_page_shows_what_they_hold(client, premium):
    contact = make_contact(premium.organisation)
    pack = make_pack(premium)
    make_ledger_entry(pack, reason="A present", balance=6)
    make_incident(organisation=premium.organisation, subject="IMAP hangs")
    make_incident(subject="A stranger's")
    client.force_login(make_engineer())

    body = client.get(reverse("admin:organisation", args=["northwind"])).content.decode()

    for words in (premium.key, contact.email, "5 of 5 left", "A present", "IMAP hangs"):
        assert words in body
    assert "A stranger" not in body


def test_customers_are_listed_for_those_who_serve_them(client):
    ours, theirs = make_organisation(name="Ours"), make_organisation(name="Theirs")
    make_incident(organisation=ours)
    client.force_login(make_tam(ours))

    response = client.get(ORGANISATIONS)

    assert response.context["rows"] == [(ours, 1)]
    assert client.get(reverse("admin:organisation", args=[theirs.slug])).status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_customers_cost_the_same_for_any_number(client, rows):
    for _ in range(rows):
        make_incident(organisation=make_organisation(tam=make_tam()))
    client.force_login(make_manager())

    with asks(5):  # session, person, organisations, their open incidents, the rail's
        client.get(ORGANISATIONS)


@pytest.mark.parametrize("rows", (1, 3))
def test_customer_s_page_costs_the_same_for_any_number_of_rows(client, premium, rows):
    organisation = premium.organisation
    for _ in range(rows):
        make_incident(organisation=organisation, owner=make_engineer())
        make_pack(make_licence(organisation))
    client.force_login(make_manager())

    with asks(24):  # seven of them the summary, seven the ways to reach us
        client.get(reverse("admin:organisation", args=["northwind"]))


def test_mail_kept_aside_is_read_as_text_and_downloaded_whole(client):
    raw = b"From: <a@stranger.example>\r\nSubject: Hi\r\n\r\n<script>alert(1)</script> Hello?\r\n"
    mail = make_mail(raw=raw, subject="Hi <b>there</b>")
    client.force_login(make_engineer())

    listed = client.get(MAILS).content.decode()
    shown = client.get(reverse("admin:mail", args=[mail.pk])).content.decode()
    download = client.get(reverse("admin:mail_raw", args=[mail.pk]))

    assert "Hi &lt;b&gt;there" in listed
    assert "&lt;script&gt;alert(1)" in shown
    assert download.content == raw
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["Content-Type"] == "application/octet-stream"


def test_mail_that_went_its_way_is_not_kept_aside(client):
    mail = make_mail(outcome="incident")
    client.force_login(make_manager())

    assert client.get(reverse("admin:mail", args=[mail.pk])).status_code == 404


def test_raw_mails_are_not_for_partners_and_customers(client):
    mail = make_mail()
    pages = [MAILS, *(reverse(f"admin:{name}", args=[mail.pk]) for name in ("mail", "mail_raw"))]

    client.force_login(make_partner_engineer())
    partner = [client.get(page).status_code for page in pages]
    client.force_login(make_contact())
    customer = [client.get(page).status_code for page in pages]

    assert (partner, customer) == ([403] * 3, [404] * 3)


@pytest.mark.parametrize("rows", (1, 3))
def test_mails_cost_the_same_for_any_number(client, rows):
    for _ in range(rows):
        make_mail()
    client.force_login(make_manager())

    with asks(4):  # session, person, mails, the rail's
        client.get(MAILS)


def test_journal_is_read_by_managers_and_of_their_customers_by_account_managers(client):
    ours, theirs = make_organisation(name="Ours"), make_organisation(name="Theirs")
    for subject in (ours, theirs, make_level()):
        record(f"test.{subject._meta.model_name}", subject, at=NINE, by=None)
    tam = make_tam(ours)

    seen = {}
    for person in (make_manager(), tam):
        client.force_login(person)
        rows = client.get(JOURNAL, {"kind": "test."}).context["page"].rows
        seen[person.role] = {str(entry.organisation) for entry in rows}

    assert seen == {"manager": {"Ours", "Theirs", "None"}, "tam": {"Ours"}}


def test_journal_is_narrowed_by_organisation(client):
    ours = make_organisation(slug="ours")
    record("test.ours", ours, at=NINE, by=None)
    record("test.theirs", make_organisation(), at=NINE, by=None)
    client.force_login(make_manager())

    rows = client.get(JOURNAL, {"organisation": "ours", "kind": "test"}).context["page"].rows

    assert [entry.kind for entry in rows] == ["test.ours"]


def test_journal_is_not_for_engineers(client):
    for person in (make_engineer(), make_engineer(role="ts3"), make_partner_engineer()):
        client.force_login(person)
        assert client.get(JOURNAL).status_code == 403


@pytest.mark.parametrize("rows", (1, 3))
def test_journal_costs_the_same_for_any_number(client, rows):
    for _ in range(rows):
        record("test.done", make_organisation(), at=NINE, by=make_engineer())
    client.force_login(make_manager())

    with asks(4):  # session, person, entries, the rail's
        client.get(JOURNAL)
