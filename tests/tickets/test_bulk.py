"""The same to many incidents: said before what would be refused and who is notified, then done."""

from collections.abc import Mapping

import pytest
from django.urls import reverse
from django.utils import timezone

from core.journal import entries_of
from notices.models import Notice
from tests.factories import (
    days,
    hours,
    make_cause,
    make_defect,
    make_engineer,
    make_incident,
    make_manager,
    make_message,
    make_organisation,
    make_service,
    make_target,
)
from tests.tickets.staff_pages import asks, reported
from tickets.actions.bulk import MOST
from tickets.enums import MessageKind, State
from tickets.models import Incident, Seen
from tickets.reads.queue import STAMPED, stamp_of

pytestmark = pytest.mark.django_db

BULK = reverse("admin:queue_bulk")
QUEUE = reverse("admin:queue")
SOLVED: dict[str, object] = {"solution": "An update", "cause": "how-to"}


@pytest.fixture(autouse=True)
def cause():
    return make_cause("how-to")


def pick(*incidents):
    rows = Incident.objects.filter(pk__in=[one.pk for one in incidents]).values("pk", *STAMPED)
    return [f"{one['pk']}.{stamp_of(one)}" for one in rows]


def send(client, do, picked, step="do", **fields):
    return client.post(BULK, {"do": do, "pick": picked, "step": step, **fields})


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def outcomes(response):
    return {
        one.incident.subject if one.incident else None: one.refusal
        for one in response.context["outcomes"]
    }


def test_the_boxes_of_the_queue_say_how_each_row_stood(client):
    incident = make_incident()
    client.force_login(make_manager())

    assert f"value={pick(incident)[0]} " in client.get(QUEUE).content.decode()


def test_assignment_is_asked_rehearsed_and_done_with_a_line_in_the_journal_each(client):
    incidents = [reported(subject=f"number {n}") for n in range(3)]
    engineer = make_engineer()
    client.force_login(make_manager())
    picked = pick(*incidents)

    asked = send(client, "assign", picked, step="")
    assert (asked.status_code, asked.content.count(b'name="pick"')) == (200, 3)

    review = send(client, "assign", picked, step="review", to=engineer.pk)
    assert (review.context["done"], review.context["refused"]) == (3, 0)
    assert (review.context["to_customers"], review.context["to_staff"]) == (0, 3)
    assert not Incident.objects.exclude(owner=None).exists()
    assert not Notice.objects.exists()

    done = send(client, "assign", picked, to=engineer.pk, back=f"{QUEUE}?view=mine")
    assert done.headers["Location"] == f"{QUEUE}?view=mine"
    for one in incidents:
        assert fresh(one).owner == engineer
        assert [e.kind for e in entries_of(one) if e.kind == "incident.assigned"] == [
            "incident.assigned"
        ]
    assert Notice.objects.filter(to=engineer).count() == 3


def test_one_refusal_never_stops_the_others_and_nothing_is_skipped_silently(client):
    fine, closed = reported(subject="fine"), make_incident(subject="closed", state=State.CLOSED)
    changed, also = reported(subject="changed"), reported(subject="also fine")
    engineer, stranger_to_it = make_engineer(), make_organisation()
    gone = make_incident(organisation=stranger_to_it, subject="not theirs")
    picked = pick(fine, closed, changed, also, gone)
    make_message(changed, sent_at=timezone.now(), body="More!")
    lead = make_engineer(fine.organisation, closed.organisation, is_lead=True)
    for one in (changed, also):
        lead.assignments.create(organisation=one.organisation)
    client.force_login(lead)

    for step in ("review", "do"):
        said = outcomes(send(client, "assign", picked, step=step, to=engineer.pk))
        assert said.keys() == {"fine", "closed", "changed", "also fine", None}
        assert (said["fine"], said["also fine"]) == ("", "")
        assert "changed since" in said["changed"]
        assert "closed" in said["closed"]
        assert "not yours" in said[None]

    assert {fresh(one).owner for one in (fine, also)} == {engineer}
    assert {fresh(one).owner for one in (closed, changed, gone)} == {None}


def test_the_same_form_sent_twice_does_nothing_twice(client):
    incident = reported()
    client.force_login(make_engineer(is_lead=True))
    picked = pick(incident)
    fields = {"body": "Restart it, then it works.", **SOLVED}

    assert send(client, "solve", picked, **fields).status_code == 302
    again = outcomes(send(client, "solve", picked, **fields))

    assert "changed since" in again[incident.subject]
    assert incident.messages.filter(kind=MessageKind.ANSWER).count() == 1


