"""The real process: what a committed action lets pages hear, and what opens nothing."""

from __future__ import annotations

import http.client
import os
import signal
import socket

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from axsupport.events import doorway
from axsupport.operating import service_checks
from axsupport.operating.findings import State
from core import nudges
from core.events.passes import Pass, Passes
from core.rls import everything
from tests.events.listening import PATIENCE, Process
from tests.factories import NINE, make_contact, make_engineer, make_incident, make_organisation
from tickets.actions.conversation import answer, note, write
from tickets.reads.live import pass_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incident():
    return make_incident(reporter=make_contact())


def test_what_is_committed_is_heard_what_is_rolled_back_is_not(events: Process, incident):
    engineer = make_engineer()
    with everything():
        granted = pass_of(engineer, incident=incident, lists=False)
    with events.listening(granted) as page:
        with everything():
            note(incident, author=engineer, body="Never said.", at=NINE)
            transaction.set_rollback(True)
        with everything():
            said = answer(incident, author=engineer, body="Secret words.", at=NINE)
        assert nudges.flush(PATIENCE)
        heard = page.next("changed")

    assert set(heard) == {"incident", "version", "kind", "by"}
    assert (heard["incident"], heard["by"]) == (incident.pk, engineer.pk)
    assert said.body not in str(heard)


def test_a_customer_hears_an_answer_and_not_a_note(events: Process, incident):
    engineer, customer = make_engineer(), incident.reporter
    with everything():
        granted = pass_of(customer, incident=incident, lists=False)
    with events.listening(granted) as page:
        with everything():
            note(incident, author=engineer, body="Between us.", at=NINE)
        assert nudges.flush(PATIENCE)
        with everything():
            answer(incident, author=engineer, body="Here.", at=NINE)
        assert nudges.flush(PATIENCE)

        assert page.next("changed") == {"incident": incident.pk}


def test_a_list_hears_what_its_person_sees(events: Process, incident):
    engineer, stranger = make_engineer(), make_engineer(make_organisation())
    other = make_incident(reporter=make_contact())
    with everything():
        everybody = pass_of(engineer, incident=None, lists=True)
        few = pass_of(stranger, incident=None, lists=True)
    assert "incidents" in everybody.hears
    assert not {"incidents", f"organisation:{other.organisation_id}"} & set(few.hears)
    with events.listening(everybody) as page:
        with everything():
            write(other, author=other.reporter, body="Still there?", at=NINE)
        assert nudges.flush(PATIENCE)

        assert page.next("changed")["incident"] == other.pk


def test_forged_and_foreign_passes_open_nothing(events: Process):
    foreign = Passes("not our key").sign(Pass(1, hears=("incidents",)))

    assert events.ask("/events/?pass=nonsense").status == 403
    assert events.ask("/events/").status == 403
    assert events.ask(f"/events/?pass={foreign}").status == 403
    assert events.ask(f"/events/doing/?pass={foreign}&doing=answer", "POST").status == 403
    assert events.ask("/events/elsewhere/").status == 404
    assert events.ask("/events/", "DELETE").status == 405
    assert events.ask("/events/doing/").status == 405


@pytest.mark.parametrize(
    "said", (b"\0\0\0\0\r\n\r\n", b"GET /" + b"a" * 20_000, b"GET / HTTP/1.1\r\nA B: c\r\n\r\n")
)
def test_what_is_no_request_is_refused_and_harms_nobody(events: Process, said):
    with socket.create_connection(("127.0.0.1", events.port), timeout=PATIENCE) as line:
        line.sendall(said)
        assert line.recv(100).startswith(b"HTTP/1.1 400")
    assert events.ask("/events/health").status == 200


def test_it_comes_back_and_stops_in_order(events: Process):
    with events.listening(Pass(1, side="vendor", hears=("incidents",))):
        events.kill()
    events.start()
    assert events.child is not None
    os.kill(events.child.process.pid, signal.SIGTERM)

    assert events.child.process.wait(PATIENCE) == 0
    assert not os.path.exists(events.door)


def test_doctor_sees_it(events: Process, settings):
    assert [one.state for one in service_checks.events()] == [State.OK]

    events.kill()

    (found,) = service_checks.events()
    assert (found.state, "each minute" in found.helps) == (State.FAILING, True)


def test_a_connection_is_handed_over_whole(events: Process):
    ours, theirs = socket.socketpair()
    with ours:
        ours.sendall(b"GET /events/health HTTP/1.1\r\nHost: desk\r\n\r\n")
        with theirs:
            assert doorway.is_for_events(theirs)
            assert doorway.hand_over(theirs, events.door)

        answer = http.client.HTTPResponse(ours)
        answer.begin()
        assert (answer.status, answer.read()) == (200, b'{"pages": 0}')
        answer.close()


@pytest.mark.parametrize(
    "said", (b"GET /eventsful HTTP/1.1\r\n", b"GET /", b"PUT /events/ HTTP/1.1\r\n")
)
def test_other_requests_stay_as_they_are(said):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert not doorway.is_for_events(theirs)  # nothing came yet
        ours.sendall(said)

        assert not doorway.is_for_events(theirs)
        assert theirs.recv(100) == said


def test_a_stranger_s_incident_gives_no_address(client, incident):
    client.force_login(make_contact())

    assert client.get(reverse("tickets:live"), {"incident": incident.number}).status_code == 404
    assert client.get(reverse("tickets:live"), {"incident": "\0"}).status_code == 200


def test_whoever_is_signed_out_is_told_so_and_keeps_the_page(client):
    assert client.get(reverse("tickets:live")).status_code == 401


def test_the_question_is_small(client, incident):
    for person in (make_engineer(), incident.reporter):
        client.force_login(person)
        client.get(reverse("tickets:live"))
        with CaptureQueriesContext(connection) as asked:
            said = client.get(reverse("tickets:live"), {"incident": incident.number}).json()

        reads = [one["sql"] for one in asked.captured_queries if one["sql"].startswith("SELECT")]
        assert len(reads) <= 5, reads  # session, person, organisation, incident, its version
        assert said["version"]
        assert said["events"].startswith("/events/?pass=")
