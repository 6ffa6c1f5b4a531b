"""The pages of engagements: who gets them, what they cost, what can be done there."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import DocumentVersion, Engagement, Message, Task
from tests.factories import (
    NINE,
    make_admin_contact,
    make_document_version,
    make_engagement,
    make_engagement_message,
    make_manager,
    make_member,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_phase,
    make_project,
    make_risk,
    make_tam,
    make_task,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    organisation = make_organisation()
    make_tam(organisation)
    make_project(organisation, starts_on=date(2020, 1, 1), ends_on=date(2100, 1, 1))
    return organisation


@pytest.fixture
def contact(customer):
    return make_admin_contact(customer)


@pytest.fixture
def engagement(customer, contact):
    return make_engagement(customer, requested_by=contact)


def full(engagement, n):
    """With `n` of everything on it."""
    for _ in range(n):
        phase = make_phase(engagement)
        make_task(phase, for_customer=True)
        make_risk(engagement, is_shown=True)
        make_document_version(engagement)
        make_engagement_message(engagement)
        make_member(engagement)


def queries(client, url):
    assert client.get(url).status_code == 200  # the catalogue is kept from here on
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("place", ("engagements", "admin/engagements"))
def test_the_lists_cost_the_same_with_1_and_3(client, customer, contact, engagement, place):
    client.force_login(contact if place == "engagements" else customer.tam)
    full(engagement, 1)
    one = queries(client, f"/{place}/")

    for _ in range(2):
        full(make_engagement(customer, requested_by=contact), 2)

    assert queries(client, f"/{place}/") == one
    assert one <= 22


@pytest.mark.parametrize("place", ("engagements", "admin/engagements"))
def test_the_page_costs_the_same_with_1_and_3_of_everything(
    client, customer, contact, engagement, place
):
    client.force_login(contact if place == "engagements" else customer.tam)
    full(engagement, 1)
    one = queries(client, f"/{place}/{engagement.number}/")

    full(engagement, 2)

    assert queries(client, f"/{place}/{engagement.number}/") == one
    assert one <= 30


def test_the_calendar_costs_the_same_with_1_and_3(client, customer, engagement):
    client.force_login(customer.tam)
    make_phase(engagement)
    one = queries(client, "/admin/engagements/calendar/?from=2026-03-02")
    make_phase(engagement)
    make_phase(make_engagement(customer))

    assert queries(client, "/admin/engagements/calendar/?from=2026-03-02") == one
    page = client.get("/admin/engagements/calendar/?from=2026-03-02").content.decode()
    assert page.count("Pilot begins") == 3
    file = client.get("/admin/engagements/calendar.ics").content.decode()
    assert file.startswith("BEGIN:VCALENDAR\r\n")


def test_the_api_lists_and_shows_one(client, contact, engagement):
    full(engagement, 1)
    make_engagement()
    client.force_login(contact)

    listed = client.get("/api/v1/engagements/").json()["results"]
    one = client.get(f"/api/v1/engagements/{engagement.number}/").json()

    assert [row["number"] for row in listed] == [engagement.number]
    assert one["phases"][0]["name"] == "Pilot"
    assert one["documents"][0]["verdict"] == ""
    costs = queries(client, "/api/v1/engagements/")
    make_engagement(contact.organisation)
    make_engagement(contact.organisation)
    assert queries(client, "/api/v1/engagements/") == costs


def test_a_contact_asks_for_a_project_and_reads_what_another_kind_takes(client, contact):
    client.force_login(contact)

    page = client.get("/engagements/").content.decode()
    assert "allows it, until" in page
    sent = client.post("/engagements/new/golive/", {"title": "Move", "summary": "Two sites"})

    made = Engagement.objects.get()
    assert sent["Location"] == f"/engagements/{made.number}/"
    assert "You have our reply" in client.get(sent["Location"]).content.decode()
    assert client.get("/engagements/new/party/").status_code == 404


def test_without_the_right_the_form_says_what_it_takes(client):
    stranger = make_admin_contact(make_organisation())
    client.force_login(stranger)

    page = client.get("/engagements/new/golive/").content.decode()
    sent = client.post("/engagements/new/golive/", {"title": "Move"})

    assert "Not included now" in page
    assert sent.status_code == 409
    assert "opened with your account manager" in sent.content.decode()
    assert not Engagement.objects.exists()


def test_the_team_takes_it_up_and_works_on_it(client, customer, contact):
    client.force_login(contact)
    client.post("/engagements/new/golive/", {"title": "Move", "summary": ""})
    one = Engagement.objects.get()
    page = f"/admin/engagements/{one.number}/"
    client.force_login(customer.tam)

    for name, given in (
        ("take-up", {"owner": customer.tam.pk, "starts_on": "2026-03-02"}),
        ("take-up", {"owner": 0, "starts_on": "x", "golive_on": "2026-06-01"}),
    ):
        assert client.post(f"{page}{name}/", given).status_code == 400
    wrong = {"owner": customer.tam.pk, "starts_on": "2026-06-01", "golive_on": "2026-03-02"}
    refused = client.post(f"{page}take-up/", wrong)
    assert "before the start" in refused.content.decode()
    right = wrong | {"starts_on": "2026-03-02", "golive_on": "2026-06-01"}
    assert client.post(f"{page}take-up/", right).status_code == 302
    phase = one.phases.first()
    for name, given in (
        (f"begin/?of={phase.pk}", {"on": "2026-03-02"}),
        (f"task/?of={phase.pk}", {"title": "Name the hosts", "for_customer": "on"}),
        ("risk/", {"what": "Late hosts", "likelihood": 4, "impact": 4}),
        ("light/", {"light": "amber", "reason": "Hosts"}),
        ("decision/", {"decision": "We take two nodes"}),
        ("say/", {"body": "**Hello**"}),
        ("say/", {"body": "Careful", "internal": "on"}),
        (
            "hand-over/",
            {
                "title": "Plan",
                "file": SimpleUploadedFile("p.pdf", b"%PDF"),
                "needs_acceptance": "on",
            },
        ),
        ("join/", {"person": contact.pk, "part": "Hosts"}),
    ):
        answer = client.post(f"{page}{name}", given)
        assert answer.status_code == 302, (name, answer.content.decode()[:3000])
    shown = client.get(page).content.decode()
    assert "<strong>Hello</strong>" in shown
    assert "set by hand" in shown

    _the_customer_goes_on(client, contact, one)


def _the_customer_goes_on(client, contact, one):
    client.force_login(contact)
    theirs = client.get(f"/engagements/{one.number}/").content.decode()
    assert "Careful" not in theirs
    assert "Late hosts" not in theirs, "a risk is ours unless it is shown"
    version = DocumentVersion.objects.get()
    url = f"/engagements/{one.number}/accept/?of={version.pk}"
    assert client.post(url, {"name": "Ana Pop"}).status_code == 302
    again = client.post(url, {"name": "Ana Pop"})
    assert again.status_code == 409
    assert "accepted by Ana Pop" in again.content.decode()
    task = Task.objects.get(title="Name the hosts")
    client.post(f"/engagements/{one.number}/task-done/?of={task.pk}")
    task.refresh_from_db()
    assert task.done_by == contact


def test_rows_of_other_engagements_are_not_reached(client, contact, engagement):
    other = make_document_version(make_engagement())
    client.force_login(contact)

    for of in (other.pk, "x", "", "9" * 30):
        url = f"/engagements/{engagement.number}/accept/?of={of}"
        assert client.post(url, {"name": "Ana"}).status_code == 404
    assert client.get(f"/engagements/documents/{other.pk}/").status_code == 404
    assert client.get(f"/engagements/{engagement.number}/nothing/").status_code == 404


def test_partners_have_no_place_here(client, customer, engagement):
    customer.partner = make_partner()
    customer.save()
    client.force_login(make_partner_engineer(customer.partner))

    for path in ("", "new/", "calendar/", "calendar.ics", f"{engagement.number}/"):
        assert client.get(f"/admin/engagements/{path}").status_code == 404


def test_staff_write_down_what_was_asked_by_telephone(client, customer, contact):
    client.force_login(make_manager())

    assert client.get("/admin/engagements/new/").status_code == 200
    url = f"/admin/engagements/new/?organisation={customer.slug}&kind=golive"
    given = {"contact": contact.pk, "channel": "phone", "title": "Move"}
    assert client.get(url).status_code == 200
    assert client.post(url, given).status_code == 302
    assert Engagement.objects.get().requested_by == contact


def test_a_form_page_is_there_for_each_action(client, customer, engagement):
    phase = make_phase(engagement)
    client.force_login(customer.tam)

    for name in ("finish", "join", "risk", "hand-over", f"move/?of={phase.pk}"):
        path = name if "?" in name else f"{name}/"
        page = client.get(f"/admin/engagements/{engagement.number}/{path}")
        assert page.status_code == 200
        assert re.search(r"<form[^>]+method=.post", page.content.decode())


def test_the_plan_as_a_calendar_file(client, contact, engagement):
    make_phase(engagement, name="Pilot; one, two")
    client.force_login(contact)

    file = client.get(f"/engagements/{engagement.number}/calendar.ics").content.decode()

    assert "DTSTART;VALUE=DATE:20260302\r\n" in file
    assert "DTEND;VALUE=DATE:20260307\r\n" in file
    assert "Pilot\\; one\\, two" in file
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))


def test_a_file_of_a_note_is_not_the_customers(client, contact, engagement, customer):
    note = make_engagement_message(engagement, voice="note", author=customer.tam)

    assert Message.objects.visible_to(customer.tam).get() == note
    assert not Message.objects.visible_to(contact).exists()
    assert note.sent_at == NINE