def test_solving_mails_each_customer_and_says_so_before(client):
    incidents = [reported(subject=f"number {n}") for n in range(2)]
    client.force_login(make_engineer())
    fields = {"body": "Version 10.6.1 mends it.", **SOLVED}

    review = send(client, "solve", pick(*incidents), step="review", **fields)
    assert review.context["to_customers"] == 2
    assert b"2 mails to customers" in review.content
    send(client, "solve", pick(*incidents), **fields)

    assert {fresh(one).state for one in incidents} == {State.SOLVED}
    for one in incidents:
        assert one.targets.get().met_at is not None
        assert Notice.objects.filter(to=one.reporter).count() == 1


def test_nothing_but_a_humans_answer_meets_a_target(client):
    """C8: what is done to many at once without a word to the customer leaves every target open."""
    incident = reported()
    engineer = make_engineer(is_lead=True)
    defect = make_defect()
    client.force_login(engineer)
    asked: dict[str, Mapping[str, object]] = {
        "assign": {"to": engineer.pk},
        "priority": {"priority": 1, "reason": "All stand still"},
        "tag": {"tags": "outage"},
        "defect": {"number": defect.number},
        "wait": {},
        "service": {"service": make_service(key="migration").pk, "reason": "Not what it was"},
        "close": SOLVED,
        "read": {},
    }
    for do, fields in asked.items():
        send(client, do, pick(incident), **fields)

    incident = fresh(incident)
    assert incident.targets.get().met_at is None
    assert incident.state in (State.NEW, State.OPEN)  # an answer is owed: it neither waits nor ends
    assert (incident.owner, incident.priority, incident.defect) == (engineer, 1, defect)
    assert [one.name for one in incident.tags.all()] == ["outage"]
    assert Seen.objects.get().person == engineer


def test_what_owes_nothing_may_wait_for_the_customer(client):
    incident = make_incident(state=State.OPEN)
    client.force_login(make_engineer())

    assert send(client, "wait", pick(incident)).status_code == 302
    assert fresh(incident).state == State.WAITING


def test_all_that_match_are_taken_up_to_the_limit_which_is_said(client):
    organisation = make_organisation()
    first = make_incident(organisation=organisation)
    for n in range(MOST + 2):
        incident = make_incident(
            organisation=organisation,
            reporter=first.reporter,
            subject=f"IMAP {n}" if n else "IMAP zqx",
        )
        make_target(
            incident, opened_at=timezone.now() - days(1), due_at=timezone.now() + hours(n + 1)
        )
    client.force_login(make_manager())

    fields = {"matching": "1", "q": "imap", "view": "open", "do": "tag"}
    few = client.post(BULK, fields | {"q": "zqx"})
    many = client.post(BULK, fields)

    assert len(few.context["choices"]) == 1
    assert len(many.context["choices"]) == MOST
    assert f"The first {MOST} of {MOST + 3} that match" in many.content.decode()


@pytest.mark.parametrize(
    ("fields", "status"),
    (
        ({"do": "tag", "pick": []}, 400),
        ({"do": "tag", "pick": ["x", "-1.a", "9" * 30, ""]}, 400),
        ({"do": "nonsense", "pick": ["1.a"]}, 404),
        ({"do": "assign", "step": "do", "pick": ["1.a"], "to": "x"}, 400),
        ({"do": "close", "step": "review", "pick": ["1.a"], "cause": "nonsense"}, 400),
        ({"do": "read", "step": "do", "pick": [f"{n}.a" for n in range(MOST + 1)]}, 409),
        ({"do": "tag", "step": "review", "pick": ["1.a"], "tags": "!!"}, 400),
    ),
)
def test_nonsense_is_refused_in_words(client, fields, status):
    client.force_login(make_manager())
    assert client.post(BULK, fields).status_code == status
    assert client.get(BULK).status_code == 405


def test_the_way_back_leads_to_no_other_site(client):
    incident = make_incident(state=State.OPEN)
    client.force_login(make_manager())
    back = "https://evil.example/admin/queue/"

    assert send(client, "wait", pick(incident), back=back).headers["Location"] == QUEUE


@pytest.mark.parametrize("rows", (1, 3))
def test_looking_at_what_was_chosen_costs_the_same_for_any_number(client, rows):
    picked = pick(*[make_incident() for _ in range(rows)])
    client.force_login(make_manager())
    with asks(4):  # session, person, incidents, the rail's
        send(client, "tag", picked, step="")
