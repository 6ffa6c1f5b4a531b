"""Addresses that take no mail, on the desk: answers to them, mails from them, the pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core.journal import entries_of
from mailroom.enums import MailOutcome
from notices.models import BouncingAddress, Notice
from notices.sending.delivery import send_one
from notices.sending.rendering import mail_of
from tests.factories import (
    NINE,
    hours,
    make_admin_contact,
    make_bouncing,
    make_contact,
    make_engineer,
    make_manager,
    make_notice,
    make_partner_engineer,
)
from tests.mailroom.arriving import arrived
from tests.mailroom.making import delivery_report, mail, proven
from tests.tickets.desk import filed, journal, target_of, told
from tests.tickets.staff_pages import asks, page_of
from tickets.actions.conversation import answer
from tickets.actions.participants import join
from tickets.actions.promises.alarms import note_breach
from tickets.actions.promises.audit import audit
from tickets.actions.thread_headers import return_path
from tickets.enums import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    return filed()


@pytest.fixture
def engineer():
    return make_engineer(email="ts1@desk.example", name="Ion")


def report_about(notice: Notice, address: str, *, to: str = "") -> bytes:
    returned = str(mail_of(notice).extra_headers["Message-ID"])
    report: bytes = delivery_report(
        (address, "failed", "5.1.1"), returned_id=returned, to=to or return_path(notice)
    )
    return report


def test_an_answer_that_nobody_can_get_meets_nothing_and_its_author_hears_it(incident, engineer):
    make_bouncing(incident.reporter)

    message = answer(incident, author=engineer, body="Restart it.", at=NINE + hours(1))

    incident.refresh_from_db()
    assert (target_of(incident).met_at, incident.state) == (None, State.OPEN)
    assert message.taken_back_at == NINE + hours(1)
    assert told(incident, "answer_bounced") == {engineer.email}
    assert "incident.answer_taken_back" in journal(incident)
    assert note_breach(target_of(incident).pk, at=NINE + hours(7))
    assert audit(NINE.date(), at=NINE + hours(40)).differences == 0


def test_an_answer_that_a_colleague_gets_counts(incident, engineer):
    make_bouncing(incident.reporter)
    bob = make_contact(incident.organisation)
    join(incident, bob, by=bob, at=NINE)

    answer(incident, author=engineer, body="Restart it.", at=NINE + hours(1))

    assert target_of(incident).met_at == NINE + hours(1)


def test_the_engineer_sees_why_it_was_not_sent(incident, engineer, client: Client):
    make_bouncing(incident.reporter)
    answer(incident, author=engineer, body="Restart it.", at=NINE + hours(1))
    send_one(Notice.objects.get(template="incident_answered").pk, at=NINE + hours(1))
    client.force_login(engineer)

    shown = " ".join(client.get(page_of(incident)).text.split())

    assert "Not sent: this address takes no mail since 2 March 2026" in shown
    assert reverse("admin:addresses") in shown


def test_a_notice_that_comes_back_marks_the_address(incident):
    notice = make_notice(to=incident.reporter, sent_at=NINE)

    stored = arrived(report_about(notice, incident.reporter.email), at=NINE + hours(1))

    notice.refresh_from_db()
    assert (stored.outcome, notice.bounced_at) == (MailOutcome.AUTOMATIC, NINE + hours(1))
    assert BouncingAddress.objects.get().address == incident.reporter.email
    assert incident.reporter.email in stored.reason


def test_who_never_had_the_notice_can_not_make_its_address_bounce(incident):
    notice = make_notice(to=incident.reporter, sent_at=NINE)

    guessed = f"support+b{notice.pk}.{'a' * 16}@axigen.example"
    for to in ("support@axigen.example", guessed):
        arrived(report_about(notice, incident.reporter.email, to=to), at=NINE + hours(1))

    assert not BouncingAddress.objects.exists()


def test_a_mail_from_the_address_shows_that_it_works(incident, filtered):
    make_bouncing(incident.reporter)

    arrived(mail("It stopped.", sender=incident.reporter.email), at=NINE + hours(0.5))
    assert BouncingAddress.objects.get().cleared_at is None  # anybody could have written that

    raw = mail("It is down.", sender=incident.reporter.email, Message_ID="<2@x.example>")
    arrived(proven(raw), at=NINE + hours(1))

    assert BouncingAddress.objects.get().cleared_how == "wrote"


def test_an_admin_contact_corrects_it_and_what_was_held_goes_there(client: Client, mailoutbox):
    admin = make_admin_contact()
    person = make_contact(admin.organisation, name="Ana Pop")
    period = make_bouncing(person)
    notice = make_notice(to=person)
    send_one(notice.pk, at=NINE)
    Notice.objects.filter(pk=notice.pk).update(made_at="2100-01-01T00:00:00Z")  # of this week
    client.force_login(admin)

    shown = client.get(reverse("accounts:people")).text
    done = client.post(
        reverse("accounts:mend_address", args=[period.pk, "correct"]),
        {"email": "ana.pop@northwind.example"},
        follow=True,
    )

    person.refresh_from_db()
    notice.refresh_from_db()
    assert "Its mailbox does not exist" in shown
    assert "is reached at ana.pop@northwind.example" in done.text
    assert "Its mailbox does not exist" not in done.text
    assert person.email == "ana.pop@northwind.example"
    assert send_one(notice.pk, at=notice.next_at)
    assert mailoutbox[0].to == ["ana.pop@northwind.example"]
    assert entries_of(person).get(kind="person.address").by == admin


def test_an_engineer_says_that_it_works_again(client: Client, engineer, incident):
    period = make_bouncing(incident.reporter)
    client.force_login(engineer)

    shown = client.get(reverse("admin:addresses")).text
    done = client.post(reverse("admin:mend_address", args=[period.pk, "works"]), follow=True)

    period.refresh_from_db()
    assert str(incident.organisation) in shown
    assert "All mail arrives" in done.text
    assert (period.cleared_how, period.cleared_by) == ("said", engineer)


@pytest.mark.parametrize(
    ("email", "said"),
    (
        ("", "Write a whole e-mail address"),
        ("taken@people.example", "There is already an account"),
    ),
)
def test_a_wrong_correction_is_refused(client: Client, engineer, incident, email, said):
    make_contact(email="Taken@people.example")
    period = make_bouncing(incident.reporter)
    client.force_login(engineer)

    answered = client.post(
        reverse("admin:mend_address", args=[period.pk, "correct"]), {"email": email}
    )

    assert answered.status_code in (400, 409)
    assert said in answered.text
    assert BouncingAddress.objects.running().exists()


def test_an_address_that_works_is_corrected_by_nobody(client: Client, incident):
    admin = make_admin_contact(incident.organisation)
    period = make_bouncing(incident.reporter, cleared_at=NINE, cleared_how="said")
    client.force_login(admin)

    url = reverse("accounts:mend_address", args=[period.pk, "correct"])

    assert client.post(url, {"email": "mine@people.example"}).status_code == 404


def test_the_vendors_own_addresses_are_the_managers(client: Client, engineer):
    make_bouncing(make_engineer())
    client.force_login(engineer)
    assert "All mail arrives" in client.get(reverse("admin:addresses")).text

    client.force_login(make_manager())
    assert "All mail arrives" not in client.get(reverse("admin:addresses")).text


def test_partners_and_plain_contacts_have_no_such_page(client: Client, incident):
    period = make_bouncing(incident.reporter)
    client.force_login(make_partner_engineer())
    assert client.get(reverse("admin:addresses")).status_code == 404

    client.force_login(make_contact(incident.organisation))
    url = reverse("accounts:mend_address", args=[period.pk, "works"])
    assert client.post(url).status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_the_page_asks_the_same_for_any_number(client: Client, rows):
    for _ in range(rows):
        make_bouncing()
    client.force_login(make_manager())

    with asks(5):
        client.get(reverse("admin:addresses"))
