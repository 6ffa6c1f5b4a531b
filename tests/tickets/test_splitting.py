"""Messages are taken out of an incident into one of their own (G2)."""

from datetime import datetime

import pytest

from accounts.tenancy import working_for
from core.errors import NotAllowed
from mailroom.actions.matching import hinted_incident, hints_of
from mailroom.text.reading import read_mail
from reports.actions.drafting import draft
from reports.rules.months import Month
from tests.factories import (
    NINE,
    days,
    hours,
    make_attachment,
    make_contact,
    make_engineer,
    make_organisation,
    make_tam,
)
from tests.mailroom.making import mail
from tests.tickets.desk import covered, filed, journal, level_of, target_of, told
from tests.tickets.search.finding import indexed, titles
from tests.tickets.staff_pages import action_of, form
from tickets.actions.conversation import answer, write
from tickets.actions.promises.audit import audit
from tickets.actions.splitting import split
from tickets.errors import EmptyText, SplitNothing, SplitReport
from tickets.models import Attachment, Incident, Message
from tickets.reads.customers_list import last_said

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer():
    return make_engineer()


@pytest.fixture
def incident(engineer):
    """Answered at ten."""
    incident = filed(covered(gold=1), use_gold=False)
    answer(incident, author=engineer, body="Restart it.", at=NINE + hours(1))
    return incident


@pytest.fixture
def other(incident):
    """What else the customer wants, at eleven."""
    return write(incident, author=incident.reporter, body="And SMTP?", at=NINE + hours(2))


def out(incident, *messages, by, at=NINE + hours(3), subject="SMTP"):
    chosen = [one.pk for one in messages]
    return split(incident, messages=chosen, subject=subject, by=by, at=at)


def shown(incident, reader):
    return [one.body for one in Message.objects.visible_to(reader).said_on(incident)]


def test_it_is_decided_and_clocked_from_its_own_moment(incident, other, engineer):
    made = out(incident, other, by=engineer)

    assert (made.received_at, made.decision.at) == (other.sent_at, other.sent_at)
    assert (level_of(made), made.reporter, made.split_from) == (
        "premium",
        incident.reporter,
        incident,
    )
    assert target_of(made).due_at == other.sent_at + hours(6)
    assert made.number != incident.number
    assert told(made, "incident_split") == {incident.reporter.email}


def test_its_words_stand_there_alone_and_files_come_along(incident, other, engineer):
    file = make_attachment(other)

    made = out(incident, other, by=engineer)

    assert shown(made, engineer) == ["And SMTP?"]
    assert shown(incident, incident.reporter) == ["It stopped this morning.", "Restart it."]
    assert list(Attachment.objects.visible_to(incident.reporter)) == [file]
    assert "incident.split" in journal(incident)
    assert "incident.split_off" in journal(made)


def test_the_other_owes_no_answer_to_what_was_taken_out(incident, other, engineer):
    out(incident, other, by=engineer)

    assert target_of(incident).abandoned_at == NINE + hours(3)


def test_it_owes_one_still_to_words_that_stay(incident, other, engineer):
    write(incident, author=incident.reporter, body="IMAP is down again", at=NINE + hours(2.5))

    made = out(incident, other, by=engineer)

    assert target_of(incident).abandoned_at is None
    answer(incident, author=engineer, body="On it.", at=NINE + hours(4))
    answer(made, author=engineer, body="SMTP is up.", at=NINE + hours(4))
    found = audit(NINE.date(), at=NINE + days(1))
    assert (found.differences, target_of(made).met_at) == (0, NINE + hours(4))


def test_a_mail_that_answers_it_leads_to_the_new_one(incident, other, engineer):
    Message.objects.filter(pk=other.pk).update(message_id="<smtp@customer.example>")
    made = out(incident, other, by=engineer)

    hints = hints_of(read_mail(mail("More.", In_Reply_To="<smtp@customer.example>")))

    assert hinted_incident(hints, incident.organisation) == made


def test_refusals(incident, other, engineer):
    report = incident.messages.earliest("pk")
    reply = incident.messages.get(kind="answer")
    theirs = filed().messages.get()

    for chosen, refusal in (
        ([], SplitNothing),
        ([reply], SplitNothing),
        ([theirs], SplitNothing),
        ([other, theirs], SplitNothing),
        ([report, other], SplitReport),
    ):
        with pytest.raises(refusal):
            out(incident, *chosen, by=engineer)
    with pytest.raises(EmptyText):
        out(incident, other, by=engineer, subject=" ")
    out(incident, other, by=engineer)
    with pytest.raises(SplitNothing):
        out(incident, other, by=engineer)


def test_only_who_may_answer_splits(incident, other):
    for person in (incident.reporter, make_engineer(make_organisation()), make_contact()):
        with pytest.raises(NotAllowed):
            out(incident, other, by=person)


def test_a_report_of_a_past_month_counts_it_only_when_it_was_known(engineer, incident, other):
    """Beside a stranger, whose month is theirs."""
    organisation = incident.organisation
    make_tam(organisation)
    filed()
    april = datetime.fromisoformat("2026-04-03T09:00:00+00:00")
    before = draft(organisation, Month(2026, 3), at=april).content

    out(incident, other, by=engineer, at=april + hours(2))

    again = draft(organisation, Month(2026, 3), at=april).content
    assert again == before


def test_it_is_done_on_the_page(client, settings, incident, other, engineer):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(engineer)
    page = action_of(incident, "split")

    opened = client.get(page).content.decode()
    done = client.post(page, form(messages=[str(other.pk)], subject="SMTP as well"))

    assert "And SMTP?" in opened
    assert "Restart it." not in opened.partition('name="messages"')[2][:200]
    assert done.status_code == 302
    assert Incident.objects.latest("pk").subject == "SMTP as well"
    assert client.post(page, form(messages=["9" * 30, "x"], subject="a")).status_code == 400


def test_its_words_are_behind_its_own_wall(incident, other, engineer):
    organisation = incident.organisation
    reader, writer = make_contact(organisation), other.author
    made = out(incident, other, by=engineer)
    Incident.objects.filter(pk=made.pk).update(is_private=True)
    indexed()

    assert other in Message.objects.visible_to(writer)
    assert other not in Message.objects.visible_to(reader)
    with working_for(reader):
        assert not Message.objects.filter(pk=other.pk).exists()
    with working_for(writer):
        assert Message.objects.filter(pk=other.pk).exists()
    last = last_said([incident, made])
    assert last[made.pk].word.text in other.body
    assert last[incident.pk].word.text not in other.body
    assert titles("SMTP", writer) == [made.subject]
    assert titles("SMTP", reader) == []
