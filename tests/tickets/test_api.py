"""The incidents of `/api/v1/`: filing, reading, writing, and who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions.tokens import make_api_token
from accounts.enums import Role
from tests.factories import (
    NINE,
    days,
    hours,
    make_attachment,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_message,
    make_organisation,
    make_service,
    make_subscription,
    make_tam,
    make_target,
)
from tests.tickets.desk import HANDOVER
from tests.tickets.staff_pages import asks
from tickets.enums import MessageKind, State
from tickets.models import Attachment, HandledRequest, Incident, Message

pytestmark = pytest.mark.django_db

URL = "/api/v1/incidents/"
KEY = {"Idempotency-Key": "abc-1"}


def client_of(person) -> APIClient:
    """A client with a token of the person's own, as scripts have it."""
    client = APIClient()
    token = make_api_token(person, at=timezone.now())
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


@pytest.fixture
def licence():
    today = timezone.now().date()
    licence = make_licence(make_organisation(slug="northwind"), key="AXI-NORTH")
    make_subscription(licence, starts_on=today - days(9), ends_on=today + days(300))
    return licence


@pytest.fixture
def contact(licence):
    return make_contact(licence.organisation)


@pytest.fixture
def api(contact):
    return client_of(contact)


def report(**fields):
    return {
        "licence": "AXI-NORTH",
        "service": "troubleshooting",
        "priority": 2,
        "subject": "IMAP hangs",
        "body": "Since this morning.",
    } | fields


def deed(incident, name) -> str:
    return f"{URL}{incident.number}/{name}/"


def test_filing_answers_with_the_incident_its_target_and_the_reasons(api, contact):
    before = timezone.now()

    response = api.post(URL, report(version="10.5"), format="json")

    body = response.json()
    incident = Incident.objects.get()
    target = incident.targets.get()
    assert response.status_code == 201
    assert (body["number"], body["level"], body["state"]) == (incident.number, "premium", "new")
    assert (body["licence"], body["organisation"]) == ("AXI-NORTH", "northwind")
    assert (body["priority"], body["version"], body["tier"]) == (2, "10.5", "TS1")
    assert (incident.reporter, incident.channel) == (contact, "portal")
    assert incident.received_at >= before
    assert body["due_at"] == body["targets"][0]["due_at"]
    assert target.due_at - target.opened_at == hours(6)
    codes = {one["level"]: one["code"] for one in body["coverage"]["considered"]}
    assert codes["premium"] == "chosen"
    assert [one["body"] for one in body["messages"]] == ["Since this morning."]


def test_a_licence_may_be_named_by_its_id(api, licence):
    response = api.post(URL, report(licence=str(licence.pk)), format="json")

    assert response.json()["licence"] == "AXI-NORTH"


def test_what_nothing_covers_is_kept_and_says_what_would_help(api, licence):
    licence.subscriptions.all().delete()

    body = api.post(URL, report(), format="json").json()

    assert (body["level"], body["due_at"], body["targets"]) == (None, None, [])
    assert body["coverage"]["remedies"]


def test_the_same_request_under_its_key_files_once(api, contact):

    first = api.post(URL, report(), format="json", headers=KEY)
    second = api.post(URL, report(), format="json", headers=KEY)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert Incident.objects.count() == HandledRequest.objects.count() == 1


def test_another_request_under_a_used_key_is_refused(api):
    api.post(URL, report(), format="json", headers=KEY)

    response = api.post(URL, report(body="Something else."), format="json", headers=KEY)

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert Incident.objects.count() == 1


def test_a_key_is_the_persons_own(api, licence):
    api.post(URL, report(), format="json", headers=KEY)

    colleague = client_of(make_contact(licence.organisation))

    assert colleague.post(URL, report(), format="json", headers=KEY).status_code == 201


def test_a_refused_request_does_not_use_up_its_key(api):

    refused = api.post(URL, report(service="astrology"), format="json", headers=KEY)
    filed = api.post(URL, report(), format="json", headers=KEY)

    assert (refused.status_code, filed.status_code) == (400, 201)


