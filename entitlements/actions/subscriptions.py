"""Selling a paid level for a licence, and renewing it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import Person
from core.journal import record
from entitlements.actions.expiry import bring_back
from entitlements.actions.licences import check_confirmed, lock_held
from entitlements.enums import SUBSCRIBED_LEVELS, Level
from entitlements.errors import (
    LevelNotSold,
    LicencePriceUnknown,
    NegativePrice,
    SubscriptionOverlaps,
    TermInverted,
)
from entitlements.levels import CARRYING_LEVELS
from entitlements.models import LevelVersion, Licence, Subscription
from entitlements.reads.current import current_level
from entitlements.rules.terms import paid_term

_CENT = Decimal("0.01")


@transaction.atomic
def subscribe(
    licence: Licence,
    *,
    level: str,
    starts_on: date,
    at: datetime,
    by: Person | None,
    ends_on: date | None = None,
    price: Decimal | None = None,
) -> Subscription:
    """Sell `level` for `licence` from `starts_on` to the day before `ends_on` (E1).

    Days are in the organisation's time zone. Without `ends_on` it is a paid year; without
    `price` the catalogue's percentage of the licence price, for the days it lasts. A Premium
    renewal that leaves no gap, however late it is entered, brings expired packs back (L6).
    Renewing is selling again: `renewal_starts_on` says from which day. The caller has checked
    `policies.may_manage_contracts`.

    Errors: `LevelNotSold`, `TermInverted`, `NegativePrice`, `SubscriptionOverlaps`,
    `LicencePriceUnknown`, `LicenceTransferred`, `LicenceNotConfirmed`. Not safe to repeat, but a
    repetition overlaps and is refused.
    """
    _check_level(level)
    ends_on = ends_on or paid_term(starts_on, licence.organisation.timezone).ends_on
    if ends_on <= starts_on:
        raise TermInverted(starts_on=starts_on, ends_on=ends_on)
    if price is not None and price < 0:
        raise NegativePrice(price=price)
    # One sale a licence at a time: two at once would both see no overlap, and one would crash on
    # the exclusion constraint.
    licence = lock_held(licence)
    check_confirmed(licence)
    _check_overlap(licence, level, starts_on, ends_on)
    if price is None:
        price = price_of(licence, current_level(level), starts_on=starts_on, ends_on=ends_on)
    subscription = Subscription.objects.create(
        organisation_id=licence.organisation_id,
        licence=licence,
        level=level,
        starts_on=starts_on,
        ends_on=ends_on,
        price=price,
        currency=licence.currency,
        bought_at=at,
        bought_by=by,
    )
    record(
        "subscription.bought",
        subscription,
        at=at,
        by=by,
        rule="E1",
        level=level,
        licence=licence.key,
        starts_on=starts_on,
        ends_on=ends_on,
        price=price,
    )
    if level in CARRYING_LEVELS:
        bring_back(licence, at=at, by=by)
    return subscription


def price_of(licence: Licence, version: LevelVersion, *, starts_on: date, ends_on: date) -> Decimal:
    """The catalogue's price in the licence's currency, rounded to cents.

    The percentage is that of a year; a longer or shorter term pays by the day. The first year of
    a level that gives it free costs nothing, counted from the licence's first subscription; a
    licence that was transferred had it at its former owner. Errors: `LicencePriceUnknown`.
    """
    year = paid_term(starts_on, licence.organisation.timezone)
    paid_from = starts_on
    if version.first_year_free and not _had(licence, version.level):
        paid_from = min(year.ends_on, ends_on)
    share = Decimal((ends_on - paid_from).days) / (year.ends_on - year.starts_on).days
    if share and not licence.price:
        raise LicencePriceUnknown(key=licence.key)
    percent = version.price_percent or Decimal(0)
    return (licence.price * percent / 100 * share).quantize(_CENT)


def renewal_starts_on(licence: Licence, *, level: str) -> date | None:
    """The first day that the licence's subscriptions of `level` leave uncovered; None without."""
    last = licence.subscriptions.standing().filter(level=level).order_by("-ends_on").first()
    return last.ends_on if last else None


def _check_level(level: str) -> None:
    if level not in SUBSCRIBED_LEVELS:
        known = dict(Level.choices)
        choices = ", ".join(one.label for one in SUBSCRIBED_LEVELS)
        raise LevelNotSold(level=known.get(level, "This level"), choices=choices)


def _check_overlap(licence: Licence, level: str, starts_on: date, ends_on: date) -> None:
    held = (
        licence.subscriptions.standing()
        .filter(level=level, starts_on__lt=ends_on, ends_on__gt=starts_on)
        .last()
    )
    if held is not None:
        free_on = renewal_starts_on(licence, level=level)
        raise SubscriptionOverlaps(
            level=Level(level).label,
            starts_on=held.starts_on,
            last_on=held.ends_on - timedelta(days=1),
            free_on=free_on,
        )


def _had(licence: Licence, level: str) -> bool:
    transferred = licence.predecessor_id is not None
    return transferred or licence.subscriptions.standing().filter(level=level).exists()
