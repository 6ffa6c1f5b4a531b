"""The pages of mails that became nothing, the original of each message, and what is in a mail."""

import pytest
from django.urls import reverse

from entitlements.enums import Level
from mailroom import tasks as mailroom_tasks
from mailroom.actions.intake import handle
from mailroom.actions.taking import licences_named
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from notices.models import Notice
from notices.sending.rendering import mail_of
from telephone.actions.calls import log_report
from telephone.actions.records import CallFacts
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_licence,
    make_mail,
    make_manager,
    make_organisation,
    make_partner_engineer,
)
from tests.mailroom.arriving import ANA, arrived
from tests.mailroom.making import file, mail, multipart, part
from tests.tickets.desk import journal, level_of, target_of
from tests.tickets.staff_pages import asks, page_of
from tests.tickets.test_plans import copies, fill, plan_of
from tickets.models import Incident

pytestmark = pytest.mark.django_db

NOTHING = reverse("admin:mail_opened_nothing")


def made_nothing(**fields) -> InboundMail:
    found: InboundMail = make_mail(outcome=MailOutcome.AUTOMATIC, **fields)
    return found


def test_what_opened_nothing_is_listed_with_its_reason_searched_and_read(client):
    away = made_nothing(subject="Out of office", reason="It is an out-of-office reply")
    made_nothing(subject="Read receipt", sender="x@y.example", reason="It is a read receipt")
    make_mail(subject="Of a stranger")
    client.force_login(make_manager())

    page = client.get(NOTHING).text
    found = client.get(NOTHING, {"q": "office reply"}).text
    none = client.get(NOTHING, {"q": "nobody's words"}).text

    assert "It is a read receipt" in page
    assert "Of a stranger" not in page
    assert ("Out of office" in found, "Read receipt" in found) == (True, False)
    assert "No mail says that" in none
    assert "Make it an incident" in client.get(reverse("admin:mail", args=[away.pk])).text


def test_what_came_twice_is_shown_and_not_decided_again(client):
    twice = make_mail(outcome=MailOutcome.DUPLICATE, reason="The same mail came before.")
    client.force_login(make_manager())

    page = client.get(reverse("admin:mail", args=[twice.pk])).text

    assert "The same mail came before." in page
    assert "Make it an incident" not in page


def test_it_is_not_for_partners_and_customers(client):
    client.force_login(make_partner_engineer())
    assert client.get(NOTHING).status_code == 403
    client.force_login(make_contact())
    assert client.get(NOTHING).status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_it_costs_the_same_for_any_number(client, rows):
    for _ in range(rows):
        made_nothing()
    client.force_login(make_manager())

    with asks(4):  # session, person, mails, the rail's one
        client.get(NOTHING)


def test_the_sweep_that_tells_of_kept_mails_reads_its_indexes():
    told = make_mail(told_at=NINE)
    fill(InboundMail, copies(told))
    make_mail()
    make_engineer(is_lead=True)

    done, plan = plan_of(mailroom_tasks.notify_of_kept_mails, "tickets_inboundmail")

    assert done == 1
    assert "mail_kept_untold" in plan
    assert "Seq Scan on tickets_inboundmail" not in plan


def test_staff_download_the_original_of_each_message_and_nobody_else(client, ana):
    raw = mail("It hangs.")
    incident = arrived(raw).incident
    assert incident is not None
    engineer = make_engineer()
    client.force_login(engineer)

    page = client.get(page_of(incident)).text
    address = incident.messages.get().mail_url
    got = client.get(address)

    assert address in page
    assert "Sender not proven" in page
    assert (got.content, got["Content-Type"]) == (raw, "application/octet-stream")
    client.force_login(ana)
    assert client.get(address).status_code == 404
    assert "Sender not proven" not in client.get(f"/incidents/{incident.number}/").text


def test_logos_push_no_log_out(ana):
    logos = [
        file(
            b"\x89PNG\r\n\x1a\n" + bytes([n]),
            "image/png",
            f"logo{n}.png",
            Content_ID=f"<logo{n}>",
            Content_Disposition=f'inline; filename="logo{n}.png"',
        )
        for n in range(12)
    ]
    html = part("<p>See. <img src='cid:logo1'></p>", "text/html")

    incident = arrived(multipart(html, *logos, file(b"error", "text/plain", "queue.log"))).incident

    assert incident is not None
    message = incident.messages.get()
    names = [one.name for one in message.attachments.all()]
    assert names[0] == "queue.log"
    assert "Kept with the original mail" not in message.body


def test_a_licence_is_named_by_its_whole_key():
    organisation = make_organisation()
    one, twelve = (make_licence(organisation, key=key) for key in ("AXG-H-1", "AXG-H-12"))

    assert licences_named("About AXG-H-12: it stopped", [one, twelve]) == [twelve]
    assert licences_named("axg-h-1. It stopped", [one, twelve]) == [one]
    assert licences_named("XAXG-H-1 AXG-H-1-5 AXG-H-123", [one, twelve]) == []


def test_a_call_that_nothing_covered_is_decided_again_for_the_mail_that_answers_it():
    licence = make_licence(make_organisation(), registered_on=NINE.date())
    ana = make_contact(licence.organisation, email=ANA)
    engineer = make_engineer()
    incident = log_report(
        CallFacts(),
        contact=ana,
        by=engineer,
        at=NINE,
        said="It stopped.",
        service="troubleshooting",
        subject="IMAP",
        licence=licence,
    )
    assert level_of(incident) is None
    notice = Notice.objects.filter(template="incident_not_covered").get()
    raw = mail("It still stops.", To=mail_of(notice).extra_headers["Reply-To"], Subject="As said")

    stored = arrived(raw, at=NINE + hours(1))
    handle(stored.pk, at=NINE + hours(2))

    incident.refresh_from_db()
    assert (stored.incident, incident.channel, Incident.objects.count()) == (incident, "email", 1)
    assert level_of(incident) == Level.BASIC
    assert target_of(incident).opened_at == NINE + hours(1)
    assert journal(incident).count("incident.reported_by_mail") == 1
    assert Notice.objects.filter(template="incident_filed").count() == 1
