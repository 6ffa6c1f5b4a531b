"""Who gets an incident and why not the others: the rule alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.dispatch.choosing import (
    Candidate,
    Engineer,
    Reason,
    Standing,
    Wanted,
    candidate,
    decide,
)
from tickets.rules.dispatch.settings import AS_DELIVERED, DispatchRules, Order, Wish, problems

ANY, LEVEL_2 = Wanted(needs_level_2=False), Wanted(needs_level_2=True)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANNA = Candidate(
    person=1,
    name="Anna",
    serves=True,
    on_duty=True,
    understands=True,
    native=False,
    is_local=False,
    skilled=True,
    is_level_2=False,
    did_not_take=False,
    load=3,
    urgent=0,
    capacity=25,
)
BERT = replace(ANNA, person=2, name="Bert")

flags = st.booleans()
candidates = st.lists(
    st.builds(
        Candidate,
        person=st.integers(1, 10**6),
        name=st.text(max_size=3),
        serves=flags,
        on_duty=flags,
        understands=flags,
        native=flags,
        is_local=flags,
        skilled=flags,
        is_level_2=flags,
        did_not_take=flags,
        load=st.integers(0, 4),
        urgent=st.integers(0, 2),
        capacity=st.integers(1, 4),
        last_given_at=st.none() | st.integers(0, 9).map(lambda n: AT + timedelta(hours=n)),
    ),
    max_size=8,
    unique_by=lambda one: one.person,
)

usable = st.builds(
    DispatchRules,
    take_within=st.integers(1, 99),
    most_tries=st.integers(1, 10),
    capacity=st.integers(1, 500),
    wishes=st.permutations(list(Wish)).map(tuple),
    order=st.lists(st.sampled_from(list(Order)), min_size=1, unique=True).map(tuple),
)


def reasons(
    wanted: Wanted, *people: Candidate, rules: DispatchRules = AS_DELIVERED
) -> dict[str, Reason]:
    return {one.name: one.reason for one in decide(wanted, people, rules)}


@pytest.mark.parametrize(
    ("worse", "reason"),
    (
        ({"serves": False}, Reason.ELSEWHERE),
        ({"on_duty": False}, Reason.OFF_DUTY),
        ({"understands": False}, Reason.SPEECH),
        ({"load": 25}, Reason.NO_ROOM),
        ({"did_not_take": True}, Reason.DID_NOT_TAKE),
        ({"skilled": False}, Reason.SKILL),
        ({"urgent": 1}, Reason.LATER),
        ({"load": 4}, Reason.LATER),
        ({"last_given_at": AT}, Reason.LATER),
    ),
)
def test_the_other_one_gets_it_and_the_reason_is_said(worse, reason):
    assert reasons(ANY, replace(ANNA, **worse), BERT) == {"Bert": Reason.CHOSEN, "Anna": reason}


@pytest.mark.parametrize("missing", ({"did_not_take": True}, {"skilled": False}))
def test_who_misses_a_wish_is_better_than_nobody(missing):
    assert reasons(ANY, replace(ANNA, **missing)) == {"Anna": Reason.CHOSEN}


@pytest.mark.parametrize("missing", ("serves", "on_duty", "understands"))
def test_what_nobody_may_be_spared_is_never_dropped(missing):
    without: dict[str, Any] = {missing: False}

    assert Reason.CHOSEN not in reasons(ANY, replace(ANNA, **without)).values()


def test_what_level_2_supplies_goes_to_level_2_though_they_have_more_to_do():
    expert = replace(BERT, is_level_2=True, load=20)

    assert reasons(LEVEL_2, ANNA, expert) == {"Bert": Reason.CHOSEN, "Anna": Reason.LEVEL}
    assert reasons(ANY, ANNA, expert)["Anna"] == Reason.CHOSEN


def test_the_level_counts_more_than_the_skill():
    expert = replace(BERT, is_level_2=True, skilled=False)

    assert reasons(LEVEL_2, ANNA, expert)["Bert"] == Reason.CHOSEN


def test_the_local_partner_comes_first_and_then_the_language():
    local, native = replace(ANNA, is_local=True, load=9), replace(BERT, native=True)

    assert reasons(ANY, local, native)["Anna"] == Reason.CHOSEN
    assert reasons(ANY, ANNA, replace(native, load=9))["Bert"] == Reason.CHOSEN


def test_each_reason_has_a_sentence():
    for one in decide(ANY, [ANNA, replace(BERT, on_duty=False)], AS_DELIVERED):
        assert one.sentence


@given(candidates, flags, usable)
def test_one_is_chosen_exactly_when_somebody_is_able(people, needs_level_2, rules):
    considered = decide(Wanted(needs_level_2), people, rules)

    able = [one for one in people if one.serves and one.on_duty and one.understands]
    able = [one for one in able if one.load < one.capacity]
    chosen = [one for one in considered if one.reason == Reason.CHOSEN]
    assert len(chosen) == bool(able)
    assert chosen == considered[:1] or not able
    assert {one.person for one in chosen} <= {one.person for one in able}
    assert sorted(one.person for one in considered) == sorted(one.person for one in people)


@given(candidates, st.randoms(), usable)
def test_the_order_in_which_they_are_asked_does_not_matter(people, random, rules):
    shuffled = list(people)
    random.shuffle(shuffled)

    assert decide(ANY, people, rules) == decide(ANY, shuffled, rules)


def test_the_wish_that_is_named_last_is_dropped_first():
    expert, knows = replace(ANNA, is_level_2=True, skilled=False), BERT
    skill_first = DispatchRules(wishes=(Wish.DID_NOT_TAKE, Wish.SKILL, Wish.LEVEL))

    assert reasons(LEVEL_2, expert, knows)["Anna"] == Reason.CHOSEN
    swapped = reasons(LEVEL_2, expert, knows, rules=skill_first)
    assert swapped == {"Bert": Reason.CHOSEN, "Anna": Reason.SKILL}


def test_a_wish_that_is_not_named_counts_nothing():
    rules = DispatchRules(wishes=(Wish.DID_NOT_TAKE,))

    assert reasons(ANY, replace(ANNA, skilled=False), BERT, rules=rules)["Anna"] == Reason.CHOSEN


def test_the_first_criterion_decides_among_equals():
    idle, native = replace(ANNA, load=0), replace(BERT, native=True, load=9)
    load_first = DispatchRules(order=(Order.LOAD, Order.LANGUAGE))

    assert reasons(ANY, idle, native)["Bert"] == Reason.CHOSEN
    assert reasons(ANY, idle, native, rules=load_first)["Anna"] == Reason.CHOSEN


@pytest.mark.parametrize(
    ("wrong", "helps"),
    (
        ({"take_within": 0}, "between 1 and 99 percent"),
        ({"take_within": 100}, "too late"),
        ({"take_within": -5}, "between 1 and 99 percent"),
        ({"most_tries": 0}, "Between 1 and 10 engineers"),
        ({"most_tries": 11}, "Between 1 and 10 engineers"),
        ({"capacity": -1}, "room for 1 to 500"),
        ({"capacity": 501}, "room for 1 to 500"),
        ({"wishes": ("let_lie", "skill", "skill")}, "A wish is named twice"),
        ({"wishes": ("let_lie", "beauty")}, "A wish is not known"),
        ({"wishes": ("level", "skill")}, "could not be passed on"),
        ({"order": ("load", "load")}, "A criterion among equals is named twice"),
        ({"order": ("shoe_size",)}, "A criterion among equals is not known"),
        ({"order": ()}, "at least one criterion"),
    ),
)
def test_rules_that_can_not_be_used_say_what_would_help(wrong, helps):
    assert any(helps in one for one in problems(replace(AS_DELIVERED, **wrong)))


@given(usable)
def test_usable_rules_have_no_problem_and_are_stored_as_they_are(rules):
    assert problems(rules) == []
    assert DispatchRules.read(rules.facts()) == rules


@pytest.mark.parametrize(
    ("language", "languages", "is_partner", "wanted", "understands", "native"),
    (
        ("de", [], False, "de", True, True),
        ("en", ["de"], False, "de", True, True),
        ("en", [], False, "de", True, False),  # in English, which the programme promises
        ("de", [], True, "de", True, True),
        ("en", ["de"], True, "de", True, False),  # the partner's language is not their own
        ("fr", [], True, "de", False, False),
        ("fr", [], True, "en", True, False),
    ),
)
def test_who_speaks_with_a_customer(language, languages, is_partner, wanted, understands, native):
    one = Engineer(1, "Anna", language, frozenset(languages), frozenset(), is_partner)
    standing = Standing(True, True, False, load=0, urgent=0, last_given_at=None)

    found = candidate(one, Wanted(False, wanted), standing, 25)

    assert (found.understands, found.native, found.is_local) == (understands, native, is_partner)


def test_who_names_no_service_knows_all_and_who_has_no_room_of_their_own_has_the_usual():
    standing = Standing(True, True, False, load=0, urgent=0, last_given_at=None)
    wanted = Wanted(False, service="migration")

    found = [
        candidate(
            Engineer(1, "Anna", "en", frozenset(), services, capacity=own), wanted, standing, 25
        )
        for services, own in (
            (frozenset(), None),
            (frozenset(["migration"]), 3),
            (frozenset(["x"]), 7),
        )
    ]

    assert [one.skilled for one in found] == [True, True, False]
    assert [one.capacity for one in found] == [25, 3, 7]
