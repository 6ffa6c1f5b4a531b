"""How an organisation can reach the vendor now: telephone, call-back, on-site (L7, rule 10)."""

from datetime import date, timedelta

import pytest

from entitlements.actions import packs
from entitlements.enums import Edition, Level
from entitlements.models import Licence
from entitlements.reads.availability import ways_for, ways_of
from tests.factories import (
    NINE,
    days,
    make_level,
    make_licence,
    make_organisation,
    make_pack,
    make_project,
    make_subscription,
    make_technical_contract,
)

pytestmark = pytest.mark.django_db


def premium(organisation=None, **fields) -> Licence:
    licence = make_licence(organisation)
    make_subscription(licence, **fields)
    return licence


def lapsed(licence: Licence) -> None:
    make_subscription(licence, starts_on=date(2025, 1, 1), ends_on=date(2026, 2, 1))


def test_premium_with_gold_left_has_telephone_and_the_call_back_hotline():
    licence = premium()
    make_pack(licence)

    ways = ways_of(licence.organisation, at=NINE)

    assert (ways.telephone.is_on, ways.callback.is_on) == (True, True)
    assert ways.telephone.reason == "Included in Premium, until 31 December 2026."
    assert ways.callback.reason == "Included in Gold, until 31 December 2026."
    assert ways.callback.until_on == date(2026, 12, 31)


def test_the_hotline_is_off_the_moment_the_last_gold_incident_is_spent():
    licence = premium()
    pack = packs.buy_pack(licence, quantity=5, at=NINE - days(1), by=None)
    on = [ways_of(licence.organisation, at=NINE).callback.is_on]

    for _ in range(5):
        packs.spend(pack, at=NINE)
        on.append(ways_of(licence.organisation, at=NINE).callback.is_on)

    assert on == [True] * 5 + [False]
    assert (
        ways_of(licence.organisation, at=NINE).callback.reason
        == "No Gold incidents are left: order a pack."
    )
    assert ways_of(licence.organisation, at=NINE).telephone.is_on


def test_premium_without_a_pack_is_told_to_order_one():
    callback = ways_of(premium().organisation, at=NINE).callback

    assert (callback.is_on, callback.until_on) == (False, None)
    assert callback.reason == "It comes with Gold incidents, and none were bought: order a pack."


def test_when_premium_ended_the_pack_alone_opens_nothing():
    licence = make_licence()
    lapsed(licence)
    make_pack(licence, purchased_at=NINE - days(60))

    ways = ways_of(licence.organisation, at=NINE)

    assert not ways.callback.is_on
    assert ways.callback.reason == "Premium ended on 31 January 2026: renew it."
    assert ways.telephone.reason == "Premium ended on 31 January 2026: renew it."


def test_premium_that_has_not_begun_says_when():
    licence = premium(starts_on=date(2026, 4, 1), ends_on=date(2027, 4, 1))

    ways = ways_of(licence.organisation, at=NINE)

    assert ways.telephone.reason == ways.callback.reason == "Premium begins on 1 April 2026."


@pytest.mark.parametrize("level", (Level.FIRST, Level.BASIC))
def test_a_level_without_telephone_says_which_ones_have_it(level):
    licence = make_licence(registered_on=date(2026, 1, 1))
    if level == Level.FIRST:
        make_subscription(licence, level=level)

    ways = ways_of(licence.organisation, at=NINE)

    assert not ways.telephone.is_on
    assert ways.telephone.reason == (
        f"{level.label} does not include it: Premium, Gold or GoLive would."
    )
    assert ways.callback.reason == f"{level.label} does not include it: Gold or GoLive would."


def test_without_a_licence_or_support_the_reason_says_that():
    nobody, ended = make_organisation(), make_licence().organisation

    assert ways_of(nobody, at=NINE).telephone.reason == "No licence is registered yet."
    assert (
        ways_of(ended, at=NINE).telephone.reason
        == "No support runs now: Premium, Gold or GoLive would include it."
    )


