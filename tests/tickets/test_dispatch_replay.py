"""What rules of dispatch would have done: the replay alone, and what it is given to replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from core.models import JournalEntry
from entitlements.rules.calendars import WorkingCalendar
from notices.models import Notice
from tests.factories import (
    NINE,
    hours,
    make_absence,
    make_contact,
    make_engineer,
    make_incident,
    make_manager,
    make_organisation,
    make_profile,
    make_service,
    make_target,
)
from tests.tickets.desk import covered, filed
from tickets.actions.conversation import answer
from tickets.actions.dispatch.dispatching import pass_on
from tickets.actions.dispatch.ownership import accept, assign, set_priority
from tickets.enums import State
from tickets.errors import TooManyToReplay
from tickets.models import Dispatch, Incident
from tickets.reads import dispatch_history
from tickets.reads.dispatch_history import history
from tickets.rules.dispatch.choosing import Engineer, Wanted
from tickets.rules.dispatch.compare import compare
from tickets.rules.dispatch.replay import Arrival, Held, History, Past, replay
from tickets.rules.dispatch.settings import AS_DELIVERED

END = NINE + hours(24)
ALWAYS = WorkingCalendar.always("UTC")


def past(person: int, *spans: tuple[datetime, datetime], **fields: Any) -> Past:
    known: dict[str, Any] = {"language": "en", "languages": frozenset(), "services": frozenset()}
    one = Engineer(person=person, name="ABCDEFGH"[person - 1], **known | fields)
    return Past(one, None, frozenset(), spans or ((NINE, END),))


def arrival(incident: int, at: datetime = NINE, **fields: Any) -> Arrival:
    known: dict[str, Any] = {
        "number": f"AX-{incident}",
        "subject": "IMAP stops",
        "organisation": 1,
        "partner": None,
        "wanted": Wanted(needs_level_2=False),
        "priority": 3,
        "taken_at": at,
        "finished_at": None,
        "target": timedelta(hours=6),
        "due_at": at + hours(6),
        "calendar": ALWAYS,
    }
    return Arrival(incident=incident, received_at=at, **known | fields)


def story(people: list[Past], *arrivals: Arrival, held: tuple[Held, ...] = ()) -> History:
    return History(NINE, END, people, held, arrivals)


def names(found: History, rules=AS_DELIVERED) -> list[list[str]]:
    """Who had each incident, one after another."""
    return [[made[0].name for made in one.decisions] for one in replay(found, rules).courses]


def test_what_the_replay_gave_counts_as_load_until_it_was_finished():
    people = [past(1), past(2)]
    first = arrival(1, finished_at=NINE + hours(2))
    then = [arrival(n, NINE + hours(n - 1)) for n in (2, 3, 4)]

    assert names(story(people, first, *then)) == [["A"], ["B"], ["A"], ["B"]]


def test_what_somebody_had_before_counts_too():
    held = Held(9, owner=1, priority=3, received_at=NINE - hours(5), finished_at=None)

    assert names(story([past(1), past(2)], arrival(1), held=(held,))) == [["B"]]


def test_who_is_off_duty_gets_nothing_and_who_comes_shares_what_waits():
    late = (NINE + hours(3), END)
    waiting = [arrival(n, NINE + hours(1)) for n in (1, 2)]

    found = story([past(1, late), past(2, late)], *waiting)

    done = replay(found, AS_DELIVERED)
    assert names(found) == [["A"], ["B"]]
    assert all(one.found_nobody for one in done.courses)


def test_the_urgent_goes_first_when_somebody_has_room_again():
    rules = replace(AS_DELIVERED, capacity=1)
    people = [past(1)]
    first = arrival(1, finished_at=NINE + hours(3))
    normal, urgent = arrival(2, NINE + hours(1)), arrival(3, NINE + hours(2), priority=1)

    assert names(story(people, first, normal, urgent), rules) == [["A"], [], ["A"]]


def test_what_was_finished_before_anybody_had_room_is_given_to_nobody():
    late = (NINE + hours(3), END)

    assert names(story([past(1, late)], arrival(1, finished_at=NINE + hours(1)))) == [[]]


def test_what_is_not_taken_in_time_is_passed_on_and_after_the_tries_the_leads_are_asked():
    people = [past(n) for n in (1, 2, 3, 4)]
    lies = arrival(1, taken_at=None, due_at=NINE + hours(20))

    done = replay(story(people, lies), AS_DELIVERED)

    assert [made[0].name for made in done.courses[0].decisions] == ["A", "B", "C"]
    assert done.courses[0].asks_leads
    taken = replace(lies, taken_at=NINE + hours(3))
    assert names(story(people, taken)) == [["A"]]
    assert names(story(people, taken), replace(AS_DELIVERED, take_within=25)) == [["A", "B"]]


def test_an_incident_that_only_one_may_have_stays_and_the_leads_are_asked():
    done = replay(story([past(1)], arrival(1, taken_at=None, due_at=END)), AS_DELIVERED)

    assert (done.courses[0].had, done.courses[0].asks_leads) == ([1], True)


def test_what_differs_is_told_with_both_names_and_reasons():
    knows = past(1, services=frozenset({"migration"}))
    expert = past(2, is_level_2=True, services=frozenset({"installation"}))
    wanted = Wanted(needs_level_2=True, service="migration")
    same, gold = arrival(1, wanted=Wanted(False, "en", "migration")), arrival(2, wanted=wanted)

    found = compare(
        story([knows, expert], same, gold),
        AS_DELIVERED,
        replace(AS_DELIVERED, wishes=("let_lie", "skill", "level")),
    )

    (one,) = found.differences
    assert (one.arrival, one.now.name, one.then.name) == (gold, "B", "A")
    assert one.now.why == "on duty, serves the customer, and had 0 of 25"
    assert one.lost == "B does not know this service, and somebody does"
    assert [(row.name, row.now, row.then) for row in found.shares] == [("A", 1, 2), ("B", 1, 0)]


def test_the_same_rules_differ_in_nothing():
    people = [past(n) for n in (1, 2, 3)]
    came = [arrival(n, NINE + hours(n / 10), taken_at=None) for n in range(1, 40)]

    assert compare(story(people, *came), AS_DELIVERED, AS_DELIVERED).differences == []


def test_an_empty_history_is_no_fault():
    assert compare(story([]), AS_DELIVERED, AS_DELIVERED).incidents == 0


@pytest.fixture
def manager():
    return make_manager()


def read(manager, start=NINE, end=END) -> History:
    return history(start, end, reader=manager)


@pytest.mark.django_db
def test_the_present_rules_replayed_give_each_incident_to_who_got_it(manager):
    random = Random(5)
    services = [make_service("installation"), make_service("migration")]
    engineers = [make_engineer(), make_engineer(language="ro")]
    engineers += [make_profile(is_level_2=True, services=services[:1]).person]
    make_absence(person=engineers[0], starts_at=NINE + hours(3), ends_at=NINE + hours(6))
    licences = [covered(), covered(gold=9), covered(organisation=make_organisation())]
    reporters = [
        make_contact(one.organisation, language=random.choice(("en", "ro"))) for one in licences
    ]
    fresh: list[Incident] = []

    for minute in range(0, 600, 20):
        at = NINE + timedelta(minutes=minute)
        for given in Dispatch.objects.due(at):
            pass_on(given.pk, at=given.take_by)  # type: ignore[arg-type]  # due has one
        which = random.randrange(3)
        fresh.append(
            filed(
                licences[which],
                reporter=reporters[which],
                service=random.choice(("troubleshooting", "installation")),
                priority=random.choice((1, 2, 3, 4)),
                use_gold=which == 1,
                at=at,
            )
        )
        if random.random() < 0.5:
            answered = Incident.objects.get(pk=fresh.pop(random.randrange(len(fresh))).pk)
            assert answered.owner is not None
            then = random.choice((State.WAITING, State.SOLVED))
            answer(answered, author=answered.owner, body="So.", at=at + hours(0.1), then=then)

    found = compare(read(manager), AS_DELIVERED, AS_DELIVERED)
    assert found.incidents == found.known == 30
    assert found.as_it_was == 30


@pytest.mark.django_db
def test_what_was_held_counts_for_who_had_it_then(manager):
    first, second = make_engineer(), make_engineer()
    early = filed(at=NINE)
    taken, later = early.owner, ({first, second} - {early.owner}).pop()
    assign(early, to=later, by=manager, at=NINE + hours(5))
    set_priority(early, priority=1, by=manager, at=NINE + hours(5), reason="It is worse.")

    (held,) = read(manager, NINE + hours(1)).held
    (held_later,) = read(manager, NINE + hours(6)).held

    assert (held.owner, held_later.owner) == (taken.pk, later.pk)
    (came,) = read(manager).arrivals
    assert (came.priority, came.first_owner) == (3, taken.pk)


@pytest.mark.django_db
def test_it_was_taken_when_an_engineer_first_did_anything(manager):
    make_engineer()
    incident = filed(at=NINE)
    assert incident.owner is not None

    assert read(manager).arrivals[0].taken_at is None
    accept(incident, by=incident.owner, at=NINE + hours(2))
    assert read(manager).arrivals[0].taken_at == NINE + hours(2)


@pytest.mark.django_db
def test_who_was_away_was_not_on_duty_and_who_is_switched_off_is_not_either(manager):
    away, _off = make_engineer(), make_engineer(is_on_duty=False)
    make_absence(person=away, starts_at=NINE + hours(2), ends_at=NINE + hours(4))

    spans = [one.spans for one in read(manager).people]

    assert spans == [((NINE, NINE + hours(2)), (NINE + hours(4), END)), ()]


@pytest.mark.django_db
def test_what_nothing_covers_and_what_came_on_other_days_is_left_out(manager):
    make_engineer()
    filed(at=NINE - hours(1))
    inside = filed(at=NINE)
    filed(at=END)

    assert [one.incident for one in read(manager).arrivals] == [inside.pk]


@pytest.mark.django_db
def test_it_asks_as_often_for_ten_incidents_as_for_one(manager):
    asked = []
    for many in (1, 9):
        for _ in range(many):
            make_engineer()
            filed()
            make_target(make_incident(owner=make_engineer(), received_at=NINE - hours(3)))
        with CaptureQueriesContext(connection) as captured:
            found = read(manager)
        asked.append(len(captured))

    assert (len(found.arrivals), len(found.held)) == (10, 10)
    assert asked == [13, 13]


@pytest.mark.django_db
def test_too_many_incidents_are_refused_with_what_would_help(manager, monkeypatch):
    monkeypatch.setattr(dispatch_history, "MOST", 1)
    filed(), filed()

    with pytest.raises(TooManyToReplay, match="2 incidents came in these days; up to 1"):
        read(manager)


@pytest.mark.django_db
def test_trying_rules_writes_nothing(manager):
    make_engineer(role=Role.TS1)
    filed()
    before = [table.objects.count() for table in (JournalEntry, Notice, Dispatch)]

    compare(read(manager), AS_DELIVERED, replace(AS_DELIVERED, take_within=1))

    assert before == [table.objects.count() for table in (JournalEntry, Notice, Dispatch)]


def test_who_serves_some_organisations_gets_theirs_and_no_other():
    only = replace(past(1), serves=frozenset({1}))

    assert names(story([only], arrival(1), arrival(2, NINE + hours(1), organisation=2))) == [
        ["A"],
        [],
    ]


def test_a_partner_s_engineer_gets_what_that_partner_s_customers_report():
    local = replace(past(1, is_partner=True), partner=4)

    found = story([local], arrival(1, partner=4), arrival(2, NINE + hours(1), partner=5))

    assert names(found) == [["A"], []]


def test_who_went_home_gets_nothing_when_something_of_theirs_is_finished():
    rules, until = replace(AS_DELIVERED, capacity=1), NINE + hours(1)
    first = arrival(1, taken_at=NINE, finished_at=NINE + hours(2))
    second = arrival(2, NINE + hours(0.5))

    assert names(story([past(1, (NINE, until))], first, second), rules) == [["A"], []]


def test_what_somebody_had_before_makes_room_when_it_is_finished():
    rules = replace(AS_DELIVERED, capacity=1)
    held = Held(9, owner=1, priority=3, received_at=NINE - hours(5), finished_at=NINE + hours(2))

    assert names(story([past(1)], arrival(1, NINE + hours(1)), held=(held,)), rules) == [["A"]]


def test_what_was_finished_while_it_waited_keeps_nobody_waiting_behind_it():
    late = (NINE + hours(3), END)
    gone = arrival(1, NINE + hours(1), priority=1, finished_at=NINE + hours(2))
    waits = arrival(2, NINE + hours(1))

    assert names(story([past(1, late)], gone, waits)) == [[], ["A"]]


def test_what_there_is_no_room_for_waits_on_in_its_order():
    rules, late = replace(AS_DELIVERED, capacity=1), (NINE + hours(3), END)
    first = arrival(1, NINE + hours(1), finished_at=NINE + hours(4), taken_at=NINE + hours(3))
    second, third = arrival(2, NINE + hours(1)), arrival(3, NINE + hours(2))

    assert names(story([past(1, late)], first, second, third), rules) == [["A"], ["A"], []]


def test_who_waited_longest_is_told_by_what_they_have_left():
    """A got theirs last, but it is finished: of what both have left, B's came later."""
    held = (
        Held(7, owner=1, priority=3, received_at=NINE - hours(9), finished_at=None),
        Held(8, owner=2, priority=3, received_at=NINE - hours(5), finished_at=None),
        Held(9, owner=1, priority=3, received_at=NINE - hours(1), finished_at=NINE + hours(1)),
    )

    assert names(story([past(1), past(2)], arrival(1, NINE + hours(2)), held=held)) == [["A"]]
