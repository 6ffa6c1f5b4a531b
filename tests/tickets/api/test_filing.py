"""Filing in `/api/v1/`: what is taken, what is refused, and files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from tests.factories import (
    hours,
    make_attachment,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_message,
)
from tests.tickets.api.client import KEY, URL, client_of, report
from tests.tickets.staff_pages import asks
from tickets.models import Attachment, HandledRequest, Incident

pytestmark = pytest.mark.django_db


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


def test_a_priority_by_its_name(api):
    answers = [api.post(URL, report(priority=given)) for given in ("critical", "LOW", 3, "urgent")]

    assert [one.status_code for one in answers] == [201, 201, 201, 400]
    shown = [(one.json()["priority"], one.json()["priority_name"]) for one in answers[:3]]
    assert shown == [(1, "critical"), (4, "low"), (3, "normal")]


def test_a_report_costs_few_statements_and_is_shown_as_if_it_were_read_again(api):
    api.post(URL, report(), format="json", headers={"Idempotency-Key": "first"})

    # The token, the licence, two for the key; settings, subscriptions, packs, the number; decision,
    # incident, message, target, warnings, the tier's target, the key, the journal, the notice.
    with asks(17):
        answer = api.post(URL, report(), format="json", headers={"Idempotency-Key": "second"})

    assert answer.status_code == 201
    assert answer.json() == api.get(f"{URL}{answer.json()['number']}/").json()


def test_files_are_shown_as_if_they_were_read_again(api):
    files = [SimpleUploadedFile("a.log", b"one"), SimpleUploadedFile("b.log", b"two")]

    answer = api.post(URL, report(files=files), format="multipart")

    assert [one["name"] for one in answer.json()["messages"][0]["attachments"]] == [
        "a.log",
        "b.log",
    ]
    assert answer.json() == api.get(f"{URL}{answer.json()['number']}/").json()
