"""Mail that answers an engagement's lands in it, whatever leads there; a stranger's never."""

import pytest
from django.conf import settings

from engagements.actions import talking
from engagements.actions.talking import Words
from engagements.actions.thread_headers import headers_of
from engagements.enums import Voice
from engagements.models import Message
from entitlements.enums import Channel
from mailroom.enums import MailOutcome
from notices.models import Notice
from notices.sending.rendering import mail_of
from tests.factories import (
    NINE,
    make_contact,
    make_engagement,
    make_engineer,
    make_member,
    make_organisation,
    make_tam,
)
from tests.mailroom.arriving import ANA, arrived
from tests.mailroom.making import mail, proven
from tickets.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    organisation = make_organisation()
    make_tam(organisation)
    contact = make_contact(organisation, email=ANA)
    return make_engagement(organisation, requested_by=contact)


def letters(engagement):
    """An answer of the contact by each of the ways, and what leads it there."""
    words = Words(body="When?")
    talking.say(engagement, words, author=engagement.owner, at=NINE)
    notice = Notice.objects.get(template="engagement_said")
    ours = mail_of(notice).extra_headers
    return {
        "message": {"In_Reply_To": ours["Message-ID"]},
        "address": {"To": headers_of([notice])[notice.pk]["Reply-To"]},
        "number": {"Subject": f"Re: [{engagement.number}] Move"},
    }


@pytest.mark.parametrize("way", ("message", "address", "number"))
def test_an_answer_lands_in_it(engagement, way):
    given = letters(engagement)[way]
    raw = mail("On Monday, please.", sender=ANA, **given)

    kept = arrived(raw)

    assert (kept.outcome, kept.reason) == (
        MailOutcome.MESSAGE,
        f"It stands on {engagement.number}.",
    )
    said = Message.objects.get(author=engagement.requested_by)
    assert "On Monday, please." in said.body
    assert not Incident.objects.exists()
    assert arrived(raw).outcome == MailOutcome.DUPLICATE


def test_of_another_organisation_it_is_a_report_of_their_own(engagement):
    make_contact(email="bo@elsewhere.example")
    given = letters(engagement)["number"]

    kept = arrived(mail("Let me in", sender="bo@elsewhere.example", **given))

    assert kept.outcome == MailOutcome.INCIDENT
    assert Message.objects.count() == 1
    assert settings.MAIL_DOMAIN


@pytest.fixture
def engineer(engagement):
    one = make_engineer(email="ion@axsupport.example", name="Ion Pop")
    make_member(engagement, person=one)
    return one


def of_the_team(engagement, engineer, body, n=1):
    """What they write to the address of the notice that the customer wrote."""
    talking.say(engagement, Words(body="When?"), author=engagement.requested_by, at=NINE)
    told = Notice.objects.filter(template="engagement_written", to=engineer).latest("pk")
    address = mail_of(told).extra_headers["Reply-To"]
    raw = mail(body, sender=engineer.email, To=address, Message_ID=f"<{n}@v.example>")
    return proven(raw, "dmarc=pass header.from=axsupport.example")


def test_a_proven_answer_of_the_team_reaches_the_customer(engagement, engineer, filtered):
    raw = of_the_team(engagement, engineer, "On Monday.")

    kept = arrived(raw)

    said = Message.objects.get(author=engineer)
    assert (kept.outcome, kept.reason) == (
        MailOutcome.MESSAGE,
        f"It stands on {engagement.number}.",
    )
    assert (said.voice, said.body, said.channel) == (Voice.TEAM, "On Monday.", Channel.EMAIL)
    assert Notice.objects.filter(template="engagement_said", to=engagement.requested_by).exists()
    assert arrived(raw).outcome == MailOutcome.DUPLICATE


def test_the_teams_note_by_mail_stays_among_us(engagement, engineer, filtered):
    arrived(of_the_team(engagement, engineer, "#note Ask TS3 first.\r\nThen we say."))

    said = Message.objects.get(author=engineer)
    assert (said.voice, said.body) == (Voice.NOTE, "Ask TS3 first.\nThen we say.")
    assert not Notice.objects.filter(template="engagement_said").exists()


def test_unproven_or_to_anothers_address_it_is_kept_aside(engagement, engineer, filtered):
    raw = of_the_team(engagement, engineer, "Hello")
    other = make_engineer(email="eva@axsupport.example")
    forged = raw.replace(engineer.email.encode(), other.email.encode())

    assert arrived(forged).outcome == MailOutcome.HELD
    assert not Message.objects.filter(author__in=[engineer, other]).exists()
