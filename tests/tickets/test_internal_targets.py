"""The targets that the tiers set themselves: pauses, verdicts, and who is notified (X2)."""

import pytest

from accounts.enums import Role
from core.clock import database_now
from tests.factories import (
    NINE,
    days,
    hours,
    make_engineer,
    make_incident,
    make_internal_target,
    make_licence,
    make_partner_engineer,
    make_tier_target,
)
from tests.tickets.desk import HANDOVER, covered, filed, journal, moment, target_of, told
from tickets import tasks
from tickets.actions.conversation import answer, write
from tickets.actions.ladder.escalation import escalate, give_back
from tickets.actions.ladder.internal_alarms import (
    note_internal_breaches,
    notify_of_internal_warnings,
)
from tickets.actions.lifecycle import close, reopen
from tickets.actions.promises import alarms
from tickets.enums import State
from tickets.models import InternalTarget
from tickets.reads.tier_clocks import worked
from tickets.rules.ladder.tiers import internal_verdict, time_at_tiers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def eight_working_hours():
    for tier in (1, 2, 3):
        make_tier_target(tier)


@pytest.fixture
def owner():
    return make_engineer()


def come_up(at, owner, **fields):
    """An incident that TS1 hands to TS2 at the moment."""
    incident = make_incident(owner=owner, received_at=moment(at) - hours(1), **fields)
    escalate(incident, by=owner, at=moment(at), **HANDOVER)
    incident.refresh_from_db()
    return incident


def internal(incident):
    return incident.internal_targets.order_by("-pk")[0]


def wait(incident, owner, at):
    answer(incident, author=owner, body="Please send the log.", at=moment(at), then="waiting")


def verdict_of(target, at):
    facts = {"paused_at": target.paused_at, "ended_at": target.ended_at}
    return internal_verdict(target.due_at, at=moment(at), **facts)


def sweep(at) -> tuple[int, int]:
    """Breaches noted and warnings told at a moment."""
    at = moment(at)
    late = InternalTarget.objects.breached_unnoted(at).values_list("pk", flat=True)
    noted = note_internal_breaches(list(late), at=at)
    near = InternalTarget.objects.to_warn(at).values_list("pk", flat=True)
    return noted, notify_of_internal_warnings(list(near), at=at)


def test_s17_a_pause_over_the_night_costs_only_its_open_half_hour(owner):
    incident = come_up("2026-04-14T15:00+02:00", owner)

    wait(incident, owner, "2026-04-14T16:50+02:00")
    write(incident, author=incident.reporter, body="Here.", at=moment("2026-04-15T08:20+02:00"))

    assert internal(incident).due_at == moment("2026-04-15T14:30+02:00")


def test_s19_a_pause_in_hours_that_ends_out_of_hours(owner):
    incident = come_up("2026-04-21T09:00+02:00", owner)

    wait(incident, owner, "2026-04-21T14:00+02:00")
    write(incident, author=incident.reporter, body="Here.", at=moment("2026-04-21T19:30+02:00"))

    assert internal(incident).due_at == moment("2026-04-22T11:00+02:00")


def test_s21_solved_straight_from_waiting_counts_only_what_was_worked(owner):
    incident = come_up("2026-02-02T08:00+01:00", owner)
    wait(incident, owner, "2026-02-02T10:00+01:00")
    assert sweep("2026-02-05T14:59+01:00") == (0, 0)

    at = moment("2026-02-05T15:00+01:00")
    answer(incident, author=owner, body="It is solved.", at=at, then="solved")

    target = internal(incident)
    assert worked(target, at=at) == hours(2)
    assert verdict_of(target, "2026-02-20T00:00+01:00") == "met"
    assert sweep("2026-02-20T00:00+01:00") == (0, 0)


