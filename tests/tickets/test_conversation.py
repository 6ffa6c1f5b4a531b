"""Answers, notes, the customer's messages, and what each does to the answer that is owed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import NotAllowed
from core.journal import entries_of
from notices.models import Notice
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_message,
    make_target,
)
from tests.tickets.desk import covered, filed, journal, moment, target_of, told
from tickets.actions.conversation import answer, note, write
from tickets.enums import MessageKind, State
from tickets.errors import EmptyFile, EmptyText, IncidentClosed
from tickets.models import Message
from tickets.reads.promise import promise_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer():
    return make_engineer()


@pytest.fixture
def incident(engineer):
    """Premium, received at nine, owed an answer by three."""
    return filed()


def answered(incident, engineer, *, at=NINE + hours(1), **fields):
    return answer(incident, author=engineer, body="Restart IMAP.", at=at, **fields)


def wrote(incident, *, at, body="Still broken.", **fields):
    return write(incident, author=incident.reporter, body=body, at=at, **fields)


def test_an_answer_meets_the_target_and_is_mailed_with_a_thread_of_its_own(incident, engineer):
    message = answered(incident, engineer)

    target = target_of(incident)
    notice = Notice.objects.get(template="incident_answered")
    message.refresh_from_db()
    assert (target.met_at, target.met_by) == (NINE + hours(1), engineer)
    assert message.kind == MessageKind.ANSWER
    assert (notice.to, notice.headers["Message-ID"]) == (incident.reporter, message.message_id)
    assert incident.number.lower() in notice.headers["Reply-To"]
    assert notice.context["body"] == "Restart IMAP."


@pytest.mark.parametrize(
    ("at", "state"),
    (
        ("2026-03-02T15:00:00+00:00", "met"),  # C3: at the due moment is in time
        ("2026-03-02T15:00:00.000001+00:00", "late"),
    ),
)
def test_an_answer_is_in_time_until_the_due_moment_itself(incident, engineer, at, state):
    answered(incident, engineer, at=moment(at))

    assert promise_of(incident, at=NINE + hours(9)).state == state
    assert entries_of(incident).get(kind="response_target.met").facts["in_time"] is (state == "met")


def test_an_answer_before_the_report_came_in_meets_nothing(incident, engineer):
    answered(incident, engineer, at=NINE - hours(1))

    assert target_of(incident).met_at is None


def test_an_answer_ends_the_warnings(incident, engineer):
    answered(incident, engineer)

    skipped = target_of(incident).warnings.values_list("skipped_at", flat=True)
    assert list(skipped) == [NINE + hours(1)] * 2


@pytest.mark.parametrize(
    ("then", "state"),
    (("open", State.OPEN), ("waiting", State.WAITING), ("solved", State.SOLVED)),
)
def test_an_answer_says_how_it_goes_on(incident, engineer, then, state):
    answered(incident, engineer, then=then)

    incident.refresh_from_db()
    assert incident.state == state
    assert incident.solved_at == (NINE + hours(1) if then == "solved" else None)


def test_solving_asks_the_one_question(incident, engineer):
    answered(incident, engineer, then="solved")

    notice = Notice.objects.get(template="incident_solved")
    assert notice.to == incident.reporter
    assert "/rate/" in notice.context["rating_url"]
    assert told(incident, "incident_answered") == set()


def test_who_answers_what_nobody_owns_becomes_its_owner():
    incident = make_incident()
    engineer = make_engineer()

    answered(incident, engineer)

    incident.refresh_from_db()
    assert incident.owner == engineer


def test_a_second_answer_meets_nothing_again(incident, engineer):
    answered(incident, engineer)

    answered(incident, engineer, at=NINE + hours(3))

    assert incident.targets.get().met_at == NINE + hours(1)  # C7


def test_a_note_answers_nothing_and_tells_no_customer(incident, engineer):
    note(incident, author=engineer, body="Looks like DNS.", at=NINE + hours(1))

    assert target_of(incident).met_at is None
    assert told(incident, "incident_answered") == set()
    assert not Message.objects.visible_to(incident.reporter).filter(kind="note").exists()


def test_an_automatic_message_answers_nothing(incident):
    make_message(incident, kind=MessageKind.AUTOMATIC, author=None, sent_at=NINE)

    assert target_of(incident).met_at is None


def test_a_colleague_of_the_customer_answers_nothing(incident):
    colleague = make_contact(incident.organisation)

    message = write(incident, author=colleague, body="Same here.", at=NINE + hours(1))

    assert message.kind == MessageKind.REPORT
    assert target_of(incident).met_at is None
    with pytest.raises(NotAllowed):
        answer(incident, author=colleague, body="Solved!", at=NINE + hours(1))


def test_s37_only_the_public_answer_of_a_human_stops_the_clock(engineer):
    incident = filed(covered("first"), at=moment("2026-02-11T10:00+01:00"))
    make_message(incident, kind=MessageKind.AUTOMATIC, author=None)
    note(incident, author=engineer, body="Hm.", at=moment("2026-02-11T10:20+01:00"))
    owed = target_of(incident)

    answered(incident, engineer, at=moment("2026-02-12T09:59:59+01:00"))

    assert (owed.due_at, owed.met_at) == (moment("2026-02-12T10:00+01:00"), None)
    assert target_of(incident).met_at == moment("2026-02-12T09:59:59+01:00")
    assert promise_of(incident, at=moment("2026-02-13T10:00+01:00")).state == "met"


def test_a_message_while_an_answer_is_owed_opens_no_second_target(incident):
    wrote(incident, at=NINE + hours(2))

    target = incident.targets.get()
    assert (target.cycle, target.due_at) == (1, NINE + hours(6))


def test_a_message_after_an_answer_opens_the_next_target(incident, engineer):
    answered(incident, engineer)

    wrote(incident, at=NINE + hours(8))

    first, second = incident.targets.all()
    assert (first.met_at, first.due_at) == (NINE + hours(1), NINE + hours(6))
    assert (second.cycle, second.opened_at) == (2, NINE + hours(8))
    assert second.due_at == NINE + hours(14)
    assert second.warnings.count() == 2


def test_a_message_ends_the_waiting_and_tells_the_owner(incident, engineer):
    answered(incident, engineer, then="waiting")

    wrote(incident, at=NINE + hours(2))

    incident.refresh_from_db()
    assert incident.state == State.OPEN
    assert told(incident, "incident_customer_wrote") == {engineer.email}


def test_a_message_on_an_uncovered_incident_opens_no_clock():
    incident = filed(make_licence())

    wrote(incident, at=NINE + hours(1))

    assert not incident.targets.exists()
    assert incident.messages.count() == 2


def test_files_alone_are_a_message(incident):
    message = wrote(
        incident, at=NINE + hours(1), body="", files=[SimpleUploadedFile("a.log", b"x")]
    )

    assert (message.body, message.attachments.get().name) == ("", "a.log")


@pytest.mark.parametrize(
    ("fields", "error"),
    (
        ({"body": "\0 \n"}, EmptyText),
        ({"body": "See it", "files": [SimpleUploadedFile("a.log", b"")]}, EmptyFile),
    ),
)
def test_a_message_that_can_not_be_taken_changes_nothing(incident, engineer, fields, error):
    answered(incident, engineer, then="waiting")
    before = journal(incident)

    with pytest.raises(error):
        wrote(incident, at=NINE + hours(2), **fields)

    incident.refresh_from_db()
    assert (incident.state, incident.targets.count()) == (State.WAITING, 1)
    assert journal(incident) == before


def test_strangers_neither_read_nor_write(incident):
    stranger = make_contact()

    for act in (write, answer, note):
        with pytest.raises(NotAllowed):
            act(incident, author=stranger, body="Hello", at=NINE + hours(1))


def test_a_closed_incident_is_not_answered(engineer):
    incident = make_incident(state=State.CLOSED)
    make_target(incident, met_at=NINE + hours(1))

    with pytest.raises(IncidentClosed, match=incident.number):
        answered(incident, engineer)


def test_an_answer_threads_onto_what_was_said_before(incident, engineer):
    wrote(incident, at=NINE + hours(1), message_id="<1@northwind.example>")
    first = answered(incident, engineer, at=NINE + hours(2))
    first.refresh_from_db()

    answered(incident, engineer, at=NINE + hours(3))

    headers = Notice.objects.filter(template="incident_answered").latest("pk").headers
    assert headers["In-Reply-To"] == first.message_id
    assert headers["References"] == f"<1@northwind.example> {first.message_id}"
