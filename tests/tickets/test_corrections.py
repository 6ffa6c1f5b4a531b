"""A contract that was a mistake: what runs is counted again from its start (R6)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from entitlements.actions.changes import correct, upgrade
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import Level
from entitlements.models import Licence
from tests import factories as make
from tests.tickets.desk import filed, journal, level_of, moment, target_of, told
from tickets.actions import goodwill
from tickets.actions.promises.alarms import note_breach
from tickets.actions.promises.audit import audit
from tickets.actions.promises.upgrades import apply_subscription
from tickets.models import Incident

pytestmark = pytest.mark.django_db

MONDAY = moment("2026-06-15T10:00:00+02:00")
BASIC_DUE = moment("2026-06-17T16:00:00+02:00")


def a_licence(**fields: object) -> Licence:
    organisation = make.make_organisation(timezone="Europe/Berlin")
    return make.make_licence(organisation, **{"registered_on": date(2026, 1, 1)} | fields)


def sold(licence: Licence, level: str, at, starts_on=None, **fields):
    starts_on = starts_on or at.date()
    return subscribe(
        licence, level=level, starts_on=starts_on, at=at, by=None, price=Decimal(9), **fields
    )


def put_right(wrong, at, **right) -> None:
    made = correct(wrong, at=at, by=None, reason="A slip", **right)
    assert apply_subscription(made.pk, at=at)


def again(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def test_premium_sold_by_mistake_is_counted_by_first_from_the_start_and_the_customer_is_told():
    licence = a_licence()
    wrong = sold(licence, Level.PREMIUM, MONDAY - timedelta(days=3))
    incident = filed(licence, at=MONDAY)

    put_right(wrong, MONDAY + timedelta(hours=2), level=Level.FIRST)

    assert level_of(again(incident)) == Level.FIRST
    assert target_of(incident).due_at == MONDAY + timedelta(hours=24)
    assert told(incident, "incident_corrected") == {incident.reporter.email}
    assert not told(incident, "incident_upgraded")
    assert "incident.corrected" in journal(incident)
    assert audit(MONDAY.date(), at=MONDAY + timedelta(hours=3)).differences == 0


def test_a_corrected_price_moves_no_clock():
    licence = a_licence()
    wrong = sold(licence, Level.FIRST, MONDAY - timedelta(days=3))
    incident = filed(licence, at=MONDAY)
    make.make_level(Level.FIRST, response_time=timedelta(hours=48))  # the catalogue changed since

    put_right(wrong, MONDAY + timedelta(hours=2), price=Decimal(7))

    assert target_of(incident).due_at == MONDAY + timedelta(hours=24)
    assert incident.decision == again(incident).decision
    assert not told(incident, "incident_corrected")


@pytest.mark.parametrize("hours", (2, 15))  # on the day of the report, and on the next
def test_a_corrected_price_of_first_takes_back_no_upgrade(hours):
    licence = a_licence()
    first = sold(licence, Level.FIRST, MONDAY - timedelta(days=3))
    incident = filed(licence, at=MONDAY)
    upgraded_at = MONDAY + timedelta(hours=hours)
    premium = upgrade(licence, at=upgraded_at, by=None, price=Decimal(9))
    apply_subscription(premium.pk, at=upgraded_at)
    first.refresh_from_db()

    put_right(first, upgraded_at + timedelta(hours=1), price=Decimal(7))

    assert level_of(again(incident)) == Level.PREMIUM
    assert target_of(incident).due_at == upgraded_at + timedelta(hours=6)


def test_an_upgrade_that_was_a_mistake_counts_by_the_right_level_from_when_it_was_sold():
    licence = a_licence()
    incident = filed(licence, at=MONDAY)
    bought_at = MONDAY + timedelta(days=1, hours=1)
    wrong = sold(licence, Level.PREMIUM, bought_at)
    apply_subscription(wrong.pk, at=bought_at)
    assert target_of(incident).due_at == bought_at + timedelta(hours=6)

    put_right(wrong, bought_at + timedelta(hours=2), level=Level.FIRST)

    assert level_of(again(incident)) == Level.FIRST
    assert target_of(incident).due_at == min(BASIC_DUE, bought_at + timedelta(hours=24))


def test_a_first_day_that_was_typed_wrong_is_counted_from_the_report():
    licence = a_licence()
    wrong = sold(licence, Level.PREMIUM, MONDAY, starts_on=date(2026, 7, 15))
    incident = filed(licence, at=MONDAY)
    assert target_of(incident).due_at == BASIC_DUE

    put_right(wrong, MONDAY + timedelta(hours=2), starts_on=date(2026, 6, 15))

    assert target_of(incident).due_at == MONDAY + timedelta(hours=6)


def test_a_breach_that_was_noted_stays_and_nobody_is_told_of_a_moment_that_is_none():
    licence = a_licence()
    wrong = sold(licence, Level.PREMIUM, MONDAY - timedelta(days=3))
    incident = filed(licence, at=MONDAY)
    due_at = target_of(incident).due_at
    assert note_breach(target_of(incident).pk, at=due_at + timedelta(seconds=20))

    put_right(wrong, due_at + timedelta(hours=1), level=Level.FIRST)

    target = target_of(incident)
    assert (target.due_at, target.counted_from_at) == (due_at, None)
    assert level_of(again(incident)) == Level.FIRST
    assert not told(incident, "incident_corrected")


def test_what_was_overdue_when_the_mistake_was_found_stays_overdue_also_if_no_sweep_saw_it():
    licence = a_licence()
    wrong = sold(licence, Level.PREMIUM, MONDAY - timedelta(days=3))
    incident = filed(licence, at=MONDAY)
    due_at = target_of(incident).due_at

    put_right(wrong, due_at + timedelta(seconds=5), level=Level.FIRST)

    assert target_of(incident).due_at == due_at


def test_a_correction_covers_from_then_on_what_the_mistake_left_uncovered():
    licence = a_licence(registered_on=date(2024, 1, 1))
    wrong = sold(licence, Level.FIRST, MONDAY, starts_on=date(2026, 7, 15))
    incident = filed(licence, at=MONDAY)
    assert level_of(incident) is None

    found_at = MONDAY + timedelta(days=1)
    put_right(wrong, found_at, starts_on=found_at.date())

    assert level_of(again(incident)) == Level.FIRST
    assert target_of(incident).due_at == found_at + timedelta(hours=24)
    assert told(incident, "incident_covered") == {incident.reporter.email}


def test_what_was_accepted_out_of_goodwill_is_not_made_worse_by_a_correction():
    licence = a_licence(registered_on=date(2024, 1, 1))
    wrong = sold(licence, Level.FIRST, MONDAY, starts_on=date(2026, 7, 15))
    incident = filed(licence, at=MONDAY)
    premium = make.make_level(Level.PREMIUM)
    accepted_at = MONDAY + timedelta(hours=1)
    goodwill.accept(
        incident, level=premium, by=make.make_manager(), at=accepted_at, reason="They are new"
    )

    put_right(wrong, MONDAY + timedelta(hours=2), starts_on=date(2026, 6, 1))

    assert again(incident).decision.goodwill
    assert target_of(incident).due_at == accepted_at + timedelta(hours=6)