def test_a_golive_window_opens_telephone_and_hotline_without_packs():
    project = make_project(starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 3))

    ways = ways_of(project.organisation, at=NINE)
    after = ways_of(project.organisation, at=NINE + days(1))

    assert (ways.telephone.is_on, ways.callback.is_on) == (True, True)
    assert ways.callback.reason == "Included in GoLive, until 2 March 2026."
    assert not after.callback.is_on


def test_the_catalogue_decides_which_level_includes_a_channel():
    licence = make_licence(registered_on=date(2026, 2, 1), edition=Edition.EVALUATION)
    make_level(Level.BASIC, channels=["portal", "phone"], evaluation_days=60)

    assert ways_of(licence.organisation, at=NINE).telephone.is_on
    assert not ways_of(licence.organisation, at=NINE + days(60)).telephone.is_on


def test_a_channel_that_no_level_includes_is_said_so():
    for level in Level:
        make_level(level, channels=["portal"])

    reason = ways_of(premium().organisation, at=NINE).telephone.reason

    assert reason == "No support level includes telephone now."


def test_the_last_moment_of_premium_is_midnight_where_the_customer_lives():
    licence = premium(make_organisation(timezone="Asia/Tokyo"), ends_on=date(2026, 3, 3))
    midnight = NINE.replace(hour=15)  # in Tokyo the next day begins

    on = [
        ways_of(licence.organisation, at=at).telephone.is_on
        for at in (midnight - timedelta(microseconds=1), midnight)
    ]

    assert on == [True, False]


def test_one_premium_among_many_licences_is_found():
    organisation = make_organisation()
    for _ in range(3):
        lapsed(make_licence(organisation))
    make_pack(premium(organisation))
    make_pack(make_licence(organisation))

    assert ways_of(organisation, at=NINE).callback.is_on


def test_a_licence_is_asked_for_itself_alone():
    with_gold = premium()
    make_pack(with_gold)
    other = make_licence(with_gold.organisation)
    project = make_project(with_gold.organisation)

    assert ways_for(with_gold, None, at=NINE).callback.is_on
    assert not ways_for(other, None, at=NINE).callback.is_on
    assert ways_for(other, project, at=NINE).callback.is_on


def test_what_was_transferred_away_opens_nothing():
    licence = premium()
    make_pack(licence)
    Licence.objects.filter(pk=licence.pk).update(transferred_at=NINE)

    ways = ways_of(licence.organisation, at=NINE)

    assert (ways.telephone.is_on, ways.callback.is_on) == (False, False)


def test_on_site_needs_a_technical_contract_that_runs_at_any_level():
    organisation = make_organisation()
    none = ways_of(organisation, at=NINE).onsite
    make_technical_contract(
        organisation, reference="TC-1", starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1)
    )
    ended = ways_of(organisation, at=NINE).onsite
    make_technical_contract(organisation, reference="TC-3", starts_on=date(2026, 5, 1))
    coming = ways_of(organisation, at=NINE).onsite
    make_technical_contract(organisation, reference="TC-2")
    running = ways_of(organisation, at=NINE).onsite

    assert [one.is_on for one in (none, ended, coming, running)] == [False, False, False, True]
    assert none.reason == "It needs a special technical contract: ask us for one."
    assert ended.reason == "Contract TC-1 ended on 31 December 2025: ask us to renew it."
    assert coming.reason == "Contract TC-3 begins on 1 May 2026."
    assert running.reason == "On request, under contract TC-2, until 31 December 2026."


def test_nobody_gets_a_strangers_contract():
    make_technical_contract()
    make_pack(premium())

    ways = ways_of(make_organisation(), at=NINE)

    assert [way.is_on for way in ways] == [False, False, False]


def test_asking_costs_the_same_for_one_licence_and_for_fifty(django_assert_num_queries):
    organisation = make_organisation()
    make_pack(premium(organisation))
    with django_assert_num_queries(7):
        ways_of(organisation, at=NINE)

    for _ in range(49):
        premium(organisation)
    with django_assert_num_queries(7):
        ways_of(organisation, at=NINE)
