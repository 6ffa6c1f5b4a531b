"""Answers by mail to a side conversation (X4): they stand in it, and nowhere else."""

import pytest

from accounts.enums import Role
from mailroom.enums import MailOutcome
from notices.models import Notice
from notices.readers import read_no_more
from notices.rules.threads import AsideAddress, Ours
from notices.sending.rendering import mail_of
from tests.factories import (
    NINE,
    hours,
    make_engineer,
    make_notice,
    make_partner,
    make_partner_engineer,
)
from tests.mailroom.arriving import arrived
from tests.mailroom.making import mail, proven
from tests.tickets.desk import filed, target_of
from tickets.actions.asides import AsideWords, leave_aside, open_aside
from tickets.models import Incident

pytestmark = pytest.mark.django_db

REPLY = "Rebuild it.\r\n\r\nOn 2 March 2026 Desk <s@desk.example> wrote:\r\n> Is it?\r\n"


@pytest.fixture
def owner():
    return make_engineer(name="Olga Owner", email="olga@axsupport.example")


@pytest.fixture
def developer():
    return make_engineer(role=Role.TS3, name="Dev Three", email="dev@axsupport.example")


@pytest.fixture
def incident(owner):
    return filed()


def asked(incident, by, *people):
    words = AsideWords("Is it the **index**?")
    return open_aside(incident, words, people=people, by=by, at=NINE)


def answered(aside, person, body, *, n=1, proof="dmarc=pass header.from=axsupport.example"):
    notice = Notice.objects.filter(template="incident_aside", to=person).latest("pk")
    address = mail_of(notice).extra_headers["Reply-To"]
    raw = mail(body, sender=person.email, To=address, Message_ID=f"<{n}@v.example>")
    return arrived(proven(raw, proof) if proof else raw, at=NINE + hours(1))


def test_an_answer_by_mail_stands_in_it_and_nowhere_else(incident, owner, developer, filtered):
    aside = asked(incident, owner, developer)

    stored = answered(aside, developer, REPLY)

    assert stored.outcome == MailOutcome.MESSAGE
    assert [one.body for one in aside.messages.all()] == ["Is it the **index**?", "Rebuild it."]
    assert not incident.messages.filter(author=developer).exists()
    assert target_of(incident).met_at is None
    again = answered(aside, developer, REPLY)
    assert (again.outcome, aside.messages.count()) == (MailOutcome.DUPLICATE, 2)


def test_a_mail_that_proves_nothing_or_comes_too_late_is_kept_aside(
    incident, owner, developer, filtered
):
    aside = asked(incident, owner, developer)

    assert answered(aside, developer, "Forged.", proof="").outcome == MailOutcome.HELD
    leave_aside(aside, person=developer, by=owner, at=NINE)
    assert answered(aside, developer, "Late.", n=2).outcome == MailOutcome.HELD
    assert aside.messages.count() == 1


def test_what_comes_too_late_is_nowhere_else_either_though_it_quotes_a_customers_mail(
    owner, developer, filtered
):
    """Of whom it quotes it would be a new incident, which that customer reads (X4)."""
    incident = filed()
    partner = make_partner()
    incident.organisation.partner = partner
    incident.organisation.save()
    local = make_partner_engineer(partner, email="local@axsupport.example")
    aside = asked(incident, owner, local)
    leave_aside(aside, person=local, by=owner, at=NINE)
    before = Incident.objects.count()
    quoting = (
        "They know nothing.\r\n\r\n---------- Forwarded message ---------\r\n"
        f"From: Ana <{incident.reporter.email}>\r\nDate: Monday 10:00\r\nTo: Ion\r\n"
        "Subject: Relay\r\n\r\nRelay?\r\n"
    )

    stored = answered(aside, local, quoting)

    assert stored.outcome == MailOutcome.HELD
    assert Incident.objects.count() == before
    raw = mail(quoting, sender=local.email, Message_ID="<9@v.example>")
    plain = arrived(proven(raw, "dmarc=pass header.from=axsupport.example"), at=NINE + hours(2))
    assert plain.outcome == MailOutcome.INCIDENT, "what is forwarded to the desk itself is theirs"


def test_who_takes_part_no_more_gets_no_mail_of_it_that_waited(incident, owner, developer):
    aside = asked(incident, owner, developer)
    notice = Notice.objects.get(template="incident_aside", to=developer)
    assert read_no_more(developer, [notice]) == set()

    leave_aside(aside, person=developer, by=owner, at=NINE)

    assert read_no_more(developer, [notice]) == {notice.pk}


def test_a_partner_whose_customer_left_gets_no_mail_about_it_that_waited(owner):
    incident = filed()
    incident.organisation.partner = make_partner()
    incident.organisation.save()
    local = make_partner_engineer(incident.organisation.partner)
    about = {"organisation": incident.organisation, "subject": f"tickets.incident:{incident.pk}"}
    theirs = make_notice(to=local, template="incident_assigned", **about)
    ours = make_notice(to=owner, template="incident_assigned", **about)
    assert read_no_more(local, [theirs]) == set()

    incident.organisation.partner = make_partner()
    incident.organisation.save()

    assert read_no_more(local, [theirs]) == {theirs.pk}
    assert read_no_more(owner, [ours]) == set(), "what their work is"


def test_the_address_is_signed_for_one_person_and_one_conversation():
    ours = Ours(secret="s", domain="desk.example", local_part="support")
    address = ours.for_aside(7, 12)

    assert ours.aside(address.upper()) == AsideAddress(7, 12)
    for forged in (address.replace("a7.", "a8."), address.replace(".12.", ".13."), "x@y.example"):
        assert ours.aside(forged) is None
    assert ours.engineer(address) is None
    assert ours.notice(address) is None
