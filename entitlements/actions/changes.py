"""What can happen to a subscription after its sale: renewed, upgraded, downgraded, cancelled,
corrected. Nothing is edited: what was sold stays to be read, and each change says why.

Clocks that run are looked at afterwards, by a sweep above this app (`applied_at`, R6); a lapse, a
cancellation and a downgrade change none of them (R5).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from accounts.models import Person
from core.journal import record
from core.text import clean
from entitlements.actions import offers
from entitlements.actions.licences import lock_held
from entitlements.actions.offers import Offer
from entitlements.actions.subscriptions import subscribe
from entitlements.errors import (
    CancelDayOutside,
    ChangeReasonMissing,
    SubscriptionInUse,
    SubscriptionOver,
    SubscriptionVoid,
)
from entitlements.levels import CARRYING_LEVELS
from entitlements.models import CoverageDecision, Licence, Subscription
from entitlements.reads.holdings import local_day


@transaction.atomic
def renew(
    licence: Licence,
    *,
    level: str,
    at: datetime,
    by: Person | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    price: Decimal | None = None,
) -> Subscription:
    """Sell `level` again, without a gap unless `starts_on` leaves one.

    Early: from the day after the last one, which is in the future. Late: from that same day,
    which is in the past, so that expired packs come back (L6). After a gap that is longer than
    what is sold, somebody has to say from which day. Errors: `RenewalAllPast`, those of
    `subscribe`.
    """
    offer = offers.renewal(licence, level=level, at=at, starts_on=starts_on, ends_on=ends_on)
    return _sell(offer, price, at=at, by=by)


@transaction.atomic
def upgrade(
    licence: Licence, *, at: datetime, by: Person | None, price: Decimal | None = None
) -> Subscription:
    """Sell a year of the next better level from today on, as Premium in place of FIRsT.

    Today is the organisation's day at `at`. Without `price` it is the catalogue's, less what was
    paid for the worse level's days from today on, and not below 0. What of it has not begun is
    void. Errors: `NothingRuns` without such a level today or to come, and those of `subscribe`.
    """
    offer = offers.upgrade(lock_held(licence), at=at)
    price = offer.price if price is None else price
    for one, credited in offer.ends:
        kind = "subscription.ended_by_upgrade"
        _end(one, offer.starts_on, at=at, by=by, kind=kind, credited=credited)
    made = _sell(offer, price, at=at, by=by)
    facts = {"level": made.level, "credit": offer.credit}
    record("subscription.upgraded", made, at=at, by=by, rule="R6", **facts)
    return made


@transaction.atomic
def downgrade(
    licence: Licence, *, at: datetime, by: Person | None, price: Decimal | None = None
) -> Subscription:
    """Sell a year of the next worse level from the end of the one that runs, as FIRsT after
    Premium; more of the better one to come is void.

    Clocks that run keep their promise: it counts from the next incident on (R6). Errors:
    `NothingRuns` without such a level today, and those of `subscribe`.
    """
    offer = offers.downgrade(lock_held(licence), at=at)
    for one, _ in offer.ends:
        _end(one, one.starts_on, at=at, by=by, kind="subscription.void_by_downgrade")
    made = _sell(offer, price, at=at, by=by)
    facts = {"level": made.level, "starts_on": offer.starts_on}
    record("subscription.downgraded", made, at=at, by=by, rule="R6", **facts)
    return made


@transaction.atomic
def cancel(
    subscription: Subscription,
    *,
    at: datetime,
    by: Person | None,
    reason: str,
    ends_on: date | None = None,
) -> Subscription:
    """End it early: `ends_on` is the first day without it, tomorrow unless told otherwise.

    One that has not begun is void. Days are the organisation's. Packs follow their dates (L6),
    clocks that run stay (R5). Errors: `ChangeReasonMissing`, `SubscriptionVoid`,
    `SubscriptionOver`, `CancelDayOutside` for a day that is past or not before its end.
    """
    reason = _checked(reason)
    subscription = _locked(subscription)
    today = local_day(at, subscription.organisation.timezone)
    if subscription.starts_on > today:
        day = subscription.starts_on
    else:
        last_on = subscription.ends_on - timedelta(days=1)
        if last_on < today or (last_on == today and ends_on is None):
            raise SubscriptionOver(last_on=last_on)
        day = ends_on or today + timedelta(days=1)
        if not max(today, subscription.starts_on + timedelta(days=1)) <= day < subscription.ends_on:
            raise CancelDayOutside(today=today, last_on=last_on)
    _end(subscription, day, at=at, by=by, kind="subscription.cancelled", reason=reason)
    return subscription


@transaction.atomic
def correct(
    subscription: Subscription,
    *,
    at: datetime,
    by: Person | None,
    reason: str,
    level: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    price: Decimal | None = None,
) -> Subscription:
    """Put a mistake right: the wrong one is void, the right one stands in its place.

    What is not given stays as it was, also when it was bought. Clocks that run for the licence
    are counted again from their start (R6); a price alone moves none. Errors:
    `ChangeReasonMissing`, `SubscriptionVoid`, those of `subscribe`; then nothing was changed.
    """
    reason = _checked(reason)
    wrong = _locked(subscription)
    _end(wrong, wrong.starts_on, at=at, by=by, kind="subscription.void", reason=reason)
    right = subscribe(
        wrong.licence,
        level=level or wrong.level,
        starts_on=starts_on or wrong.starts_on,
        ends_on=ends_on or wrong.ends_on,
        price=wrong.price if price is None else price,
        at=at,
        by=by,
    )
    right.corrects, right.bought_at = wrong, wrong.bought_at
    if _same_cover(right, wrong):
        right.applied_at = wrong.applied_at
    right.save(update_fields=["corrects", "bought_at", "applied_at"])
    record("subscription.corrected", right, at=at, by=by, rule="R6", before=wrong.pk, reason=reason)
    return right


@transaction.atomic
def take_back(subscription: Subscription, *, at: datetime, by: Person | None) -> None:
    """Remove one that was entered by mistake, and on which nothing rests yet; the journal keeps it.

    The caller has checked `policies.may_manage_contracts`. Errors: `SubscriptionVoid`,
    `SubscriptionInUse` where something was reported on the licence since, or bought under it.
    """
    one = _locked(subscription)
    licence = one.licence
    decided = CoverageDecision.objects.filter(licence=licence, at__gte=one.bought_at)
    packs = licence.incident_packs.filter(purchased_at__date__range=(one.starts_on, one.ends_on))
    carries = one.level in CARRYING_LEVELS and packs.exists()
    if carries or decided.exists():
        raise SubscriptionInUse()
    pk, level, starts_on, ends_on = one.pk, one.level, one.starts_on, one.ends_on
    try:
        with transaction.atomic():
            one.delete()
    except (ProtectedError, RestrictedError) as error:
        raise SubscriptionInUse() from error
    record(
        "subscription.taken_back",
        licence,
        at=at,
        by=by,
        subscription=pk,
        level=level,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _sell(offer: Offer, price: Decimal | None, *, at: datetime, by: Person | None) -> Subscription:
    return subscribe(
        offer.licence,
        level=offer.level,
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        price=price,
        at=at,
        by=by,
    )


def _same_cover(one: Subscription, other: Subscription) -> bool:
    return (one.level, one.starts_on, one.ends_on) == (other.level, other.starts_on, other.ends_on)


def _locked(subscription: Subscription) -> Subscription:
    """As it is now, its licence locked as every sale locks it."""
    lock_held(subscription.licence)
    rows = Subscription.objects.select_related("licence__organisation", "organisation")
    held = rows.get(pk=subscription.pk)
    if held.void_at is not None:
        day = local_day(held.void_at, held.organisation.timezone)
        raise SubscriptionVoid(day=day)
    return held


def _end(
    one: Subscription, day: date, *, at: datetime, by: Person | None, kind: str, **facts: object
) -> None:
    """`day` is the first without it; one that would have no day at all is void."""
    before = one.ends_on
    if day <= one.starts_on:
        one.void_at = at
    else:
        one.ends_on = day
    one.save(update_fields=["void_at", "ends_on"])
    after = None if one.void_at else one.ends_on
    record(kind, one, at=at, by=by, rule="R5", level=one.level, before=before, after=after, **facts)


def _checked(reason: str) -> str:
    reason = clean(reason)[:300]
    if not reason:
        raise ChangeReasonMissing()
    return reason