WRONG = [
    ({"body": ""}, 400, "body"),
    ({"body": "a\0b"}, 400, "body"),
    ({"subject": "x" * 201}, 400, "subject"),
    ({"priority": 9}, 400, "priority"),
    ({"licence": "AXI-NOBODY"}, 400, "licence"),
    ({"licence": "²"}, 400, "licence"),
    ({"licence": "9" * 30}, 400, "licence"),
    ({"licence": "\0"}, 400, "licence"),
    ({"use_gold": "perhaps"}, 400, "use_gold"),
    ({"service": "astrology"}, 400, "code"),
    ({"service": "a\0b"}, 400, "service"),
]


@pytest.mark.parametrize(("wrong", "status", "names"), WRONG)
def test_a_wrong_report_is_refused_and_says_what_is_wrong(api, wrong, status, names):
    response = api.post(URL, report() | wrong, format="json")

    assert response.status_code == status
    assert names in response.json()
    assert not Incident.objects.exists()


@pytest.mark.parametrize("body", (b"", b"{", b"[]", b"null", b'"x"', b"\xff\0"))
def test_a_body_that_is_no_report_is_refused(api, body):
    response = api.generic("POST", URL, body, content_type="application/json")

    assert (response.status_code, Incident.objects.exists()) == (400, False)


def test_the_licence_of_somebody_else_is_answered_like_a_missing_one(api):
    theirs = make_licence(key="AXI-THEIRS")

    answers = [
        api.post(URL, report(licence=one), format="json").json()["licence"]
        for one in ("AXI-THEIRS", str(theirs.pk), "AXI-NOBODY")
    ]

    assert len({str(one) for one in answers}) == 1


def test_files_come_as_a_form(api):
    log = SimpleUploadedFile("imap.log", b"refused")

    response = api.post(URL, report(files=[log]), format="multipart")

    (attached,) = response.json()["messages"][0]["attachments"]
    assert response.status_code == 201
    assert (attached["name"], attached["size"]) == ("imap.log", 7)
    assert attached["url"] == f"/attachments/{Attachment.objects.get().pk}/"


def test_files_are_fetched_with_the_token(api, contact):
    attachment = make_attachment(make_message(make_incident(reporter=contact)))
    url = attachment.get_absolute_url()
    wrong = APIClient()
    wrong.credentials(HTTP_AUTHORIZATION="Token wrong")

    fetched = api.get(url)

    assert b"".join(fetched.streaming_content) == b"imap: connection refused\n"
    assert client_of(make_contact()).get(url).status_code == 404
    assert wrong.get(url).status_code == 401


def test_a_file_of_60_mb_is_refused_with_413_and_nothing_is_kept(api, tmp_path):
    big = SimpleUploadedFile("core.dump", bytes(60 * 2**20))

    response = api.post(URL, report(files=[big]), format="multipart")

    assert (response.status_code, response.json()["code"]) == (413, "file_too_large")
    assert not Incident.objects.exists()
    assert not list(tmp_path.glob("files/**/*"))


def test_staff_file_in_the_desk_and_not_here(licence):
    response = client_of(make_engineer()).post(URL, report(), format="json")

    assert (response.status_code, Incident.objects.exists()) == (403, False)


@pytest.mark.parametrize("header", ("Token wrong", "Token", "Token \0", "Bearer x", ""))
def test_a_wrong_token_is_401(header):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)

    for response in (client.get(URL), client.post(URL, report(), format="json")):
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Token"


def test_list_shows_the_organisations_own_newest_first(api, contact):
    now = timezone.now()
    old = make_incident(reporter=contact, received_at=now - days(2))
    new = make_incident(reporter=make_contact(contact.organisation), received_at=now)
    make_incident()

    body = api.get(URL).json()

    assert [one["number"] for one in body["results"]] == [new.number, old.number]
    assert body["count"] == 2


