"""What an unproven and a refuted mail may do, and what not (M1): through intake, to the ledger."""

import re
import time

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entitlements.enums import EntryKind, Level
from entitlements.models import LedgerEntry
from mailroom.actions.limits import notify_of_kept
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from notices.models import Notice
from notices.sending.delivery import send_one
from notices.sending.rendering import mail_of
from tests.factories import NINE, hours, make_contact, make_engineer, make_mail
from tests.mailroom.arriving import ANA, arrived
from tests.mailroom.making import mail, proven
from tests.tickets.desk import covered, filed, level_of, target_of
from tests.tickets.test_plans import copies, fill
from tickets.actions import gold_links
from tickets.models import Incident, Message

pytestmark = pytest.mark.django_db

REFUTED = "dmarc=fail (p=reject) header.from=northwind.example"


@pytest.fixture
def gold(ana):
    """Ana's organisation spends Gold by itself, and has two."""
    licence = covered(organisation=ana.organisation, gold=2)
    ana.organisation.gold_default = "always"
    ana.organisation.save()
    return licence


def about(licence, n: int = 1, **headers) -> bytes:
    raw: bytes = mail(f"About {licence.key}: it stopped.", Message_ID=f"<{n}@x.example>", **headers)
    return raw


def opened(raw: bytes) -> Incident:
    incident = arrived(raw).incident
    assert incident is not None
    return incident


def spent() -> int:
    return LedgerEntry.objects.filter(kind=EntryKind.CONSUME).count()


def link_in_the_acknowledgement() -> str:
    notice = Notice.objects.get(template="incident_filed")
    assert send_one(notice.pk, at=NINE + hours(0.1))
    found = re.search(r"/gold/\S+/", str(outbox.outbox[-1].body))
    return found[0] if found else ""


def test_refuted_mail_is_kept_aside_and_says_why(ana, filtered, gold):
    incident = filed(gold, reporter=ana, use_gold=False)
    raw = about(gold, Subject=f"Re: [{incident.number}] IMAP")

    stored = arrived(proven(raw, REFUTED))

    assert (stored.outcome, stored.proof) == (MailOutcome.HELD, "refuted")
    assert "not from northwind.example (DMARC failed)" in stored.reason
    assert (Incident.objects.count(), Message.objects.count(), spent()) == (1, 1, 0)


@pytest.mark.parametrize(
    ("sender", "domain"),
    (
        ("'Ana' via Support <support@axigen.example>", "axigen.example"),
        ("'Ana' via Ops <ops@northwind.example>", "northwind.example"),
        ("'Ana' via Ops <ops@elsewhere.example>", "elsewhere.example"),
    ),
)
def test_a_forged_list_names_nobody_behind_it(ana, filtered, sender, domain):
    listed = mail(sender=sender, List_Id="<ops.x.example>", X_Original_From=ANA)

    forged = arrived(proven(listed, f"dmarc=fail header.from={domain}"))
    genuine = arrived(proven(listed, f"dmarc=pass header.from={domain}"))

    assert (forged.outcome, forged.proof) == (MailOutcome.HELD, "refuted")
    assert (genuine.outcome, genuine.proof) == (MailOutcome.INCIDENT, "unproven")
    assert genuine.incident.reporter == ana


def test_headers_of_filters_that_nobody_named_count_for_nothing(ana, gold):
    stored = arrived(proven(about(gold)))

    assert (stored.proof, stored.incident.proof, spent()) == ("unproven", "unproven", 0)


def test_proven_mail_spends_gold_as_the_customer_decided(ana, filtered, gold):
    stored = arrived(proven(about(gold)))

    assert (stored.proof, level_of(Incident.objects.get()), spent()) == ("proven", Level.GOLD, 1)
    assert link_in_the_acknowledgement() == ""


def test_unproven_mail_spends_none_until_the_real_person_asks_for_it(ana, gold, monkeypatch):
    incident = opened(about(gold))
    assert (level_of(incident), spent()) == (Level.PREMIUM, 0)
    link = link_in_the_acknowledgement()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NINE + hours(1))
    client = Client()

    asked = client.get(link)
    assert (asked.status_code, spent()) == (200, 0)  # a scanner that follows links spends nothing
    done = client.post(link)
    again = client.post(link)

    assert (done.status_code, spent()) == (200, 1)
    assert again.status_code >= 400
    incident.refresh_from_db()
    assert (level_of(incident), target_of(incident).due_at) == (Level.GOLD, NINE + hours(4))


@pytest.mark.parametrize("token", ("1-99999999999:forged", "x", "1:", "%00"))
def test_a_forged_link_is_answered_clearly_and_spends_nothing(client, gold, token):
    answer = client.get(f"/gold/{token}/")

    assert answer.status_code == 404
    assert spent() == 0


def test_a_link_that_is_too_old_spends_nothing(client, ana, gold, monkeypatch):
    incident = opened(about(gold))
    token = gold_links.gold_url(incident, at=NINE).rstrip("/").rpartition("/")[2]
    late = NINE + gold_links.LASTS + hours(1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)

    assert client.post(reverse("tickets:gold_link", args=[token])).status_code == 404
    assert spent() == 0


def test_unproven_mail_changes_no_participants(ana, filtered):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    make_contact(ana.organisation, email="bob@northwind.example")
    raw = mail("Me, too.", sender="bob@northwind.example", Subject=incident.number, Cc=ANA)

    stored = arrived(raw)
    assert (stored.outcome, stored.became.proof) == (MailOutcome.MESSAGE, "unproven")
    assert incident.participants.count() == 0

    arrived(proven(raw.replace(b"Me, too", b"And I")))
    assert incident.participants.count() == 1


