"""What a subscription does to the clocks that run for its licence (R5, R6), and to what nothing
covered (R3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Person
from core import rls
from core.models import JournalEntry
from entitlements.actions.changes import cancel, correct, downgrade, upgrade
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import Level
from entitlements.models import Licence, Subscription
from notices.models import Notice
from tests import factories as make
from tests.at_once import at_once
from tickets.actions import conversation, goodwill
from tickets.actions.filing import Report, file_incident
from tickets.actions.locking import locked
from tickets.actions.promises.upgrades import apply_subscription, subscriptions_to_apply
from tickets.enums import State
from tickets.models import Incident, ResponseTarget

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def a_desk(*, registered_on: date = date(2026, 1, 1)) -> tuple[Person, Licence]:
    """A contact in Berlin with a licence of 1,000 EUR."""
    organisation = make.make_organisation(timezone="Europe/Berlin")
    licence = make.make_licence(organisation, registered_on=registered_on, price=1000)
    return make.make_contact(organisation), licence


def report(contact: Person, licence: Licence, at: str) -> Incident:
    return file_incident(
        Report(
            reporter=contact,
            service="troubleshooting",
            subject="IMAP stops",
            body="It stops.",
            licence=licence,
        ),
        at=moment(at),
    )


def owed(incident: Incident) -> ResponseTarget:
    return incident.targets.open().get()


@pytest.mark.parametrize(
    ("bought", "due"),
    (
        ("2026-06-16T11:00:00+02:00", "2026-06-16T17:00:00+02:00"),
        ("2026-06-17T14:00:00+02:00", "2026-06-17T16:00:00+02:00"),
    ),
)
def test_s24_premium_bought_while_basic_runs_is_due_at_the_earlier_moment(bought, due):
    contact, licence = a_desk()
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    assert owed(incident).due_at == moment("2026-06-17T16:00:00+02:00")

    bought_at = moment(bought)
    sold = subscribe(
        licence, level=Level.PREMIUM, starts_on=bought_at.date(), at=bought_at, by=None
    )
    swept_at = bought_at + timedelta(minutes=3)
    assert apply_subscription(sold.pk, at=swept_at)

    assert owed(incident).due_at == moment(due)
    incident.refresh_from_db()
    assert incident.decision.level.level == Level.PREMIUM


def test_it_is_applied_once():
    contact, licence = a_desk()
    report(contact, licence, "2026-06-15T10:00:00+02:00")
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)

    assert subscriptions_to_apply(at) == [sold.pk]
    assert [apply_subscription(sold.pk, at=at) for _ in range(2)] == [True, False]
    assert subscriptions_to_apply(at) == []
    assert Notice.objects.filter(template="incident_upgraded").count() == 1


def test_one_that_begins_later_waits_for_its_first_moment():
    contact, licence = a_desk()
    report(contact, licence, "2026-06-15T10:00:00+02:00")
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=date(2026, 6, 17), at=at, by=None)

    assert not apply_subscription(sold.pk, at=moment("2026-06-16T23:59:59+02:00"))
    assert apply_subscription(sold.pk, at=moment("2026-06-17T00:00:00+02:00"))


def test_an_incident_that_waits_for_the_customer_counts_by_the_better_level_from_then_on():
    contact, licence = a_desk()
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    engineer = make.make_engineer()
    answered_at = moment("2026-06-15T11:00:00+02:00")
    conversation.answer(incident, author=engineer, body="Which?", at=answered_at, then="waiting")
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)

    apply_subscription(sold.pk, at=at)
    conversation.write(incident, author=contact, body="That.", at=at + timedelta(hours=1))

    assert owed(incident).due_at == at + timedelta(hours=7)
    first = incident.targets.get(cycle=1)
    assert first.due_at == moment("2026-06-17T16:00:00+02:00")  # a closed target stays (C7)


def test_what_nothing_covered_is_taken_up_when_a_subscription_begins():
    contact, licence = a_desk(registered_on=date(2024, 1, 1))
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    assert incident.decision.level is None
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="first", starts_on=at.date(), at=at, by=None)

    apply_subscription(sold.pk, at=at + timedelta(minutes=1))

    incident.refresh_from_db()
    level = incident.decision.level
    assert level is not None
    assert level.level == Level.FIRST
    assert owed(incident).due_at == at + timedelta(hours=24)
    assert Notice.objects.filter(template="incident_covered", to=contact).count() == 1
    assert JournalEntry.objects.get(kind="incident.converted").rule == "R3"


def test_a_service_that_the_new_level_leaves_out_stays_uncovered():
    contact, licence = a_desk(registered_on=date(2024, 1, 1))
    incident = file_incident(
        Report(
            reporter=contact,
            service="antivirus",
            subject="Virus",
            body="It finds none.",
            licence=licence,
        ),
        at=moment("2026-06-15T10:00:00+02:00"),
    )
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="first", starts_on=at.date(), at=at, by=None)

    apply_subscription(sold.pk, at=at)

    incident.refresh_from_db()
    assert incident.decision.level is None


def test_s26_a_lapse_changes_no_clock_that_runs():
    contact, licence = a_desk()
    make.make_subscription(
        licence, level="premium", starts_on=date(2025, 9, 1), ends_on=date(2026, 9, 1)
    )
    last = report(contact, licence, "2026-08-31T23:50:00+02:00")
    fresh = report(contact, licence, "2026-09-01T00:00:00+02:00")

    assert owed(last).due_at == moment("2026-09-01T05:50:00+02:00")
    assert fresh.decision.level.level != Level.PREMIUM


@pytest.mark.parametrize("change", ("cancel", "downgrade"))
def test_a_cancellation_and_a_downgrade_change_no_clock_that_runs(change):
    contact, licence = a_desk()
    sold = make.make_subscription(
        licence, level="premium", starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1)
    )
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    at = moment("2026-06-15T11:00:00+02:00")
    if change == "cancel":
        cancel(sold, at=at, by=None, reason="They moved")
    else:
        downgrade(licence, at=at, by=None)

    for pk in subscriptions_to_apply(at + timedelta(days=400)):
        apply_subscription(pk, at=at + timedelta(days=400))

    assert owed(incident).due_at == moment("2026-06-15T16:00:00+02:00")


def test_a_corrected_mistake_is_counted_again_from_the_start():
    contact, licence = a_desk()
    at = moment("2026-06-15T09:00:00+02:00")
    wrong = subscribe(licence, level="first", starts_on=date(2026, 6, 1), at=at, by=None)
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    assert owed(incident).due_at == moment("2026-06-16T10:00:00+02:00")

    corrected_at = moment("2026-06-15T12:00:00+02:00")
    right = correct(wrong, level="premium", at=corrected_at, by=None, reason="Premium was ordered")
    apply_subscription(right.pk, at=corrected_at)

    assert owed(incident).due_at == moment("2026-06-15T16:00:00+02:00")


def test_a_gold_incident_stays_as_it_was_promised():
    contact, licence = a_desk()
    make.make_subscription(
        licence, level="premium", starts_on=date(2026, 1, 1), ends_on=date(2026, 7, 1)
    )
    make.make_pack(licence, purchased_at=moment("2026-02-01T10:00:00+01:00"))
    incident = file_incident(
        Report(
            reporter=contact,
            service="troubleshooting",
            subject="IMAP stops",
            body="It stops.",
            licence=licence,
            use_gold=True,
        ),
        at=moment("2026-06-15T10:00:00+02:00"),
    )
    at = moment("2026-06-15T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=date(2026, 7, 1), at=at, by=None)

    apply_subscription(sold.pk, at=moment("2026-07-01T00:00:00+02:00"))

    incident.refresh_from_db()
    assert incident.decision.level.level == Level.GOLD
    assert owed(incident).due_at == moment("2026-06-15T13:00:00+02:00")


def test_an_upgrade_in_the_middle_of_first_moves_the_running_clock():
    contact, licence = a_desk()
    make.make_subscription(
        licence, level="first", starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1)
    )
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    at = moment("2026-06-15T12:00:00+02:00")

    sold = upgrade(licence, at=at, by=None)
    apply_subscription(sold.pk, at=at)

    assert owed(incident).due_at == moment("2026-06-15T18:00:00+02:00")


@pytest.mark.parametrize(("by_engineer", "level"), ((True, Level.PREMIUM), (False, None)))
def test_a_telephone_report_is_taken_up_when_an_engineer_logged_the_call(by_engineer, level):
    contact, licence = a_desk()
    incident = file_incident(
        Report(
            reporter=contact,
            service="troubleshooting",
            subject="IMAP stops",
            body="It stops.",
            licence=licence,
            channel="phone",
        ),
        by=make.make_engineer() if by_engineer else None,
        at=moment("2026-06-15T10:00:00+02:00"),
        call_logged=by_engineer,
    )
    assert incident.decision.level is None  # Basic has no telephone
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)

    apply_subscription(sold.pk, at=at)

    incident.refresh_from_db()
    found = incident.decision.level
    assert (found.level if found else None) == level


def test_what_was_declined_while_we_looked_stays_declined(monkeypatch):
    contact, licence = a_desk(registered_on=date(2024, 1, 1))
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)

    def declined_meanwhile(found: Incident) -> Incident:
        goodwill.decline(found, by=make.make_manager(), at=at, reason="It is not ours")
        return locked(found)

    monkeypatch.setattr("tickets.actions.promises.upgrades.locked", declined_meanwhile)
    apply_subscription(sold.pk, at=at)

    incident.refresh_from_db()
    assert (incident.decision.level, incident.state) == (None, State.CLOSED)
    assert not incident.targets.exists()


def _apply(pk: int, at: datetime, number: int) -> bool:
    with rls.everything():
        return apply_subscription(pk, at=at)


@pytest.mark.django_db(transaction=True)
def test_six_sweeps_at_once_apply_it_once():
    contact, licence = a_desk()
    incident = report(contact, licence, "2026-06-15T10:00:00+02:00")
    at = moment("2026-06-16T11:00:00+02:00")
    sold = subscribe(licence, level="premium", starts_on=at.date(), at=at, by=None)

    done = at_once(partial(_apply, sold.pk, at), 6)

    assert sorted(done) == [False] * 5 + [True]
    assert owed(incident).due_at == at + timedelta(hours=6)
    assert Notice.objects.filter(template="incident_upgraded").count() == 1
    assert Subscription.objects.get(pk=sold.pk).applied_at == at