FILTERS = [
    ({}, {"a", "b", "c"}),
    ({"state": "open"}, {"b"}),
    ({"state": ["open", "closed"]}, {"b", "c"}),
    ({"priority": "1"}, {"a"}),
    ({"service": "migration"}, {"b"}),
    ({"licence": "AXI-NORTH"}, {"c"}),
    ({"level": "premium"}, {"a", "b", "c"}),
    ({"level": "gold"}, set()),
    ({"received_after": "2026-03-02T10:00:00Z"}, {"b", "c"}),
    ({"received_before": "2026-03-02T10:00:00Z"}, {"a"}),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_list_can_be_narrowed(api, contact, licence, query, expected):
    make_incident(reporter=contact, subject="a", priority=1)
    make_incident(
        reporter=contact,
        subject="b",
        state=State.OPEN,
        service=make_service("migration"),
        received_at=NINE + hours(1),
    )
    make_incident(
        reporter=contact,
        subject="c",
        state=State.CLOSED,
        licence=licence,
        received_at=NINE + hours(2),
    )

    body = api.get(URL, query).json()

    assert {one["subject"] for one in body["results"]} == expected


@pytest.mark.parametrize(
    "query",
    ({"state": "astrology"}, {"priority": "x"}, {"received_after": "soon"}, {"service": "\0"}),
)
def test_a_wrong_filter_is_named(api, query):
    response = api.get(URL, query)

    assert response.status_code == 400
    assert set(response.json()) == set(query)


def test_list_has_pages(api, contact):
    for _ in range(3):
        make_incident(reporter=contact)

    first, last = api.get(URL, {"page_size": 2}), api.get(URL, {"page_size": 2, "page": 2})

    assert (len(first.json()["results"]), len(last.json()["results"])) == (2, 1)
    assert api.get(URL, {"page": 3}).status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_list_costs_the_same_for_any_number_of_incidents(api, contact, licence, rows):
    api.get(URL)  # the token's day of last use is kept now
    for _ in range(rows):
        incident = make_incident(
            reporter=make_contact(contact.organisation), licence=licence, owner=make_engineer()
        )
        make_target(incident)

    with asks(LIST_COST):
        api.get(URL)


@pytest.mark.parametrize("rows", (1, 3))
def test_an_incident_costs_the_same_for_any_number_of_messages(api, contact, licence, rows):
    api.get(URL)
    incident = make_incident(reporter=contact, licence=licence, owner=make_engineer())
    for _ in range(rows):
        make_message(incident)
        make_target(incident, met_at=NINE + hours(1))

    with asks(DETAIL_COST):
        api.get(f"{URL}{incident.number}/")


LIST_COST, DETAIL_COST = 4, 6


def test_notes_are_for_staff(api, contact):
    incident = make_incident(reporter=contact)
    make_message(incident, kind=MessageKind.NOTE, author=make_engineer(), body="Angry.")

    ours = api.get(f"{URL}{incident.number}/").json()
    theirs = client_of(make_engineer()).get(f"{URL}{incident.number}/").json()

    assert (ours["messages"], len(theirs["messages"])) == ([], 1)


def test_another_organisations_incident_does_not_exist_here(contact):
    incident = make_incident(reporter=contact)
    stranger = client_of(make_contact())

    answers = [stranger.get(f"{URL}{incident.number}/"), stranger.get(f"{URL}AX-2026-999999/")]
    answers += [
        stranger.post(deed(incident, name), HANDOVER | {"body": "Hi"}, format="json")
        for name in ("messages", "escalate", "close", "reopen")
    ]

    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1


def test_a_customer_writes_and_an_engineer_answers_or_notes(api, contact):
    incident = make_incident(reporter=contact)
    engineer = client_of(make_engineer())

    for sender, said in (
        (api, {"body": "Still broken."}),
        (engineer, {"body": "Hm.", "kind": "note"}),
        (engineer, {"body": "Restart it.", "then": "waiting"}),
    ):
        response = sender.post(deed(incident, "messages"), said, format="json")
        assert response.status_code == 201
        assert (response.json()["body"], response.json()["incident"]) == (
            said["body"],
            incident.number,
        )

    incident.refresh_from_db()
    assert incident.state == State.WAITING
    assert [one.kind for one in incident.messages.all()] == ["report", "note", "answer"]
    assert incident.targets.get().met_at is not None


def test_a_customers_message_is_never_an_answer(api, contact):
    incident = make_incident(reporter=contact, owner=make_engineer())
    make_target(incident)

    api.post(
        deed(incident, "messages"),
        {"body": "Solved!", "kind": "answer", "then": "solved"},
        format="json",
    )

    assert Message.objects.get().kind == MessageKind.REPORT
    assert incident.targets.get().met_at is None


@pytest.mark.parametrize(
    "wrong", ({}, {"body": ""}, {"body": "\0"}, {"body": "x", "then": "closed"})
)
def test_a_wrong_message_is_refused(contact, wrong):
    incident = make_incident(reporter=contact)

    response = client_of(make_engineer()).post(deed(incident, "messages"), wrong, format="json")

    assert (response.status_code, Message.objects.exists()) == (400, False)


def test_a_message_on_what_was_closed_long_ago_says_where_it_went(api, contact):
    old = make_incident(reporter=contact, state=State.CLOSED, closed_at=timezone.now() - days(20))

    body = api.post(deed(old, "messages"), {"body": "Again."}, format="json").json()

    fresh = Incident.objects.get(follows=old)
    assert body["incident"] == fresh.number
    assert api.get(f"{URL}{fresh.number}/").json()["follows"] == old.number


def test_an_engineer_escalates_with_the_hand_over(contact):
    incident = make_incident(reporter=contact)
    engineer = client_of(make_engineer())

    response = engineer.post(deed(incident, "escalate"), HANDOVER, format="json")

    assert (response.status_code, response.json()["tier"]) == (200, "TS2")
    assert incident.handovers.get().tried == "A restart."


def test_escalating_needs_the_hand_over_and_the_right_role(api, contact):
    incident = make_incident(reporter=contact)
    engineer = client_of(make_engineer())

    incomplete = engineer.post(deed(incident, "escalate"), HANDOVER | {"tried": " "}, format="json")
    customer = api.post(deed(incident, "escalate"), HANDOVER, format="json")
    developer = client_of(make_engineer(role=Role.TS3)).post(
        deed(incident, "escalate"), HANDOVER, format="json"
    )

    assert (incomplete.status_code, incomplete.json().keys()) == (400, {"tried"})
    assert (customer.status_code, customer.json()["code"]) == (403, "not_allowed")
    assert developer.status_code == 404  # it was never escalated to them
    assert not incident.handovers.exists()


def test_closing_and_reopening(api, contact):
    incident = make_incident(reporter=contact)

    closed = api.post(deed(incident, "close"))
    twice = api.post(deed(incident, "close"))
    opened = api.post(deed(incident, "reopen"), {"body": "It is back."}, format="json")
    again = api.post(deed(incident, "reopen"))

    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert (twice.status_code, twice.json()["code"]) == (409, "already_finished")
    assert (opened.json()["state"], opened.json()["messages"][0]["body"]) == (
        "open",
        "It is back.",
    )
    assert (again.status_code, again.json()["code"]) == (409, "not_finished")


def test_the_tam_does_not_close_what_owes_an_answer(contact):
    incident = make_incident(reporter=contact)
    make_target(incident)
    tam = client_of(make_tam(contact.organisation))

    response = tam.post(deed(incident, "close"))

    assert (response.status_code, response.json()["code"]) == (409, "answer_owed")


@pytest.mark.parametrize("method", ("put", "patch", "delete"))
def test_nothing_is_changed_in_another_way(api, contact, method):
    incident = make_incident(reporter=contact)

    assert getattr(api, method)(f"{URL}{incident.number}/").status_code == 405


def test_the_schema_is_whole_and_its_pages_open(api, capsys, tmp_path):
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml")
    )

    written = (tmp_path / "schema.yml").read_text()
    for path in (
        "/api/v1/incidents/",
        "/api/v1/incidents/{number}/",
        "/api/v1/incidents/{number}/messages/",
        "/api/v1/incidents/{number}/escalate/",
        "/api/v1/incidents/{number}/close/",
        "/api/v1/incidents/{number}/reopen/",
        "/api/v1/coverage/",
        "/api/v1/reports/",
        "/api/v1/licences/",
        "/api/v1/incident-packs/",
    ):
        assert f"  {path}:" in written
    assert (api.get("/api/v1/docs/").status_code, api.get("/api/v1/schema/").status_code) == (
        200,
        200,
    )