def test_a_flood_of_forged_mails_takes_nothing_from_the_genuine_ones(ana, filtered, settings):
    settings.MAILS_AN_HOUR = settings.UNPROVEN_MAILS_AN_HOUR = 5
    licence = covered(organisation=ana.organisation, gold=9)
    ana.organisation.gold_default = "always"
    ana.organisation.save()
    make_engineer(is_lead=True)
    genuine = []
    for n in range(40):
        forged = mail("Forged.", Message_ID=f"<f{n}@evil.example>", Subject=f"Forged {n}")
        arrived(forged, at=NINE + hours(n / 60))
        arrived(proven(forged, REFUTED), at=NINE + hours(n / 60))
        if n % 10 == 0:
            raw = proven(about(licence, n))
            genuine.append(arrived(raw, at=NINE + hours(n / 60)))

    assert [one.outcome for one in genuine] == [MailOutcome.INCIDENT] * 4
    assert spent() == 4  # of the genuine ones; the forged spent none
    assert Incident.objects.filter(proof="unproven").count() == 5
    assert {one.incident.proof for one in genuine} == {"proven"}


STORM, PATIENCE = 1000, 40  # mails; seconds of work, whoever else is at the machine


def test_a_storm_of_a_thousand_kept_mails_makes_one_notice_an_hour():
    make_engineer(is_lead=True)
    began = time.process_time()
    for n in range(STORM):
        raw = mail("Hi", sender=f"s{n}@stranger.example", Message_ID=f"<{n}@s.example>")
        arrived(raw, at=NINE + hours(n / STORM))

    assert time.process_time() - began < PATIENCE
    assert InboundMail.objects.kept_for_a_human().count() == STORM
    assert Notice.objects.filter(template="mail_held").count() == 1
    assert notify_of_kept(at=NINE + hours(0.9995)) == 0
    assert notify_of_kept(at=NINE + hours(1.01)) == STORM - 1
    assert notify_of_kept(at=NINE + hours(1.02)) == 0
    assert Notice.objects.filter(template="mail_held").count() == 2
    assert not InboundMail.objects.kept_untold().exists()


def test_telling_of_a_thousand_takes_as_many_questions_as_of_three():
    make_engineer(is_lead=True)
    asked = []
    for count in (3, 1000):
        row = make_mail(told_at=None)
        fill(
            InboundMail, copies(row, message_id=lambda n: f"<{n}@y.example>")
        ) if count > 3 else None
        with CaptureQueriesContext(connection) as found:
            assert notify_of_kept(at=NINE + hours(2 * count)) > 0
        asked.append(len(found))

    assert asked[0] == asked[1]


def signed_for(incident, to) -> str:
    """The signed address in a mail about the incident to this person."""
    found = Notice.objects.filter(subject=f"tickets.incident:{incident.pk}", to=to).first()
    assert found is not None
    return str(mail_of(found).extra_headers["Reply-To"])


@pytest.mark.parametrize("whose", ("the reporter's", "the owner's"))
def test_a_signed_address_of_somebody_else_lets_nobody_write_there(ana, filtered, whose):
    owner = make_engineer(email="ion@axsupport.example")
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    address = signed_for(incident, ana if whose == "the reporter's" else owner)
    other = make_contact(covered().organisation, email="eve@fabrikam.example")
    proof = "dmarc=pass header.from="

    stranger = arrived(mail("Let me in.", sender="x@stranger.example", To=address))
    customer = arrived(
        proven(
            mail("Let me in.", sender=other.email, To=address, Message_ID="<2@fabrikam.example>"),
            f"{proof}fabrikam.example",
        )
    )

    assert stranger.outcome == MailOutcome.HELD
    assert (customer.outcome, customer.incident.reporter) == (MailOutcome.INCIDENT, other)
    assert customer.incident != incident
    assert Message.objects.filter(incident=incident).count() == 1
    assert not incident.participants.exists()
    assert incident.number not in customer.reason


def test_the_owners_address_gives_a_customer_no_voice_of_ours(ana, filtered):
    owner = make_engineer(email="ion@axsupport.example")
    incident = filed(ana.organisation.licences.get(), reporter=ana)

    stored = arrived(proven(mail("Restart it.", To=signed_for(incident, owner))))

    assert not Message.objects.filter(incident=incident, kind="answer").exists()
    assert stored.outcome in (MailOutcome.INCIDENT, MailOutcome.MESSAGE)
    assert target_of(incident).met_at is None


ALLOWED = (  # what unproven mail may do: opens an incident, adds a message
    ("take", True, True),
    ("answer", False, True),
    ("keep", False, False),
)


@pytest.mark.parametrize(("setting", "opens", "answers"), ALLOWED)
def test_unproven_mail_does_what_the_operator_lets_it(
    ana, filtered, settings, setting, opens, answers
):
    first = opened(proven(mail("It stopped.", Message_ID="<1@x.example>")))
    settings.UNPROVEN_MAILS = setting
    answer_to_it = f"Re: [{first.number}] It stopped"

    fresh = arrived(mail("Another one.", Message_ID="<2@x.example>", Subject="Another"))
    more = arrived(mail("More of it.", Message_ID="<3@x.example>", Subject=answer_to_it))
    genuine = arrived(proven(mail("Genuine.", Message_ID="<4@x.example>", Subject="Third")))

    assert (fresh.outcome == MailOutcome.INCIDENT) is opens
    assert (more.outcome == MailOutcome.MESSAGE) is answers
    assert genuine.outcome == MailOutcome.INCIDENT
    for one, taken in ((fresh, opens), (more, answers)):
        assert taken or (one.outcome == MailOutcome.HELD and "waits for a human" in one.reason)
    assert Message.objects.filter(incident=first).count() == 1 + answers
