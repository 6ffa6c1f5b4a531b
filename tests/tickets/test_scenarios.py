"""Acceptance stories from the report to the verdict, through the actions, in exact moments.

Others stand with their subject: S26 in test_filing, S29 and S32 in test_mail_intake, S31 and S32 as
races in test_gold_races, S36 in test_lifecycle, S40 in test_targets, S24 with the upgrades.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from entitlements.actions import packs
from entitlements.actions.licences import register_licence
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import Edition, Level, RefundReason
from entitlements.errors import AlreadyRefunded
from entitlements.models import IncidentPack
from tests.factories import (
    days,
    hours,
    make_contact,
    make_engineer,
    make_licence,
    make_message,
    make_organisation,
    make_subscription,
)
from tests.tickets.desk import filed, level_of, moment, target_of
from tickets.actions.conversation import answer, note, write
from tickets.actions.dispatch.ownership import assign, set_priority
from tickets.actions.lifecycle import close
from tickets.actions.promises.alarms import note_breach
from tickets.enums import MessageKind, State
from tickets.models import Incident
from tickets.reads.promise import promise_of

pytestmark = pytest.mark.django_db

SCENARIOS = json.loads(
    (Path(__file__).parents[1] / "cases" / "scenarios.json").read_text(encoding="utf-8")
)["scenarios"]
STORIES = {story["id"]: story for story in SCENARIOS}


@pytest.fixture
def engineer():
    return make_engineer()


def berlin():
    return make_organisation(timezone="Europe/Berlin")


def due_of_story(story: str, label: str):
    (clock,) = (one for one in STORIES[story]["clocks"] if one["label"] == label)
    return moment(clock["expected_due"])


def registered(organisation, day: date, *, at):
    """A licence that its owner registered, through the action."""
    return register_licence(
        organisation, key="AXI-LEAP", edition=Edition.BUSINESS, registered_on=day, at=at, by=None
    )


@pytest.mark.parametrize(
    ("answered_at", "verdict"),
    (("2026-09-01T05:50:00+02:00", "met"), ("2026-09-01T05:50:01+02:00", "late")),
)
def test_s26_the_verdict_after_the_lapse_is_that_of_the_promise_before_it(
    engineer, answered_at, verdict
):
    licence = make_licence(berlin())
    make_subscription(licence, starts_on=date(2025, 9, 1), ends_on=date(2026, 9, 1))
    incident = filed(licence, at=moment("2026-08-31T23:50+02:00"))
    packs.expire_packs(moment("2026-09-01T00:00:01+02:00"))

    answer(incident, author=engineer, body="Fixed.", at=moment(answered_at))

    target = target_of(incident)
    assert (target.level.level, target.due_at) == (Level.PREMIUM, due_of_story("S26", "S26"))
    assert promise_of(incident, at=moment("2026-09-02T10:00+02:00")).state == verdict


def test_s27_basic_of_a_leap_day_covers_to_the_last_second_of_28_february():
    organisation = berlin()
    licence = registered(organisation, date(2028, 2, 29), at=moment("2028-02-29T14:37+01:00"))

    last = filed(licence, at=moment("2029-02-28T23:59:59+01:00"))
    next_second = filed(licence, at=moment("2029-03-01T00:00:00+01:00"))

    assert STORIES["S27"]["outcome"]["ends_on"] == "2029-02-28"
    assert (level_of(last), level_of(next_second)) == (Level.BASIC, None)
    assert last.decision.covered_until_at == moment("2029-03-01T00:00:00+01:00")
    assert {one["code"] for one in next_second.decision.considered} == {"expired"}
    assert not next_second.targets.exists()


def test_s27_a_leap_day_in_the_week_is_a_working_day():
    licence = make_licence(berlin(), registered_on=date(2027, 6, 1))

    incident = filed(licence, at=moment("2028-02-28T16:00+01:00"))

    assert level_of(incident) == Level.BASIC
    assert target_of(incident).due_at == due_of_story("S27", "S27")


class Refunds:
    """S34: a pack of two, and what became of it."""

    def __init__(self, engineer) -> None:
        self.engineer = engineer
        self.bought_at = moment("2026-03-02T09:00+01:00")
        organisation = berlin()
        organisation.gold_default = "always"
        organisation.save()
        licence = make_licence(organisation)
        make_subscription(licence)
        self.licence = licence
        self.reporter = make_contact(organisation)
        self.pack = packs.buy_pack(
            licence, quantity=2, price=Decimal(300), at=self.bought_at, by=engineer
        )
        self.balances = [self.balance]

    @property
    def balance(self) -> int:
        return IncidentPack.objects.get(pk=self.pack.pk).available

    def then(self) -> None:
        self.balances.append(self.balance)
        assert packs.prove_ledger(at=self.bought_at + days(60)) == []

    def opened(self, after: float) -> Incident:
        incident = filed(self.licence, reporter=self.reporter, at=self.bought_at + hours(after))
        self.then()
        return incident

    def refunded(self, incident: Incident, kind: str, *, after: float) -> None:
        try:
            packs.refund(
                incident,
                kind=kind,
                reason="As told in the conversation.",
                by=self.engineer,
                at=self.bought_at + hours(after),
            )
        finally:
            self.then()


def test_s34_the_life_of_a_refund(engineer):
    story = Refunds(engineer)
    first, second = story.opened(1), story.opened(2)
    promised = {one.pk: target_of(one).due_at for one in (first, second)}

    story.refunded(second, RefundReason.DUPLICATE, after=3)
    answer(first, author=engineer, body="It is a defect.", at=story.bought_at + hours(3))
    story.refunded(first, RefundReason.DEFECT, after=4)
    close(first, by=story.reporter, at=story.bought_at + hours(5))
    again = write(first, author=story.reporter, body="Again.", at=story.bought_at + days(4))
    story.then()
    with pytest.raises(AlreadyRefunded):
        story.refunded(first, RefundReason.DEFECT, after=24 * 5)
    close(again.incident, by=story.reporter, at=story.bought_at + days(5))
    later = write(first, author=story.reporter, body="Once more.", at=story.bought_at + days(35))
    story.then()

    assert story.balances == [2, 1, 0, 1, 2, 2, 2, 1]
    assert story.balances == [left for _, left in STORIES["S34"]["outcome"]["balances"]]
    assert (again.incident, later.incident.follows) == (first, first)
    assert level_of(later.incident) == Level.GOLD
    for one in (first, second):  # a refund changes no promise
        assert one.targets.get(cycle=1).due_at == promised[one.pk] == one.received_at + hours(3)
    reopened = first.targets.get(cycle=2)
    assert (reopened.level.level, reopened.due_at) == (
        Level.GOLD,
        story.bought_at + days(4) + hours(3),
    )


def test_s36b_eligibility_is_asked_again_and_may_be_gone(engineer):
    licence = make_licence(berlin(), registered_on=date(2025, 7, 10))  # Basic to 10 July
    incident = filed(licence, at=moment("2026-07-06T09:00+02:00"))
    answer(incident, author=engineer, body="Try it.", at=moment("2026-07-06T14:00+02:00"))
    close(incident, by=incident.reporter, at=moment("2026-07-06T15:00+02:00"))

    inside = write(
        incident, author=incident.reporter, body="Back.", at=moment("2026-07-20T15:00+02:00")
    )
    close(incident, by=incident.reporter, at=moment("2026-07-20T15:30+02:00"))
    outside = write(
        incident, author=incident.reporter, body="Back.", at=moment("2026-08-03T15:30:01+02:00")
    )

    assert (inside.incident, incident.targets.get(cycle=2).level.level) == (incident, Level.BASIC)
    assert outside.incident.follows == incident
    assert (level_of(outside.incident), outside.incident.targets.count()) == (None, 0)


def test_s37_what_is_no_answer_of_a_human_leaves_the_clock_running(engineer):
    licence = make_licence(berlin())
    make_subscription(licence, level=Level.FIRST)
    incident = filed(licence, at=moment("2026-02-11T10:00+01:00"))
    owed = target_of(incident)

    make_message(incident, kind=MessageKind.AUTOMATIC, author=None, sent_at=incident.received_at)
    note(incident, author=engineer, body="Hm.", at=moment("2026-02-11T10:20+01:00"))
    at = moment("2026-02-11T10:21+01:00")
    assign(incident, to=engineer, by=engineer, at=at)
    set_priority(incident, priority=1, by=engineer, at=at, reason="All are cut off.")

    assert not note_breach(owed.pk, at=moment("2026-02-12T10:00:00+01:00"))
    owed.refresh_from_db()
    assert (owed.due_at, owed.met_at) == (due_of_story("S37", "S37"), None)
    answer(incident, author=engineer, body="Fixed.", at=moment("2026-02-12T09:59:59+01:00"))
    owed.refresh_from_db()
    assert owed.met_at == moment(STORIES["S37"]["outcome"]["responded_at"])
    assert promise_of(incident, at=moment("2026-02-13T10:00+01:00")).state == "met"


def test_r2_gold_is_no_candidate_after_premium_though_the_pack_holds_some():
    licence = make_licence(berlin())
    subscribe(
        licence,
        level=Level.PREMIUM,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 9, 1),
        at=moment("2026-01-01T09:00+01:00"),
        by=None,
    )
    packs.buy_pack(licence, quantity=5, at=moment("2026-03-02T09:00+01:00"), by=None)

    incident = filed(licence, at=moment("2026-09-01T00:00+02:00"), use_gold=True)

    codes = {one["level"]: one["code"] for one in incident.decision.considered}
    assert (level_of(incident), incident.state) == (None, State.NEW)
    assert codes["gold"] != "chosen"
    assert licence.incident_packs.get().available == 5  # EXPIRE records it at night (L4)