def test_s23_a_pause_after_the_breach_takes_nothing_back(owner):
    incident = come_up("2026-05-11T13:00+02:00", owner)

    wait(incident, owner, "2026-05-12T12:30+02:00")
    assert sweep("2026-05-12T18:00+02:00") == (1, 0)
    write(incident, author=incident.reporter, body="Here.", at=moment("2026-05-13T09:00+02:00"))

    target = internal(incident)
    assert target.due_at == moment("2026-05-12T12:00+02:00")
    assert verdict_of(target, "2026-05-13T09:00+02:00") == "breached"
    assert sweep("2026-05-13T10:00+02:00") == (0, 0)


def test_s39_tiers_change_and_the_customers_clock_does_not(owner):
    make_tier_target(2, target=hours(4))
    tester = make_engineer(role=Role.TS2)
    make_engineer(role=Role.TS3)
    incident = filed(covered(), at=moment("2026-09-08T09:00+02:00"))
    incident.owner = owner
    incident.save()

    escalate(incident, by=owner, at=moment("2026-09-08T10:30+02:00"), **HANDOVER)
    escalate(incident, by=tester, at=moment("2026-09-08T13:00+02:00"), **HANDOVER)
    promised = target_of(incident)
    alarms.note_breach(promised.pk, at=moment("2026-09-08T15:00:11+02:00"))

    incident.refresh_from_db()
    assert (incident.tier, incident.owner) == (3, owner)
    assert promised.due_at == moment("2026-09-08T15:00+02:00")
    warned = promised.warnings.order_by("percent").values_list("due_at", flat=True)
    assert list(warned) == [moment("2026-09-08T13:30+02:00"), moment("2026-09-08T14:24+02:00")]
    _, second, third = incident.internal_targets.order_by("pk")
    assert (second.due_at, second.ended_at) == (
        moment("2026-09-08T14:30+02:00"),
        moment("2026-09-08T13:00+02:00"),
    )
    assert verdict_of(second, "2026-09-30T13:00+02:00") == "met"
    assert third.due_at == moment("2026-09-09T12:00+02:00")


def test_a_warning_and_a_breach_are_told_to_who_works_on_it_and_not_to_the_rest(owner):
    lead = make_engineer(is_lead=True)
    tester = make_engineer(role=Role.TS2)
    make_engineer(role=Role.TS2, is_on_duty=False)
    incident = come_up("2026-04-14T08:00+02:00", owner)

    assert sweep("2026-04-14T14:00+02:00") == (0, 1)
    assert sweep("2026-04-14T16:01+02:00") == (1, 0)

    assert told(incident, "internal_target_warning") == {tester.email}
    assert told(incident, "internal_target_breached") == {tester.email, lead.email}


def test_a_warning_and_a_breach_are_told_once_to_the_tier_and_the_leads(owner):
    lead = make_engineer(is_lead=True)
    partner = make_partner_engineer(is_lead=True)
    off_duty = {"role": Role.TS2, "is_on_duty": False}  # so that nobody works on it
    testers = {make_engineer(**off_duty).email for _ in range(2)}
    incident = come_up("2026-04-14T08:00+02:00", owner)

    assert sweep("2026-04-14T13:59+02:00") == (0, 0)
    assert sweep("2026-04-14T14:00+02:00") == (0, 1)
    assert sweep("2026-04-14T14:01+02:00") == (0, 0)
    assert sweep("2026-04-14T16:00+02:00") == (0, 0)  # at the due moment it is in time still
    assert sweep("2026-04-14T16:01+02:00") == (1, 0)
    assert sweep("2026-04-14T16:02+02:00") == (0, 0)

    assert told(incident, "internal_target_warning") == testers
    assert told(incident, "internal_target_breached") == testers | {lead.email}
    assert partner.email not in told(incident, "internal_target_breached")
    incident.refresh_from_db()
    assert (incident.tier, incident.owner) == (2, owner)
    assert journal(incident)[-2:] == ["internal_target.warned", "internal_target.breached"]


