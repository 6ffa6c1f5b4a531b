"""The pure rules: which contract allows it (N1), plans (N2), the light (N3), alarms (N4)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engagements.enums import Kind
from engagements.rules import alarms, plan
from engagements.rules.eligibility import CONTRACT, LEVEL, NEEDS, PROJECT, Basis, decide
from engagements.rules.light import AMBER, GREEN, RED, Piece, judge
from engagements.rules.plans_shipped import SHIPPED
from engagements.text import eligibility as words
from engagements.text import light as light_words

TODAY = date(2026, 3, 2)  # a Monday
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
TC = Basis(CONTRACT, "technical_contract:1", "TC-1", *YEAR)
PREMIUM = Basis(LEVEL, "level:1", "Premium", *YEAR, services=frozenset({"feature_request"}))
BASIC = Basis(LEVEL, "level:2", "Basic", *YEAR)
GOLIVE = Basis(PROJECT, "golive_project:1", "P", *YEAR, services=frozenset({"pilot_design"}))


@pytest.mark.parametrize(
    ("kind", "bases", "chosen", "codes", "remedies"),
    (
        ("on_site", [TC, PREMIUM], TC, ["chosen", "other_source"], ()),
        ("on_site", [PREMIUM], None, ["other_source"], ("sign_contract",)),
        ("feature", [BASIC, PREMIUM], PREMIUM, ["chosen", "service_not_included"], ()),
        ("feature", [BASIC], None, ["service_not_included"], ("buy_level", "open_project")),
        ("golive", [GOLIVE], GOLIVE, ["chosen"], ()),
        ("golive", [], None, [], ("open_project",)),
    ),
)
def test_what_allows_it_and_why_nothing_else(kind, bases, chosen, codes, remedies):
    decision = decide(kind, bases, on=TODAY)

    assert decision.chosen == chosen
    assert sorted(one.code for one in decision.considered) == sorted(codes)
    assert decision.remedies == remedies
    said = decision.as_json()
    assert len(words.considered_in_words(said["considered"])) == len(codes)
    assert bool(words.chosen_in_words(said)) == (chosen is not None)


@pytest.mark.parametrize(
    ("basis", "on", "code"),
    (
        (TC, date(2025, 12, 31), "not_started"),
        (TC, date(2026, 1, 1), "chosen"),
        (TC, date(2026, 12, 31), "chosen"),
        (TC, date(2027, 1, 1), "expired"),
        (Basis(CONTRACT, "c:2", "TC-2", *YEAR, days=2, used=2), TODAY, "no_days_left"),
        (Basis(CONTRACT, "c:2", "TC-2", *YEAR, days=2, used=1), TODAY, "chosen"),
    ),
)
def test_the_days_of_a_contract(basis, on, code):
    decision = decide("on_site", [basis], on=on)

    assert decision.considered[0].code == code
    assert words.refusal_in_words(decision.as_json())


def test_the_order_is_total_and_each_code_has_words():
    other = Basis(CONTRACT, "technical_contract:2", "TC-2", date(2026, 1, 1), date(2026, 7, 1))

    decision = decide("on_site", [TC, other], on=TODAY)

    assert [one.code for one in decision.considered] == ["chosen", "also_applies"]
    assert decision.chosen == other, "the one that ends first"
    assert {one.code for one in decision.considered} <= words.REASON_CODES
    assert set(NEEDS) == set(Kind.values) == set(SHIPPED)


@pytest.mark.parametrize(
    ("day", "offset", "found"),
    (
        (TODAY, 0, TODAY),
        (TODAY, 5, date(2026, 3, 9)),
        (TODAY, -1, date(2026, 2, 27)),
        (date(2026, 3, 7), 0, date(2026, 3, 9)),
        (date(2026, 3, 7), -1, date(2026, 3, 6)),
        (date(2026, 3, 8), -2, date(2026, 3, 5)),
    ),
)
def test_working_days(day, offset, found):
    assert plan.working_day(day, offset) == found


def test_a_plan_counts_from_the_start_and_back_from_the_go_live():
    spans = plan.lay_out(SHIPPED["golive"], start=TODAY, golive=date(2026, 6, 1))

    assert spans[0] == plan.Span(TODAY, date(2026, 3, 13))
    assert spans[-2] == plan.Span(date(2026, 6, 1), date(2026, 6, 1))
    assert spans[-3].ends_on == date(2026, 5, 29), "the Friday before"
    later = plan.lay_out(SHIPPED["golive"], start=TODAY, golive=date(2026, 6, 8))
    assert later[0] == spans[0]
    assert later[-2].starts_on - spans[-2].starts_on == timedelta(days=7)


def test_holidays_are_no_working_days():
    closed = date(2026, 3, 3)

    assert plan.working_day(TODAY, 1, lambda day: plan.weekdays(day) and day != closed) == date(
        2026, 3, 4
    )


@pytest.mark.parametrize(
    ("start", "golive", "says"),
    (
        (TODAY, None, "say when that is"),
        (TODAY, date(2026, 3, 10), "before the start"),
    ),
)
def test_what_makes_no_plan(start, golive, says):
    with pytest.raises(plan.PlanFault, match=says):
        plan.lay_out(SHIPPED["golive"], start=start, golive=golive)


def test_what_follows_goes_along_by_working_days():
    friday = date(2026, 3, 6)
    before, after = plan.Span(TODAY, friday), plan.Span(TODAY, date(2026, 3, 10))
    follows = [plan.Span(date(2026, 3, 9), date(2026, 3, 13))]

    assert plan.followers_moved(before, after, follows) == [
        plan.Span(date(2026, 3, 11), date(2026, 3, 17))
    ]
    assert plan.followers_moved(after, before, follows) == follows, "sooner moves nothing"


@pytest.mark.parametrize(
    ("text", "says"),
    (
        ("", "at least one phase"),
        ("- task", "below its phase"),
        ("Pilot | begin | 0 | 1", "start or golive"),
        ("Pilot | start | x | 1", "whole numbers"),
        ("Pilot | start | 5 | 1", "end before it starts"),
        ("Pilot | start | 0 | 5000", "1,000"),
    ),
)
def test_templates_that_can_not_be_read(text, says):
    with pytest.raises(plan.PlanFault, match=says):
        plan.read_template(text)


@pytest.mark.parametrize("kind", list(SHIPPED))
def test_a_template_reads_as_it_was_written(kind):
    phases = list(SHIPPED[kind])

    assert plan.read_template(plan.write_template(phases)) == phases
    assert [plan.PhaseTemplate.read(one.as_json()) for one in phases] == phases


def test_the_light_and_its_reasons():
    done = Piece("phase", "Design", date(2026, 2, 1), is_done=True)
    soon = Piece("phase", "Pilot", date(2026, 3, 4), is_done=False, has_begun=False)
    late = Piece("phase", "Pilot", date(2026, 3, 1), is_done=False)
    task = Piece("task", "Hosts", date(2026, 3, 1), is_done=False)

    assert judge([done], risks=[6], sent_back=0, on=TODAY) == (GREEN, [])
    assert judge([soon], risks=[], sent_back=0, on=TODAY)[0] == AMBER
    assert judge([task], risks=[], sent_back=0, on=TODAY)[0] == AMBER
    assert judge([], risks=[12], sent_back=0, on=TODAY)[0] == AMBER
    assert judge([], risks=[], sent_back=1, on=TODAY)[0] == AMBER
    colour, reasons = judge([task, late], risks=[16], sent_back=2, on=TODAY)
    assert colour == RED
    assert [one.code for one in reasons] == ["late", "late", "high_risk", "sent_back"]
    assert light_words.in_words(reasons)[0] == "“Pilot” is 1 day late."
    assert len(light_words.in_words(judge([soon], risks=[], sent_back=0, on=TODAY)[1])) == 1
    assert light_words.in_words([]) == ["Nothing is late, and no risk is high."]


def test_alarms_at_75_and_90_percent_and_late():
    made = datetime(2026, 3, 2, tzinfo=UTC)
    moments = {"made_at": made, "due_at": made + timedelta(hours=100)}

    def at(hours: float) -> datetime:
        return made + timedelta(hours=hours)

    assert alarms.next_step("answer", 0, **moments) == (75, at(75))
    assert alarms.next_step("answer", 75, **moments) == (90, at(90))
    assert alarms.next_step("answer", 100, **moments) is None
    assert alarms.next_step("phase", 0, **moments) == (100, at(100))
    assert alarms.reached("answer", 0, at=at(74), **moments) is None
    assert alarms.reached("answer", 0, at=at(95), **moments) == 90, "the furthest, alone"
    assert alarms.reached("answer", 75, at=at(200), **moments) == 100
