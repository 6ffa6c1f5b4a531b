"""What a renewal, an upgrade or a downgrade would sell, and for how much. `changes` sells just
that; its pages show it before. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from entitlements.actions.subscriptions import price_of, renewal_starts_on
from entitlements.enums import Level
from entitlements.errors import NothingRuns, RenewalAllPast
from entitlements.levels import RANK, SUBSCRIBED_LEVELS, subscribed_next_to
from entitlements.models import Licence, Subscription
from entitlements.reads.current import current_level
from entitlements.reads.holdings import local_day
from entitlements.rules.terms import paid_term

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Offer:
    """`level` from `starts_on` to the day before `ends_on`, in the organisation's days.

    `ends` are the subscriptions it takes the place of, each with what is credited for its days
    that are not used; money is in the licence's currency.
    """

    licence: Licence
    level: Level
    starts_on: date
    ends_on: date
    ends: Sequence[tuple[Subscription, Decimal]] = ()

    @property
    def last_on(self) -> date:
        return self.ends_on - timedelta(days=1)

    @property
    def credit(self) -> Decimal:
        return sum((credited for _, credited in self.ends), Decimal(0))

    @property
    def price(self) -> Decimal:
        """The catalogue's, less the credit, not below 0. Errors: `LicencePriceUnknown`."""
        version = current_level(self.level)
        full = price_of(self.licence, version, starts_on=self.starts_on, ends_on=self.ends_on)
        return max(full - self.credit, Decimal(0))


def renewal(
    licence: Licence,
    *,
    level: str,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Offer:
    """The same level again, from the day after its last one, also when that is past (L6).

    Errors: `RenewalAllPast` after a gap so long that it would be over already.
    """
    zone = licence.organisation.timezone
    today = local_day(at, zone)
    free_on = renewal_starts_on(licence, level=level)
    begins_on = starts_on or free_on or today
    ends_on = ends_on or paid_term(begins_on, zone).ends_on
    if starts_on is None and free_on is not None and ends_on <= today:
        raise RenewalAllPast(level=Level(level).label, last_on=free_on - timedelta(days=1))
    return Offer(licence, Level(level), begins_on, ends_on)


def upgrade(licence: Licence, *, at: datetime) -> Offer:
    """A year of the next better level from today on, in place of the worse ones.

    Premium for FIRsT. Errors: `NothingRuns` without a level that has a better one.
    """
    today = local_day(at, licence.organisation.timezone)
    held = [one for one in _sold(licence, today) if one.level != SUBSCRIBED_LEVELS[0]]
    if not held:
        raise NothingRuns(level=_words(SUBSCRIBED_LEVELS[1:]), what="upgrade")
    best = min(held, key=lambda one: RANK[one.level])
    better = subscribed_next_to(best.level, better=True)
    assert better is not None, "the best level is left out above"
    ends = [(one, unused_share(one, today)) for one in held if RANK[one.level] > RANK[better]]
    return _year(licence, better, today, ends)


def downgrade(licence: Licence, *, at: datetime) -> Offer:
    """A year of the next worse level after the one that runs, which is void where it is to come.

    FIRsT for Premium, without a credit. Errors: `NothingRuns` without a level that runs today
    and has a worse one.
    """
    today = local_day(at, licence.organisation.timezone)
    held = [one for one in _sold(licence, today) if one.level != SUBSCRIBED_LEVELS[-1]]
    runs = [one for one in held if one.runs_on(today)]
    if not runs:
        raise NothingRuns(level=_words(SUBSCRIBED_LEVELS[:-1]), what="downgrade")
    running = min(runs, key=lambda one: RANK[one.level])
    worse = subscribed_next_to(running.level, better=False)
    assert worse is not None, "the worst level is left out above"
    to_come = [
        (one, Decimal(0)) for one in held if one.level == running.level and one.starts_on > today
    ]
    return _year(licence, worse, running.ends_on, to_come)


def _sold(licence: Licence, today: date) -> list[Subscription]:
    """What runs or is to come, in the order of its first days."""
    return list(licence.subscriptions.standing().filter(ends_on__gt=today))


def _words(levels: Sequence[Level]) -> str:
    return " or ".join(one.label for one in levels)


def unused_share(subscription: Subscription, today: date) -> Decimal:
    """What was paid for the days from `today` on, in its currency, rounded to cents."""
    whole = (subscription.ends_on - subscription.starts_on).days
    left = (subscription.ends_on - max(today, subscription.starts_on)).days
    return (subscription.price * left / whole).quantize(_CENT)


def _year(
    licence: Licence, level: Level, starts_on: date, ends: Sequence[tuple[Subscription, Decimal]]
) -> Offer:
    year = paid_term(starts_on, licence.organisation.timezone)
    return Offer(licence, level, starts_on, year.ends_on, ends)
