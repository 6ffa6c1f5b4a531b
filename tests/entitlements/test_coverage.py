"""Decisions from real contracts. Moments are given in the customer's own offset."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from entitlements.actions.coverage import decide
from entitlements.actions.packs import buy_pack
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import Edition, Level
from entitlements.models import CoverageDecision, Licence
from entitlements.reads.coverage_summary import projects_of, summary_of
from entitlements.reads.current import current_level, working_calendar
from entitlements.reads.explaining import due_lines, explain
from tests.factories import (
    NINE,
    days,
    hours,
    make_licence,
    make_organisation,
    make_pack,
    make_project,
    make_service,
    make_subscription,
    make_technical_contract,
)

pytestmark = pytest.mark.django_db


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def asked(licence: Licence | None, at: datetime = NINE, **facts) -> CoverageDecision:
    question = {
        "organisation": licence.organisation if licence else None,
        "licence": licence,
        "project": None,
        "service": "troubleshooting",
        "channel": "portal",
        "use_gold": False,
        "at": at,
    }
    return decide(**question | facts)


def level_of(decision: CoverageDecision) -> str | None:
    return decision.level.level if decision.level else None


def codes_of(decision: CoverageDecision) -> dict[str, str]:
    return {one["id"].partition(":")[0]: one["code"] for one in decision.considered}


def due_of(decision: CoverageDecision) -> datetime:
    level = decision.level
    assert level is not None
    return working_calendar(level.calendar).due(decision.at, level.response_time)


def berlin(**fields) -> Licence:
    return make_licence(make_organisation(timezone="Europe/Berlin"), **fields)


def test_the_best_level_that_is_active_serves_a_report_and_each_other_one_says_why_not():
    licence = make_licence()
    make_subscription(licence)
    make_subscription(licence, level=Level.FIRST)
    make_pack(licence)

    decision = asked(licence)

    assert level_of(decision) == "premium"
    assert codes_of(decision) == {
        "gold": "not_elected",
        "premium": "chosen",
        "first": "also_applies",
        "basic": "also_applies",
    }
    assert decision.pack is None
    assert CoverageDecision.objects.get() == decision


def test_gold_serves_when_it_is_elected_and_names_the_older_pack_to_spend_from():
    licence = make_licence()
    make_subscription(licence)
    newer = make_pack(licence, purchased_at=NINE - days(2))
    older = make_pack(licence, purchased_at=NINE - days(9))

    decision = asked(licence, use_gold=True, save=False)

    assert (level_of(decision), decision.pack) == ("gold", older)
    assert decision.pk is None
    assert newer.available == 5


def test_an_empty_pack_leaves_premium_and_is_explained():
    licence = make_licence()
    make_subscription(licence)
    make_pack(licence, available=0)

    decision = asked(licence, use_gold=True)

    assert level_of(decision) == "premium"
    assert codes_of(decision)["gold"] == "pack_empty"


def test_a_pack_without_premium_is_worth_nothing():
    licence = make_licence(registered_on=date(2026, 1, 1))
    make_pack(licence)

    decision = asked(licence, use_gold=True)

    assert level_of(decision) == "basic"
    assert codes_of(decision)["gold"] == "premium_not_active"


def test_a_pack_dies_at_a_gap_and_a_later_premium_does_not_wake_it():
    licence = make_licence()
    make_subscription(licence, starts_on=date(2025, 3, 1), ends_on=date(2026, 2, 1))
    make_pack(licence, purchased_at=NINE - days(60))
    make_subscription(licence, starts_on=date(2026, 2, 2), ends_on=date(2027, 2, 2))

    decision = asked(licence, use_gold=True)

    assert level_of(decision) == "premium"
    assert codes_of(decision)["gold"] == "expired"


def test_a_pack_lives_over_a_renewal_without_a_gap():
    licence = make_licence()
    make_subscription(licence, starts_on=date(2025, 3, 1), ends_on=date(2026, 2, 1))
    make_pack(licence, purchased_at=NINE - days(60))
    make_subscription(licence, starts_on=date(2026, 2, 1), ends_on=date(2027, 2, 1))

    decision = asked(licence, use_gold=True)

    assert level_of(decision) == "gold"
    assert decision.covered_until_at == moment("2027-02-01T00:00:00+02:00")


def test_a_pack_bought_after_the_report_was_received_does_not_serve_it():
    licence = make_licence()
    make_subscription(licence)
    make_pack(licence, purchased_at=NINE + hours(1))

    assert level_of(asked(licence, use_gold=True)) == "premium"


def test_golive_serves_the_reports_of_its_project_inside_its_window():
    licence = make_licence()
    make_subscription(licence)
    project = make_project(licence.organisation)

    inside = asked(licence, project=project, use_gold=True)
    after = asked(licence, project=project, at=moment("2026-05-01T00:00:00+03:00"))
    other = asked(licence)

    assert (level_of(inside), inside.pack) == ("golive", None)
    assert (level_of(after), codes_of(after)["golive"]) == ("premium", "expired")
    assert level_of(other) == "premium"


def test_golive_serves_a_report_that_names_no_licence():
    project = make_project()

    decision = asked(None, organisation=project.organisation, project=project)

    assert level_of(decision) == "golive"


def test_nothing_applies_without_licence_and_project_and_the_remedy_says_so():
    decision = asked(None, organisation=make_organisation())

    assert (level_of(decision), decision.considered) == (None, [])
    assert "Name the licence that the report is about." in decision.remedies


@pytest.mark.parametrize(
    ("channel", "service", "code"),
    (
        ("phone", "troubleshooting", "channel_not_included"),
        ("portal", "migration", "service_not_included"),
    ),
)
def test_basic_does_not_reach_a_channel_or_service_that_it_does_not_include(channel, service, code):
    licence = make_licence(registered_on=date(2026, 1, 1))

    decision = asked(licence, channel=channel, service=service)

    assert level_of(decision) is None
    assert codes_of(decision) == {"basic": code}
    assert decision.remedies


def test_s26_premium_serves_to_the_last_second_of_its_last_day_and_not_after():
    licence = berlin(registered_on=date(2020, 1, 1))
    make_subscription(licence, starts_on=date(2025, 9, 1), ends_on=date(2026, 9, 1))

    in_time = asked(licence, at=moment("2026-08-31T23:50:00+02:00"))
    too_late = asked(licence, at=moment("2026-09-01T00:00:00+02:00"))

    assert level_of(in_time) == "premium"
    assert due_of(in_time) == moment("2026-09-01T05:50:00+02:00")
    assert (level_of(too_late), codes_of(too_late)) == (
        None,
        {"premium": "expired", "basic": "expired"},
    )


def test_s27_basic_registered_on_29_february_lasts_through_28_february():
    licence = berlin(registered_on=date(2028, 2, 29))

    last_second = asked(licence, at=moment("2029-02-28T23:59:59+01:00"))
    next_day = asked(licence, at=moment("2029-03-01T00:00:00+01:00"))

    assert (level_of(last_second), level_of(next_day)) == ("basic", None)


def test_s29_the_moment_of_receipt_counts_not_the_moment_of_processing():
    licence = berlin(registered_on=date(2026, 3, 15))

    decision = asked(licence, at=moment("2027-03-15T23:58:00+01:00"))

    assert level_of(decision) == "basic"
    assert due_of(decision) == moment("2027-03-18T14:00:00+01:00")


def test_s24_premium_bought_later_decides_only_reports_received_after_it_begins():
    licence = berlin(registered_on=date(2026, 1, 1))
    before = asked(licence, at=moment("2026-06-15T10:00:00+02:00"))
    subscribe(licence, level="premium", starts_on=date(2026, 6, 16), at=NINE, by=None)

    after = asked(licence, at=moment("2026-06-16T11:00:00+02:00"))

    assert due_of(before) == moment("2026-06-17T16:00:00+02:00")
    assert due_of(after) == moment("2026-06-16T17:00:00+02:00")
    before.refresh_from_db()
    assert level_of(before) == "basic"


def test_the_organisations_own_midnight_ends_its_term():
    sydney = make_licence(make_organisation(timezone="Australia/Sydney"))
    make_subscription(sydney, starts_on=date(2025, 3, 2), ends_on=date(2026, 3, 2))

    before = asked(sydney, at=moment("2026-03-01T12:59:59+00:00"))
    after = asked(sydney, at=moment("2026-03-01T13:00:00+00:00"))

    assert (level_of(before), level_of(after)) == ("premium", None)


def test_a_paid_level_brings_basic_for_its_time():
    licence = make_licence(registered_on=date(2020, 1, 1))
    make_subscription(licence, level=Level.FIRST)

    decision = asked(licence)

    assert codes_of(decision) == {"first": "chosen", "basic": "also_applies"}


def test_an_evaluation_licence_has_basic_for_thirty_days():
    licence = berlin(edition=Edition.EVALUATION, registered_on=date(2026, 1, 1))

    last = asked(licence, at=moment("2026-01-30T23:59:59+01:00"))
    over = asked(licence, at=moment("2026-01-31T00:00:00+01:00"))

    assert (level_of(last), level_of(over)) == ("basic", None)


def test_the_next_term_is_told_before_it_begins():
    licence = make_licence()
    make_subscription(licence, starts_on=date(2026, 4, 1))

    decision = asked(licence)

    assert codes_of(decision)["premium"] == "not_started"


def test_deciding_costs_the_same_for_one_licence_and_for_fifty(django_assert_num_queries):
    licence = make_licence()
    make_subscription(licence)
    make_pack(licence)
    make_service()

    with django_assert_num_queries(5):
        asked(licence, use_gold=True, save=False)

    for _ in range(49):
        other = make_licence(licence.organisation)
        make_subscription(other)
        make_pack(other)
    for _ in range(5):
        make_pack(licence)
    with django_assert_num_queries(5):
        asked(licence, use_gold=True, save=False)


def test_a_decision_is_explained_in_plain_words():
    licence = make_licence()
    make_subscription(licence)

    explained = explain(asked(licence))
    refused = explain(asked(make_licence(), channel="phone"))

    assert explained.headline == "Premium, 6 hours, round the clock"
    assert explained.reasons[0].startswith("Premium serves this report")
    assert refused.headline == "Not covered"
    assert refused.remedies


def test_the_due_moment_is_explained_by_the_days_that_count():
    basic = current_level(Level.BASIC)
    start = moment("2026-06-15T10:00:00+02:00")
    due_at = working_calendar(basic.calendar).due(start, basic.response_time)

    lines = due_lines(basic.calendar, start=start, target=basic.response_time, due_at=due_at)

    assert lines == [
        "Monday 15 June, 10:00 to 17:00: 7 hours",
        "Tuesday 16 June, 08:00 to 17:00: 9 hours",
        "Wednesday 17 June, 08:00 to 16:00: 8 hours",
        "Together 24 hours: due Wednesday 17 June, 16:00 (Europe/Berlin).",
    ]


def test_a_due_moment_round_the_clock_needs_one_line():
    premium = current_level(Level.PREMIUM)
    start = moment("2026-06-15T22:00:00+02:00")

    lines = due_lines(
        premium.calendar,
        start=start,
        target=premium.response_time,
        due_at=start + premium.response_time,
    )

    assert lines == ["Monday 15 June, 22:00 plus 6 hours is Tuesday 16 June, 04:00."]


def test_the_summary_shows_each_licence_with_its_gold_and_what_would_cover_more():
    organisation = make_organisation()
    gold = make_licence(organisation, key="A")
    make_subscription(gold)
    buy_pack(gold, quantity=5, at=NINE - days(1), by=None)
    basic = make_licence(organisation, key="B", registered_on=date(2026, 1, 1))
    lapsed = make_licence(organisation, key="C", registered_on=date(2020, 1, 1))

    one, two, three = summary_of(organisation, at=NINE)

    assert (one.licence, one.level, one.status) == (gold, "premium", "active")
    assert (one.packs_left, one.callback) == (5, True)
    assert one.promise == "An answer within 6 hours, round the clock"
    assert one.until_on == date(2026, 12, 31)
    assert [held.level for held in one.levels] == ["premium", "gold", "basic"]
    assert one.offers == []
    assert (two.licence, two.level, two.until_on) == (basic, "basic", date(2027, 1, 1))
    assert (two.packs_left, two.callback) == (None, False)
    assert [offer.level for offer in two.offers] == ["first", "premium", "gold"]
    assert (three.licence, three.status, three.until_on) == (lapsed, "ended", date(2021, 1, 1))
    assert three.note == "Subscribe to FIRsT or Premium to be answered in time."


def test_the_summary_says_what_follows_when_a_level_ends_soon():
    licence = make_licence(registered_on=date(2020, 1, 1))
    make_subscription(licence, starts_on=date(2025, 3, 10), ends_on=date(2026, 3, 10))
    make_subscription(
        licence, level=Level.FIRST, starts_on=date(2026, 3, 10), ends_on=date(2027, 3, 10)
    )

    (one,) = summary_of(licence.organisation, at=NINE)

    assert (one.status, one.note) == ("soon", "FIRsT begins on 10 March 2026.")


@pytest.mark.parametrize(("left", "status"), ((1, "soon"), (30, "soon"), (31, "active")))
def test_a_level_ends_soon_in_its_last_thirty_days(left, status):
    """Today, the ninth of March, is the first of those that are left."""
    licence = make_licence(registered_on=date(2020, 1, 1))
    make_subscription(
        licence, starts_on=date(2025, 6, 1), ends_on=NINE.date() + timedelta(days=left)
    )

    (one,) = summary_of(licence.organisation, at=NINE)

    assert (one.status, bool(one.note)) == (status, status == "soon")


def test_the_summary_costs_the_same_for_one_licence_and_for_three(django_assert_num_queries):
    organisation = make_organisation()
    for expected in (1, 2, 3):
        licence = make_licence(organisation)
        make_subscription(licence)
        make_pack(licence)
        with django_assert_num_queries(6):
            assert len(summary_of(organisation, at=NINE)) == expected


def test_golive_projects_are_shown_with_their_window():
    project = make_project(starts_on=date(2026, 3, 3), ends_on=date(2026, 4, 1))

    (one,) = projects_of(project.organisation, at=NINE)

    assert (one.status, one.until_on) == ("planned", date(2026, 3, 31))
    (later,) = projects_of(project.organisation, at=NINE + timedelta(days=2))
    assert later.status == "active"


def test_a_report_now_is_decided_like_any_other():
    assert level_of(asked(make_licence(), at=timezone.now())) is None


def on_site(licence, **facts):
    make_service("on_site", name="On-site support")
    return asked(licence, service="on_site", **facts)


@pytest.mark.parametrize(
    "contract",
    (
        None,
        {"starts_on": date(2026, 3, 3), "ends_on": date(2027, 1, 1)},
        {"starts_on": date(2025, 1, 1), "ends_on": date(2026, 3, 2)},
    ),
)
def test_on_site_is_covered_by_no_level_without_its_contract(contract):
    licence = make_licence()
    make_subscription(licence)
    make_pack(licence)
    make_technical_contract()  # a stranger's
    if contract:
        make_technical_contract(licence.organisation, **contract)

    decision = on_site(licence, use_gold=True)

    assert decision.level is None
    assert {codes_of(decision)["premium"], codes_of(decision)["gold"]} == {"no_technical_contract"}
    said = {one["sentence"] for one in decision.considered}
    assert "On-site support needs a special technical contract, and none runs." in said
    assert decision.remedies == ["Ask us for a special technical contract."]


def test_on_site_is_covered_while_its_contract_runs_and_no_longer():
    licence = make_licence()
    make_subscription(licence)
    make_technical_contract(licence.organisation, ends_on=date(2026, 4, 1))

    decision = on_site(licence)

    assert level_of(decision) == "premium"
    assert decision.covered_until_at == moment("2026-04-01T00:00+03:00")


def test_a_contract_signed_later_is_left_out_where_a_promise_is_told_again():
    licence = make_licence()
    make_subscription(licence)
    make_technical_contract(licence.organisation, made_at=NINE + days(1))

    assert on_site(licence, sold_by=NINE).level is None
    assert level_of(on_site(licence, sold_by=NINE + days(1))) == "premium"
