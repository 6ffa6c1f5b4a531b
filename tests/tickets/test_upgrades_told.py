"""What people read of a better level that counts for a report made before it (R6)."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core.journal import entries_of
from core.models import JournalEntry
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import Level
from mailroom.actions import intake as mail_intake
from notices.models import Notice
from notices.sending.rendering import mail_of
from tests import factories as make
from tests.tickets.desk import moment
from tests.tickets.test_upgrades import a_desk, owed, report
from tickets.actions import conversation
from tickets.actions.promises.upgrades import apply_subscription
from tickets.models import Incident
from tickets.reads.promise import explained, promise_of
from tickets.reads.timeline import events_of

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_better_level_that_moves_no_clock_says_why():
    contact, licence = a_desk()
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    at = moment("2026-06-17T14:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)

    apply_subscription(sold.pk, at=at)

    incident.refresh_from_db()
    promise = promise_of(incident, at=at)
    assert (promise.level, promise.level_label) == (Level.PREMIUM, "Basic")
    words = explained(incident, promise, reader=BERLIN)
    assert words.notes[0] == (
        "Basic promised this answer. Premium counts from 17 June 2026, 14:00 on, and moves no"
        " moment that was promised sooner or had passed."
    )
    assert Notice.objects.filter(template="incident_upgraded").count() == 0


def test_what_was_answered_before_the_upgrade_says_who_promised_it():
    contact, licence = a_desk()
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    answered_at = moment("2026-06-15T11:00:00+02:00")
    conversation.answer(
        incident, author=make.make_engineer(), body="Which?", at=answered_at, then="waiting"
    )
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)

    apply_subscription(sold.pk, at=at)

    incident.refresh_from_db()
    words = explained(incident, promise_of(incident, at=at), reader=BERLIN)
    assert words.notes[0] == (
        "Basic promised this answer. Premium counts from 16 June 2026, 11:00 on, for the next one."
    )


def test_the_incidents_history_tells_of_it_in_words():
    contact, licence = a_desk()
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)

    apply_subscription(sold.pk, at=at)

    told = [(one.text, one.detail) for one in events_of(entries_of(incident)) if one.at == at]
    assert told == [
        ("Premium counts for it now", "It was bought after the report"),
        (
            "The answer is due at another moment",
            "was 17 Jun 2026, 14:00 UTC, now 16 Jun 2026, 15:00 UTC",
        ),
    ]


def test_after_an_outage_the_promise_is_the_same_and_nobody_is_told_of_a_past_moment_as_future():
    contact, licence = a_desk()
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)

    apply_subscription(sold.pk, at=at + timedelta(hours=8))

    assert owed(incident).due_at == at + timedelta(hours=6)
    notice = Notice.objects.get(template="incident_upgraded")
    assert "We owed you an answer by" in mail_of(notice).body


def test_a_mail_that_was_handled_late_is_upgraded_as_if_it_had_been_there():
    contact, licence = a_desk()
    received_at = moment("2026-06-15T10:00:00+02:00")
    raw = f"From: {contact.email}\nTo: support@axigen.example\nSubject: IMAP\n\nIt stops.\n"
    mail = mail_intake.store(raw.encode(), at=received_at)
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)
    apply_subscription(sold.pk, at=at)

    handled = mail_intake.handle(mail.pk, at=at + timedelta(hours=1))

    incident = Incident.objects.get(mails=handled)
    assert incident.decision.level.level == Level.PREMIUM
    assert owed(incident).due_at == at + timedelta(hours=6)
    kinds = [one.kind for one in entries_of(incident).order_by("pk")]
    assert kinds.index("incident.filed") < kinds.index("incident.upgraded")


def test_a_moved_target_warns_on_its_new_clock_and_says_why_it_moved():
    contact, licence = a_desk()
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    bought_at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=bought_at.date(), at=bought_at, by=None)

    apply_subscription(sold.pk, at=bought_at)

    target = owed(incident)
    assert [one.due_at for one in target.warnings.order_by("percent")] == [
        moment("2026-06-16T15:30:00+02:00"),
        moment("2026-06-16T16:24:00+02:00"),
    ]
    incident.refresh_from_db()
    words = explained(incident, promise_of(incident, at=bought_at), reader=BERLIN)
    assert words.notes[0] == (
        "The answer was due on 17 June 2026, 16:00 at first."
        " Premium counts for it from 16 June 2026, 11:00 on."
    )
    assert words.clock.lines == ["Tuesday 16 June, 11:00 plus 6 hours is Tuesday 16 June, 17:00."]
    assert Notice.objects.filter(template="incident_upgraded", to=contact).count() == 1
    moved = JournalEntry.objects.get(kind="response_target.moved")
    assert moved.rule == "R6"
