"""What happens to a subscription after its sale, and who may change it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.models import JournalEntry
from entitlements.actions import changes
from entitlements.actions.expiry import expire_packs
from entitlements.actions.packs import buy_pack
from entitlements.actions.subscriptions import subscribe
from entitlements.errors import (
    CancelDayOutside,
    ChangeReasonMissing,
    NothingRuns,
    RenewalAllPast,
    SubscriptionOver,
    SubscriptionOverlaps,
    SubscriptionVoid,
    TermInverted,
)
from entitlements.models import IncidentPack, Subscription
from tests import factories as make
from tests.at_once import at_once

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 1, 10, tzinfo=UTC)
TODAY = AT.date()


def licence_of(price: int = 1000):
    return make.make_licence(make.make_organisation(timezone="UTC"), price=price)


def a_year(licence, level: str = "first", starts_on: date = date(2026, 1, 1), price: int = 200):
    return make.make_subscription(
        licence,
        level=level,
        starts_on=starts_on,
        ends_on=starts_on.replace(year=starts_on.year + 1),
        price=price,
    )


def test_a_renewal_begins_where_the_last_one_ends_however_early_or_late():
    early, late = a_year(licence_of()), a_year(licence_of(), starts_on=date(2025, 1, 1))

    ahead = changes.renew(early.licence, level="first", at=AT, by=None)
    behind = changes.renew(late.licence, level="first", at=AT, by=None)

    assert (ahead.starts_on, ahead.ends_on) == (date(2027, 1, 1), date(2028, 1, 1))
    assert behind.starts_on == date(2026, 1, 1)


def test_a_renewal_may_leave_a_gap_when_told_so():
    late = a_year(licence_of(), starts_on=date(2024, 1, 1))

    made = changes.renew(late.licence, level="first", at=AT, by=None, starts_on=TODAY)

    assert made.starts_on == TODAY


def test_a_renewal_that_would_be_over_already_asks_for_its_first_day():
    old = a_year(licence_of(), starts_on=date(2021, 1, 1))

    with pytest.raises(RenewalAllPast, match="Give the first day"):
        changes.renew(old.licence, level="first", at=AT, by=None)

    assert Subscription.objects.count() == 1


def test_an_upgrade_credits_the_unused_days_and_ends_first_today():
    first = a_year(licence_of())

    premium = changes.upgrade(first.licence, at=AT, by=None)

    first.refresh_from_db()
    assert first.ends_on == TODAY
    assert (premium.level, premium.starts_on) == ("premium", TODAY)
    unused = (Decimal(200) * 184 / 365).quantize(Decimal("0.01"))
    assert premium.price == Decimal(350) - unused
    assert JournalEntry.objects.get(kind="subscription.upgraded").facts["credit"] == str(unused)


def test_first_that_had_not_begun_is_void_after_an_upgrade():
    first = a_year(licence_of())
    coming = a_year(first.licence, starts_on=date(2027, 1, 1))

    changes.upgrade(first.licence, at=AT, by=None)

    coming.refresh_from_db()
    assert coming.void_at == AT
    ended = JournalEntry.objects.filter(kind="subscription.ended_by_upgrade").order_by("pk")
    unused = (Decimal(200) * 184 / 365).quantize(Decimal("0.01"))
    assert [one.facts["credited"] for one in ended] == [str(unused), "200.00"]


def test_first_that_is_still_to_come_can_be_upgraded_too():
    coming = a_year(licence_of(), starts_on=date(2026, 9, 1), price=100)

    premium = changes.upgrade(coming.licence, at=AT, by=None)

    coming.refresh_from_db()
    assert coming.void_at == AT
    assert (premium.starts_on, premium.price) == (TODAY, Decimal(250))


def test_without_first_there_is_nothing_to_upgrade():
    licence = licence_of()

    with pytest.raises(NothingRuns, match="FIRsT does not run for this licence today"):
        changes.upgrade(licence, at=AT, by=None)


def test_an_upgrade_is_not_sold_below_nothing():
    first = a_year(licence_of(), price=5000)

    assert changes.upgrade(first.licence, at=AT, by=None).price == 0


def test_a_downgrade_begins_when_premium_ends_and_voids_premium_to_come():
    premium = a_year(licence_of(), "premium")
    coming = a_year(premium.licence, "premium", starts_on=date(2027, 1, 1))

    first = changes.downgrade(premium.licence, at=AT, by=None)

    premium.refresh_from_db()
    coming.refresh_from_db()
    assert (first.level, first.starts_on) == ("first", date(2027, 1, 1))
    assert (premium.ends_on, premium.void_at) == (date(2027, 1, 1), None)
    assert coming.void_at == AT


def test_a_cancellation_ends_tomorrow_or_on_a_day():
    one, other = a_year(licence_of()), a_year(licence_of())

    changes.cancel(one, at=AT, by=None, reason="They closed")
    changes.cancel(other, at=AT, by=None, reason="They closed", ends_on=date(2026, 8, 1))

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.ends_on, other.ends_on) == (TODAY + timedelta(days=1), date(2026, 8, 1))
    facts = JournalEntry.objects.filter(kind="subscription.cancelled").latest("pk").facts
    assert (facts["before"], facts["after"]) == ("2027-01-01", "2026-08-01")


@pytest.mark.parametrize("ends_on", (date(2026, 6, 1), TODAY, TODAY + timedelta(days=1)))
def test_what_is_over_can_not_be_cancelled(ends_on):
    one = make.make_subscription(
        licence_of(), level="first", starts_on=date(2026, 1, 1), ends_on=ends_on
    )

    with pytest.raises(SubscriptionOver, match="nothing left to cancel"):
        changes.cancel(one, at=AT, by=None, reason="They closed")


def test_what_has_not_begun_is_void_when_it_is_cancelled_and_its_days_are_free_again():
    coming = a_year(licence_of(), starts_on=date(2026, 9, 1))

    changes.cancel(coming, at=AT, by=None, reason="Ordered by mistake")
    again = subscribe(coming.licence, level="first", starts_on=date(2026, 9, 1), at=AT, by=None)

    coming.refresh_from_db()
    assert coming.void_at == AT
    assert again.pk != coming.pk
    with pytest.raises(SubscriptionVoid):
        changes.cancel(coming, at=AT, by=None, reason="Again")


@pytest.mark.parametrize("day", (date(2026, 6, 30), date(2027, 1, 1), date(2030, 1, 1)))
def test_a_cancellation_on_an_impossible_day_changes_nothing(day):
    one = a_year(licence_of())

    with pytest.raises(CancelDayOutside, match="To undo a mistake in the past, correct it"):
        changes.cancel(one, at=AT, by=None, reason="They closed", ends_on=day)

    one.refresh_from_db()
    assert one.ends_on == date(2027, 1, 1)


def test_each_change_says_why():
    one = a_year(licence_of())

    for change in (changes.cancel, changes.correct):
        with pytest.raises(ChangeReasonMissing):
            change(one, at=AT, by=None, reason=" \x00 ")


def test_a_correction_puts_the_right_one_in_its_place():
    wrong = a_year(licence_of())

    right = changes.correct(wrong, level="premium", at=AT, by=None, reason="Premium was ordered")

    wrong.refresh_from_db()
    assert wrong.void_at == AT
    assert right.corrects == wrong
    assert (right.level, right.starts_on, right.ends_on, right.price) == (
        "premium",
        wrong.starts_on,
        wrong.ends_on,
        wrong.price,
    )


def test_a_correction_keeps_when_it_was_bought_and_one_of_the_price_alone_moves_no_clock():
    wrong, other = a_year(licence_of()), a_year(licence_of())
    Subscription.objects.update(applied_at=AT - timedelta(days=1))
    wrong.refresh_from_db()

    dearer = changes.correct(wrong, price=Decimal(900), at=AT, by=None, reason="A slip")
    longer = changes.correct(other, ends_on=date(2027, 6, 1), at=AT, by=None, reason="A slip")

    assert dearer.bought_at == wrong.bought_at
    assert dearer.applied_at == wrong.applied_at
    assert longer.applied_at is None


def test_a_correction_that_is_refused_leaves_the_wrong_one_standing():
    wrong = a_year(licence_of())
    a_year(wrong.licence, starts_on=date(2027, 1, 1))

    with pytest.raises(TermInverted):
        changes.correct(wrong, ends_on=date(2025, 1, 1), at=AT, by=None, reason="A slip")
    with pytest.raises(SubscriptionOverlaps):
        changes.correct(wrong, ends_on=date(2027, 6, 1), at=AT, by=None, reason="A slip")

    wrong.refresh_from_db()
    assert wrong.void_at is None


def test_a_pack_follows_the_dates_of_a_cancelled_premium():
    premium = a_year(licence_of(), "premium")
    pack = buy_pack(premium.licence, quantity=5, at=AT, by=None)

    changes.cancel(premium, at=AT, by=None, reason="They closed")
    expire_packs(AT)
    pack.refresh_from_db()
    assert pack.available == 5
    expire_packs(AT + timedelta(days=2))

    pack.refresh_from_db()
    assert pack.available == 0


def _change(pk: int, number: int) -> str:
    with rls.everything():
        one = Subscription.objects.select_related("licence").get(pk=pk)
        if number % 2:
            changes.cancel(one, at=AT, by=None, reason="They closed")
        else:
            changes.renew(one.licence, level="premium", at=AT, by=None)
    return "done"


@pytest.mark.django_db(transaction=True)
def test_a_renewal_and_a_cancellation_at_once_both_happen_whole():
    premium = a_year(licence_of(), "premium")

    assert at_once(partial(_change, premium.pk), 2) == ["done", "done"]
    assert Subscription.objects.filter(licence=premium.licence).count() == 2
    assert IncidentPack.objects.count() == 0


PAGES = ("renew", "upgrade", "cancel", "correct")


def page_of(one: Subscription, page_action: str) -> str:
    return reverse(f"admin:entitlements_subscription_{page_action}", args=[one.pk])


def test_a_manager_changes_a_subscription_on_its_pages(client):
    one = a_year(licence_of(), starts_on=make.TODAY)
    client.force_login(make.make_manager())

    shown = client.get(reverse("admin:entitlements_subscription_change", args=[one.pk]))
    for page_action in PAGES:
        assert page_of(one, page_action) in shown.text
        assert client.get(page_of(one, page_action)).status_code == 200
    answer = client.post(page_of(one, "renew"), {"starts_on": "", "price": "10.00"})

    made = Subscription.objects.latest("pk")
    assert answer.url == reverse("admin:entitlements_subscription_change", args=[made.pk])
    assert (made.starts_on, made.price) == (one.ends_on, Decimal(10))


def test_the_page_says_what_would_be_sold_and_sells_just_that(client):
    one = a_year(licence_of(), starts_on=timezone.now().date(), price=200)
    client.force_login(make.make_manager())

    body = " ".join(client.get(page_of(one, "upgrade")).text.split())
    client.post(page_of(one, "upgrade"), {"price": ""})

    sold = Subscription.objects.latest("pk")
    last_on = sold.ends_on - timedelta(days=1)
    assert f"to {last_on.day} {last_on:%B %Y}" in body
    assert f"{sold.price} EUR</span></strong>, after 200.00 EUR for days that are not" in body


def test_a_page_of_what_can_not_be_sold_says_why_before_it_is_tried(client):
    one = a_year(licence_of(), starts_on=date(2020, 1, 1))
    client.force_login(make.make_manager())

    assert "FIRsT does not run for this licence today" in client.get(page_of(one, "upgrade")).text


def test_a_correction_is_typed_with_the_last_day(client):
    one = a_year(licence_of())
    client.force_login(make.make_manager())
    asked = {
        "level": "premium",
        "starts_on": "2026-02-01",
        "last_on": "2027-01-31",
        "price": "350.00",
        "reason": "Premium was ordered",
    }

    client.post(page_of(one, "correct"), asked)

    assert Subscription.objects.latest("pk").ends_on == date(2027, 2, 1)


def test_the_page_shows_the_refusal_and_what_was_typed(client):
    one = a_year(licence_of(), starts_on=date(2020, 1, 1))
    client.force_login(make.make_manager())

    refused = client.post(page_of(one, "upgrade"), {"price": ""})
    comma = client.post(page_of(one, "renew"), {"starts_on": "", "price": "1200,50"})

    assert refused.status_code == 409
    assert "FIRsT does not run for this licence today" in refused.text
    assert comma.status_code == 400
    assert "Write it with a point" in comma.text
    assert "1200,50" in comma.text


@pytest.mark.parametrize("role", ("make_engineer", "make_tam", "make_partner_engineer"))
def test_other_staff_find_no_such_page(client, role):
    one = a_year(licence_of())
    client.force_login(getattr(make, role)())

    assert client.get(page_of(one, "cancel")).status_code in (403, 404)
