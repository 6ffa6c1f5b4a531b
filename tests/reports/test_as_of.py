"""A report that is made again as of its own moment is the same to the letter (F1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.actions.organisations import save_organisation
from accounts.actions.people import change_staff
from accounts.models import Organisation, Person
from entitlements.actions.changes import correct, upgrade
from entitlements.actions.packs import buy_pack, refund
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import Level
from entitlements.models import Licence
from reports.reads.content import content_of
from reports.rules.content import ReportContent
from reports.rules.months import Month
from tests.factories import (
    days,
    hours,
    make_contact,
    make_engineer,
    make_level,
    make_licence,
    make_manager,
    make_organisation,
    make_pack,
    make_person,
    make_subscription,
    make_tam,
)
from tests.mailroom.test_bounces import answered, bounced
from tests.reports.february import END, FEBRUARY, START
from tests.tickets.desk import HANDOVER, filed
from tickets.actions import goodwill
from tickets.actions.conversation import answer, note, write
from tickets.actions.dispatch.ownership import set_priority
from tickets.actions.electing import elect_gold
from tickets.actions.ladder.escalation import escalate
from tickets.actions.lifecycle import close, reopen
from tickets.actions.promises.upgrades import apply_subscription
from tickets.actions.ratings import rate
from tickets.enums import State
from tickets.models import Incident

pytestmark = pytest.mark.django_db

EVENING = END - hours(5)  # the last of the month, 19:00
ISSUED = END + days(2)
MUCH_LATER = END + days(40)
MADE = {"made_at": START - days(100), "registered_on": date(2025, 1, 1)}


@pytest.fixture
def customer():
    organisation = make_organisation(name="Northwind", timezone="Europe/Bucharest")
    make_tam(organisation, name="Tudor")
    return organisation


@pytest.fixture
def engineer():
    return make_engineer(name="Ana")


def held(customer: Organisation, level: str, **fields: Any) -> Licence:
    licence = make_licence(customer, **MADE)
    bought_at = START - days(60)
    make_subscription(licence, level=level, bought_at=bought_at, **fields)
    return licence


def again(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def kept(customer: Organisation, at: Any) -> ReportContent:
    return content_of(Organisation.objects.get(pk=customer.pk), FEBRUARY, at=at)


@dataclass
class Story:
    """A month in which everything happened, by the real actions."""

    customer: Organisation
    engineer: Person

    def __post_init__(self) -> None:
        self.reporter = make_contact(self.customer, name="Costa")
        self.premium = held(self.customer, Level.PREMIUM)
        self.first = held(self.customer, Level.FIRST)
        make_pack(self.premium, purchased_at=START - days(9))
        self.wrong = subscribe(
            make_licence(self.customer, **MADE),
            level=Level.PREMIUM,
            starts_on=date(2026, 2, 1),
            price=Decimal(9),
            at=START,
            by=None,
        )

    def filed(self, at: datetime, licence: Licence | None = None, **fields: Any) -> Incident:
        return filed(licence or self.premium, reporter=self.reporter, at=at, **fields)

    def february(self) -> None:
        at, engineer = START + days(3), self.engineer
        self.solved = self.filed(at, use_gold=True)
        answer(self.solved, author=engineer, body="So.", at=at, then="solved")
        rate(again(self.solved), score=2, comment="Slow.", at=EVENING - hours(1))
        self.late = self.filed(at)
        answer(self.late, author=engineer, body="Late.", at=at + days(1))
        escalate(again(self.late), by=engineer, at=at + days(1), **HANDOVER)
        self.mailed = answered(self.filed(at), engineer, at=at + hours(1))
        self.silent = self.filed(at + days(14))
        close(self.silent, by=self.reporter, at=at + days(15))
        self.slow = self.filed(EVENING - hours(2), self.first)
        self.open = self.filed(EVENING - hours(2))
        self.uncovered = self.filed(at, make_licence(self.customer, **MADE))
        self.mistaken = self.filed(EVENING - hours(1), self.wrong.licence)

    def last_evening(self) -> None:
        """An upgrade, a Gold incident, another priority: three clocks that move."""
        at = EVENING + hours(0.5)
        sold = upgrade(self.first, at=at, by=None)
        apply_subscription(sold.pk, at=at)
        elect_gold(again(self.open), by=self.reporter, at=at)
        set_priority(again(self.slow), priority=1, by=self.engineer, at=at, reason="All of it")

    def work_of_march(self, at: datetime) -> None:
        engineer, reporter = self.engineer, self.reporter
        reopen(again(self.solved), by=reporter, at=at)
        close(again(self.solved), by=reporter, at=at + hours(1))
        reopen(again(self.silent), by=reporter, at=at, body="It is back.")
        note(again(self.late), author=make_person("ts2", name="Tea"), body="Seen.", at=at)
        answer(again(self.late), author=engineer, body="Now.", at=at, then="solved")
        write(again(self.late), author=reporter, body="No.", at=at + hours(1))
        answer(again(self.open), author=engineer, body="So.", at=at)
        answer(again(self.slow), author=engineer, body="So.", at=at, then="solved")
        set_priority(again(self.open), priority=4, by=engineer, at=at, reason="Less")
        goodwill.accept(
            again(self.uncovered),
            level=make_level(Level.BASIC),
            by=make_manager(),
            at=at,
            reason="Kind",
        )

    def corrections_of_march(self, at: datetime) -> None:
        bounced(self.mailed, self.reporter.email, at=at)
        rate(again(self.solved), score=5, comment="Thought over.", at=at)
        right = correct(self.wrong, level=Level.FIRST, at=at, by=None, reason="A slip")
        apply_subscription(right.pk, at=at)
        refund(again(self.solved), kind="no_help", reason="It did not help", by=None, at=at)
        buy_pack(self.premium, quantity=5, at=at, by=None)
        change_staff(self.engineer, by=make_manager(), at=at, name="Ana Maria", role="ts2")
        changed = Organisation.objects.get(pk=self.customer.pk)
        changed.name, changed.timezone, changed.tam = "Southwind", "Asia/Tokyo", make_tam()
        save_organisation(changed, by=make_manager(), at=at, moves_ends=True)


def test_nothing_that_happens_later_changes_what_a_report_said(customer, engineer):
    story = Story(customer, engineer)
    story.february()
    evening = kept(customer, EVENING)
    story.last_evening()
    issued = kept(customer, ISSUED)

    story.work_of_march(ISSUED + days(1))
    story.corrections_of_march(ISSUED + days(2))

    assert again(story.mistaken).decision.level.level == Level.FIRST
    assert story.slow.targets.get().first_due_at
    assert story.open.targets.get().first_due_at
    assert kept(customer, EVENING) == evening
    assert kept(customer, ISSUED) == issued
    assert kept(customer, ISSUED).as_json() == issued.as_json()


def test_a_revision_knows_better_but_tells_no_later_event(customer, engineer):
    licence = held(customer, Level.PREMIUM)
    heard, open_one = (
        filed(licence, reporter=make_contact(customer), at=START + days(n)) for n in (3, 4)
    )
    mailed = answered(heard, engineer, at=START + days(3) + hours(1))
    issued = kept(customer, ISSUED)

    bounced(mailed, heard.reporter.email, at=ISSUED + days(1))
    answer(again(open_one), author=engineer, body="So.", at=ISSUED + days(1), then="solved")
    revised = kept(customer, MUCH_LATER)

    assert (issued.counts.targets_met, issued.counts.targets_breached) == (1, 1)
    assert (revised.counts.targets_met, revised.counts.targets_breached) == (0, 2)
    assert (revised.counts.solved, revised.counts.open_at_end) == (0, 2)
    assert [row.state for row in revised.incidents] == ["Waiting for customer", "New"]


def test_the_trend_says_of_a_month_what_its_own_report_says(customer, engineer):
    licence = held(customer, Level.PREMIUM)
    reporter = make_contact(customer)
    for n in range(1, 4):
        incident = filed(licence, reporter=reporter, at=START + days(n))
        message = answered(incident, engineer, at=START + days(n) + hours(n), then=State.SOLVED)
    bounced(message, reporter.email, at=END + days(5))
    silent = filed(licence, reporter=reporter, at=START + days(9))
    close(silent, by=reporter, at=START + days(9) + hours(1))

    for known_at in (END + days(4), MUCH_LATER):
        own = kept(customer, known_at)
        beside = content_of(customer, Month(2026, 3), at=known_at).trend[-1]
        assert (beside.reported, beside.solved) == (own.counts.reported, own.counts.solved)
        assert beside.median_first_answer_seconds == own.first_answer.median


def test_a_month_that_is_not_over_is_told_up_to_now(customer):
    licence = held(customer, Level.PREMIUM)
    filed(licence, reporter=make_contact(customer), at=START + days(3))

    found = kept(customer, START + days(3) + hours(1))

    assert (found.as_of, found.known_at) == (START + days(3) + hours(1),) * 2
    assert replace(kept(customer, END), known_at=ISSUED, as_of=END) == kept(customer, ISSUED)
    assert kept(customer, ISSUED).as_of == END
    assert timedelta(0) < ISSUED - END
