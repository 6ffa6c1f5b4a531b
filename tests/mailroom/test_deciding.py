"""Mail kept aside, and the person who decides what becomes of it."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Person
from core.errors import NotAllowed
from core.models import JournalEntry
from entitlements.enums import Level
from mailroom.actions import deciding as mail_deciding
from mailroom.enums import MailOutcome
from mailroom.errors import MailDecided, MailTakenBefore, NotTheirIncident, WhoseCustomer
from mailroom.models import InboundMail
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_licence,
    make_organisation,
    make_subscription,
)
from tests.mailroom.arriving import arrived
from tests.mailroom.making import file, mail, multipart, part
from tests.tickets.desk import covered, filed, level_of, target_of
from tickets.actions.conversation import answer
from tickets.enums import State
from tickets.errors import NoReason
from tickets.models import Incident

pytestmark = pytest.mark.django_db

NEW = "new@northwind.example"


@pytest.fixture
def engineer():
    return make_engineer()


@pytest.fixture
def kept():
    """Of a stranger, at nine, with a file."""
    raw = multipart(
        part("It stops since ten."),
        file(b"refused\n", "text/plain", "imap.log"),
        sender=f"New Person <{NEW}>",
        Subject="IMAP stops",
    )
    return arrived(raw)


def test_a_mail_of_a_stranger_becomes_an_incident_of_the_organisation_that_was_chosen(
    kept, engineer
):
    organisation = covered().organisation

    incident = mail_deciding.make_incident(
        kept,
        email=NEW,
        name="New Person",
        organisation=organisation,
        by=engineer,
        at=NINE + hours(3),
    )

    kept.refresh_from_db()
    person = Person.objects.get(email=NEW)
    assert (person.organisation, person.has_usable_password()) == (organisation, False)
    assert (incident.reporter, incident.subject, incident.channel) == (
        person,
        "IMAP stops",
        "email",
    )
    assert [one.name for one in incident.messages.get().attachments.all()] == ["imap.log"]
    assert (kept.outcome, kept.incident) == (MailOutcome.INCIDENT, incident)
    assert JournalEntry.objects.get(kind="mail.decided").by == engineer


def test_coverage_and_clock_are_those_of_the_moment_the_mail_came_in(engineer):
    """R1: neither when somebody looked, nor what was bought or ran out in between."""
    licence = make_licence(make_organisation(), registered_on=date(2020, 1, 1))
    make_subscription(licence, starts_on=NINE.date() - days(364), ends_on=NINE.date() + days(1))
    kept = arrived(mail("Help", sender=NEW))

    incident = mail_deciding.make_incident(
        kept, email=NEW, organisation=licence.organisation, by=engineer, at=NINE + days(5)
    )

    assert (level_of(incident), incident.received_at) == (Level.PREMIUM, NINE)
    assert target_of(incident).due_at == NINE + hours(6)


def test_a_mail_goes_to_an_incident_and_its_author_joins_the_organisation(kept, engineer):
    incident = filed(covered())

    message = mail_deciding.add_to_incident(
        kept, incident, email=NEW, by=engineer, at=NINE + hours(1)
    )

    kept.refresh_from_db()
    assert (message.incident, message.author.email, message.sent_at) == (incident, NEW, NINE)
    assert message.author.organisation == incident.organisation
    assert (kept.outcome, kept.incident) == (MailOutcome.MESSAGE, incident)


def test_a_mail_that_waited_while_its_incident_was_solved_opens_it_again(kept, engineer):
    incident = filed(covered())
    answer(incident, author=engineer, body="Done.", at=NINE + hours(1), then=State.SOLVED)

    mail_deciding.add_to_incident(kept, incident, email=NEW, by=engineer, at=NINE + hours(3))

    incident.refresh_from_db()
    assert incident.state == State.OPEN
    assert incident.targets.get(cycle=2).opened_at == NINE + hours(1)


def test_a_contact_of_another_organisation_does_not_write_on_an_incident(kept, engineer):
    incident, other = filed(covered()), make_contact()

    with pytest.raises(NotTheirIncident):
        mail_deciding.add_to_incident(kept, incident, email=other.email, by=engineer, at=NINE)


@pytest.mark.parametrize("who", ("nobody@example.net", "staff"))
def test_without_a_customer_there_is_no_incident(kept, engineer, who):
    address = engineer.email if who == "staff" else who

    with pytest.raises(WhoseCustomer):
        mail_deciding.make_incident(kept, email=address, by=engineer, at=NINE)

    assert not Incident.objects.exists()


def test_a_dismissed_mail_keeps_its_reason_and_is_decided_once(kept, engineer):
    with pytest.raises(NoReason):
        mail_deciding.dismiss(kept, reason=" ", by=engineer, at=NINE)
    mail_deciding.dismiss(kept, reason="An offer of roof tiles", by=engineer, at=NINE)

    kept.refresh_from_db()
    assert kept.outcome == MailOutcome.DISMISSED
    assert kept.reason.endswith("An offer of roof tiles")
    assert not InboundMail.objects.kept_for_a_human().exists()
    with pytest.raises(MailDecided):
        mail_deciding.make_incident(kept, email=NEW, by=engineer, at=NINE)


def test_the_same_mail_is_not_taken_twice_by_two_decisions(ana, engineer):
    raw = mail("Help", sender=NEW)
    first = arrived(raw)
    first.refresh_from_db()
    InboundMail.objects.filter(pk=first.pk).update(message_id="<lost@x>")
    second = arrived(raw)  # kept as well, since nobody saw that it is the same
    mail_deciding.make_incident(
        first, email=NEW, organisation=ana.organisation, by=engineer, at=NINE
    )

    with pytest.raises(MailTakenBefore):
        mail_deciding.make_incident(second, email=NEW, by=engineer, at=NINE)

    assert Incident.objects.count() == 1


def test_customers_and_partners_decide_nothing(kept):
    with pytest.raises(NotAllowed):
        mail_deciding.dismiss(kept, reason="x", by=make_contact(), at=NINE)


def test_the_page_makes_the_incident_and_leads_to_it(client, kept, engineer):
    organisation = covered().organisation
    client.force_login(engineer)
    page = reverse("admin:mail", args=[kept.pk])

    shown = client.get(page).content.decode()
    refused = client.post(reverse("admin:mail_decide", args=[kept.pk, "incident"]), {"email": NEW})
    done = client.post(
        reverse("admin:mail_decide", args=[kept.pk, "incident"]),
        {"email": NEW, "name": "New Person", "organisation": organisation.pk},
    )

    incident = Incident.objects.get()
    assert f'value="{NEW}"' in shown
    assert refused.status_code == 400
    assert "Choose the organisation" in refused.content.decode()
    assert done.headers["Location"] == reverse("admin:incident", args=[incident.number])
    assert client.get(page).status_code == 404


def test_the_page_adds_to_an_incident_and_dismisses(client, kept, engineer):
    incident = filed(covered())
    other = arrived(mail("Buy!", sender="x@spam.example", Message_ID="<9@x>"))
    client.force_login(engineer)

    unknown = client.post(
        reverse("admin:mail_decide", args=[kept.pk, "message"]),
        {"email": NEW, "number": "AX-1999-000001"},
    )
    added = client.post(
        reverse("admin:mail_decide", args=[kept.pk, "message"]),
        {"email": NEW, "number": incident.number.lower()},
    )
    dismissed = client.post(
        reverse("admin:mail_decide", args=[other.pk, "dismiss"]), {"reason": "Advertising"}
    )

    assert (unknown.status_code, added.status_code, dismissed.status_code) == (404, 302, 302)
    assert "There is no incident AX-1999-000001" in unknown.content.decode()
    assert incident.messages.count() == 2
    assert not InboundMail.objects.kept_for_a_human().exists()
