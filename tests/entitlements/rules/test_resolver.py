"""Which level serves a report, and what is said about each other one (R1 to R3, E2)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entitlements.enums import Level
from entitlements.levels import RANK, SUBSCRIBED_LEVELS, carrying_words
from entitlements.rules.resolver import Candidate, Decision, Question, resolve
from entitlements.rules.terms import Term
from entitlements.text.reasons import considered_in_words, remedies_in_words

AT = datetime(2026, 6, 15, 10, tzinfo=UTC)
YEAR = Term(date(2026, 1, 1), date(2027, 1, 1), "Europe/Berlin")
HOURS = dict.fromkeys(Level.values, 4) | {"golive": 3, "gold": 3, "premium": 6, "first": 24}
HOURS["basic"] = 24
_SOLD = [one.label for one in reversed(SUBSCRIBED_LEVELS)]
RENEW = f"Buy or renew {', '.join(_SOLD[:-1])} or {_SOLD[-1]} for this licence."
LABELS = dict(Level.choices)
PHONED = ("golive", "gold", "premium")


def candidate(level: str, **changed: Any) -> Candidate:
    channels = {"portal", "email"} | ({"phone"} if level in PHONED else set())
    facts: dict[str, Any] = {
        "id": f"{level}:1",
        "level": level,
        "label": LABELS[level],
        "target": timedelta(hours=HOURS[level]),
        "round_the_clock": level != "basic",
        "term": YEAR,
        "channels": frozenset(channels),
        "services": frozenset({"troubleshooting"}),
        "level_version": 1,
        "licence": None if level == "golive" else 7,
        "project": 3 if level == "golive" else None,
    }
    if level == "gold":
        facts |= {"pack": 11, "available": 2}
    return Candidate(**facts | changed)


def question(**changed: Any) -> Question:
    facts: dict[str, Any] = {
        "at": AT,
        "service": "troubleshooting",
        "channel": "portal",
        "licence": 7,
    }
    return Question(**facts | changed)


def level_of(decision: Decision) -> str:
    assert decision.chosen is not None
    return decision.chosen.level


def codes(decision: Decision) -> dict[str, str]:
    return {one.candidate.id: one.code for one in decision.considered}


def sentences(decision: Decision) -> list[str]:
    stored = json.loads(json.dumps(decision.as_json()))
    return [one["sentence"] for one in considered_in_words(stored["considered"])]


def remedies(decision: Decision) -> list[str]:
    return remedies_in_words(json.loads(json.dumps(decision.as_json()))["remedies"])


def test_the_ranks_are_the_levels_best_first():
    assert sorted(RANK, key=lambda level: RANK[level]) == list(Level.values)


def test_each_level_serves_where_no_better_one_does():
    levels = ["golive", "gold", "premium", "first", "basic"]
    asked = question(project=3, use_gold=True)

    served = []
    while levels:
        served.append(level_of(resolve(asked, [candidate(level) for level in reversed(levels)])))
        levels.remove(served[-1])

    assert served == ["golive", "gold", "premium", "first", "basic"]


def test_what_comes_after_the_chosen_one_is_told_too():
    decision = resolve(question(), [candidate("basic"), candidate("premium")])

    assert sentences(decision) == [
        "Premium serves this report: an answer within 6 hours, round the clock."
        " It lasts until 31 December 2026.",
        "Basic would apply too; Premium comes before it.",
    ]
    assert decision.remedies == ()


def test_gold_is_spent_only_when_it_is_chosen():
    decision = resolve(question(), [candidate("gold"), candidate("premium")])

    assert codes(decision) == {"gold:1": "not_elected", "premium:1": "chosen"}


def test_a_golive_project_needs_no_pack_and_must_be_named():
    candidates = [candidate("golive"), candidate("gold"), candidate("premium")]

    named = resolve(question(project=3, use_gold=True), candidates)
    unnamed = resolve(question(), candidates)

    assert level_of(named) == "golive"
    assert level_of(unnamed) == "premium"
    assert codes(unnamed)["golive:1"] == "not_this_project"


@pytest.mark.parametrize(
    ("changed", "code", "sentence"),
    (
        (
            {"available": 0},
            "pack_empty",
            "No Gold incidents are left in this pack.",
        ),
        (
            {"premium": False},
            "premium_not_active",
            f"Gold incidents count only while {carrying_words()} is active.",
        ),
    ),
)
def test_a_pack_that_can_not_be_spent_leaves_the_report_to_premium(changed, code, sentence):
    decision = resolve(
        question(use_gold=True), [candidate("gold", **changed), candidate("premium")]
    )

    assert level_of(decision) == "premium"
    assert (decision.considered[0].code, sentences(decision)[0]) == (code, sentence)


def test_a_term_counts_from_its_first_instant_to_its_last():
    premium = candidate("premium")

    before = resolve(question(at=YEAR.starts_at - timedelta(microseconds=1)), [premium])
    first = resolve(question(at=YEAR.starts_at), [premium])
    last = resolve(question(at=YEAR.ends_at - timedelta(microseconds=1)), [premium])
    after = resolve(question(at=YEAR.ends_at), [premium])

    assert [one.chosen is not None for one in (before, first, last, after)] == [
        False,
        True,
        True,
        False,
    ]
    assert sentences(before) == ["Premium begins on 1 January 2026."]
    assert sentences(after) == ["Premium ended on 31 December 2026."]
    assert remedies(after) == [RENEW]


def test_a_channel_that_is_not_included_names_those_that_are():
    decision = resolve(question(channel="phone"), [candidate("basic")])

    assert decision.chosen is None
    assert sentences(decision) == [
        "Basic does not include telephone; use the web portal or e-mail."
    ]
    assert remedies(decision) == ["Report it through the web portal or by e-mail."]


def test_another_channel_is_not_advised_where_it_would_not_help():
    decision = resolve(question(channel="phone", service="training"), [candidate("basic")])

    assert remedies(decision) == [
        "Buy a level that includes training; the support programme lists them."
    ]


def test_a_telephone_report_needs_the_call_that_an_engineer_logged():
    asked = question(channel="phone", call_logged=False)

    decision = resolve(asked, [candidate("premium")])

    assert codes(decision) == {"premium:1": "no_call_logged"}
    assert "Call us, so that an engineer logs the call." in remedies(decision)


def test_gold_is_advised_where_only_gold_would_serve():
    gold = candidate("gold", services=frozenset({"troubleshooting", "audit"}))

    decision = resolve(question(service="audit"), [gold, candidate("premium")])

    assert decision.chosen is None
    assert "Choose to spend a Gold incident on this report." in remedies(decision)


def test_a_report_without_a_licence_is_asked_for_it():
    decision = resolve(question(licence=None), [candidate("premium")])

    assert codes(decision) == {"premium:1": "other_licence"}
    assert remedies(decision)[0] == "Name the licence that the report is about."


def test_nothing_to_weigh_still_says_what_would_help():
    assert remedies(resolve(question(), [])) == [RENEW]


def test_the_pack_that_expires_first_is_spent_first():
    early = candidate("gold", id="gold:9", term=Term(YEAR.starts_on, date(2026, 8, 1), "UTC"))

    decision = resolve(question(use_gold=True), [candidate("gold"), early])

    assert decision.chosen is early


def test_ties_go_to_the_shorter_target_then_to_the_licence_then_to_the_id():
    slow = candidate("premium", id="a", target=timedelta(hours=8))
    general = candidate("premium", id="b", licence=None)
    own = candidate("premium", id="d")
    twin = candidate("premium", id="c")

    ordered = resolve(question(), [slow, general, own, twin]).considered

    assert [one.candidate.id for one in ordered] == ["c", "d", "b", "a"]


def test_a_decision_can_be_stored():
    decision = resolve(question(), [candidate("basic"), candidate("premium")])

    stored = json.loads(json.dumps(decision.as_json()))

    assert stored["chosen"] == "premium:1"
    assert [one["code"] for one in stored["considered"]] == ["chosen", "also_applies"]


many = st.lists(
    st.builds(
        candidate,
        st.sampled_from(sorted(RANK)),
        id=st.text("abc0123", min_size=1, max_size=4),
        licence=st.sampled_from([None, 7, 8]),
        premium=st.booleans(),
        term=st.sampled_from(
            [
                YEAR,
                Term(date(2024, 1, 1), date(2025, 1, 1), "UTC"),
                Term(date(2026, 6, 1), date(2026, 7, 1), "UTC"),
            ]
        ),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(
    found=many,
    shuffled=st.randoms(),
    use_gold=st.booleans(),
    channel=st.sampled_from(["portal", "phone"]),
)
def test_the_decision_does_not_depend_on_the_order_of_the_candidates(
    found, shuffled, use_gold, channel
):
    asked = question(use_gold=use_gold, channel=channel, project=3)
    other = list(found)
    shuffled.shuffle(other)

    decision = resolve(asked, found)

    assert decision == resolve(asked, other)
    assert len(decision.considered) == len(found)
    assert [one.code for one in decision.considered].count("chosen") == bool(decision.chosen)
    assert bool(decision.remedies) == (decision.chosen is None)


def codes_of_remedies(decision: Decision) -> list[str]:
    return [one.code for one in decision.remedies]


def test_on_site_needs_a_contract_that_runs_and_says_so():
    asked = question(needs_contract=True, service_name="On-site support")

    without = resolve(asked, [candidate("premium")])
    [considered] = without.as_json()["considered"]

    assert considered["code"] == "no_technical_contract"
    assert considered["facts"] == {"service": "On-site support"}
    assert codes_of_remedies(without) == ["ask_for_contract"]
    with_one = resolve(question(needs_contract=True, has_contract=True), [candidate("premium")])
    assert level_of(with_one) == "premium"


def test_a_contract_helps_nobody_who_has_one_and_nothing_else():
    asked = question(needs_contract=True, has_contract=True)

    assert "ask_for_contract" not in codes_of_remedies(resolve(asked, []))


def test_a_service_is_named_as_the_customer_knows_it_or_by_its_key():
    for name, said in (("Pilot design", "Pilot design"), ("", "pilot_design")):
        asked = question(service="pilot_design", service_name=name)
        decision = resolve(asked, [candidate("premium")])

        assert decision.considered[0].facts == {"service": said}
        assert decision.remedies[0].facts == {"service": said}


def test_a_service_that_one_of_them_includes_need_not_be_bought():
    asked = question(licence=8)
    others = [candidate("premium"), candidate("basic", services=frozenset())]

    assert "buy_including" not in codes_of_remedies(resolve(asked, others))


def test_what_begins_later_is_waited_for_and_an_empty_pack_is_bought():
    later = Term(date(2027, 1, 1), date(2028, 1, 1), "Europe/Berlin")

    assert codes_of_remedies(resolve(question(), [candidate("premium", term=later)])) == [
        "wait_for_start"
    ]
    empty = resolve(question(use_gold=True), [candidate("gold", available=0)])
    assert codes_of_remedies(empty) == ["buy_pack"]
    unheld = resolve(question(use_gold=True), [candidate("gold", premium=False)])
    assert codes_of_remedies(unheld) == ["buy_pack"]


def test_another_pack_is_told_from_another_level():
    packs = [candidate("gold", id="gold:1"), candidate("gold", id="gold:2", pack=12)]
    decision = resolve(question(use_gold=True), [*packs, candidate("premium")])

    told = {one.candidate.id: one.facts.get("is_another_pack") for one in decision.considered}
    assert told == {"gold:1": None, "gold:2": True, "premium:1": False}
    two = resolve(question(), [candidate("first"), candidate("first", id="first:2")])
    assert two.considered[1].facts["is_another_pack"] is False