def test_at_ts1_its_owner_is_told(owner):
    other = make_engineer()
    incident = filed(covered(), at=moment("2026-04-14T08:00+02:00"))
    incident.owner = owner
    incident.save()

    assert sweep("2026-04-14T15:00+02:00") == (0, 1)

    assert told(incident, "internal_target_warning") == {owner.email}
    assert other.email not in told(incident, "internal_target_warning")


def test_after_an_outage_only_the_breach_is_told(owner):
    incident = come_up("2026-04-14T08:00+02:00", owner)
    make_engineer(role=Role.TS2)

    assert sweep("2026-04-20T08:00+02:00") == (1, 0)

    assert told(incident, "internal_target_warning") == set()


def test_a_late_end_is_a_breach_that_the_sweep_still_notes(owner):
    incident = come_up("2026-04-14T08:00+02:00", owner)
    at = moment("2026-04-15T09:00+02:00")
    answer(incident, author=owner, body="It is solved.", at=at, then="solved")

    assert sweep("2026-04-15T09:01+02:00") == (1, 0)


def test_given_back_closed_and_opened_again_each_has_its_own_clock(owner):
    tester = make_engineer(role=Role.TS2)
    incident = come_up("2026-04-14T08:00+02:00", owner)

    give_back(incident, by=tester, at=moment("2026-04-14T10:00+02:00"), result="A patch.")
    close(incident, by=incident.reporter, at=moment("2026-04-14T11:00+02:00"))
    reopen(incident, by=incident.reporter, at=moment("2026-04-14T13:00+02:00"))

    rows = incident.internal_targets.order_by("pk").values_list("tier", "opened_at", "ended_at")
    assert list(rows) == [
        (2, moment("2026-04-14T08:00+02:00"), moment("2026-04-14T10:00+02:00")),
        (1, moment("2026-04-14T10:00+02:00"), moment("2026-04-14T11:00+02:00")),
        (1, moment("2026-04-14T13:00+02:00"), None),
    ]


def test_what_comes_up_while_the_customer_must_act_begins_paused(owner):
    incident = make_incident(owner=owner, state=State.WAITING)

    escalate(incident, by=owner, at=NINE, **HANDOVER)

    assert internal(incident).paused_at == NINE


def test_what_nothing_covers_has_no_clock_at_ts1():
    incident = filed(make_licence())

    assert incident.decision.level is None
    assert not incident.internal_targets.exists()


def test_an_edit_counts_for_what_comes_after_it(owner):
    before = come_up("2026-04-14T08:00+02:00", owner)
    make_tier_target(2, target=hours(2))

    after = come_up("2026-04-14T08:00+02:00", owner)

    assert internal(before).target == hours(8)
    assert internal(after).due_at == moment("2026-04-14T10:00+02:00")


def test_the_sweeps_go_by_the_clock_of_the_database():
    now = database_now()
    make_internal_target(opened_at=now - days(3), due_at=now - days(1), warn_at=now - days(2))
    make_internal_target(opened_at=now - days(3), due_at=now + days(1), warn_at=now - days(2))

    assert (tasks.note_internal_breaches(), tasks.notify_of_internal_warnings()) == (1, 1)
    assert (tasks.note_internal_breaches(), tasks.notify_of_internal_warnings()) == (0, 0)


def test_customers_see_no_internal_target():
    target = make_internal_target()

    assert not InternalTarget.objects.visible_to(target.incident.reporter).exists()
    assert InternalTarget.objects.visible_to(make_engineer(role=Role.TS2)).exists()


def test_time_at_each_level():
    steps = [(NINE + hours(1), 2), (NINE + hours(4), 3), (NINE + hours(5), 1)]

    spent = time_at_tiers(NINE, steps, NINE + hours(8))

    assert spent == {1: hours(4), 2: hours(3), 3: hours(1)}
    assert time_at_tiers(NINE, steps, NINE + hours(2)) == {1: hours(1), 2: hours(1), 3: hours(0)}
