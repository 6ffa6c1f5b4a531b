"""What a licence gets of the releases, and why not (D1). Pure; list and download share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from entitlements.rules.terms import Term
from resources.rules.versions import Place

PATCH, MAINTENANCE, UPGRADE = "patch", "maintenance", "upgrade"


class Why(Enum):
    """How a release and a licence stand to each other."""

    GETS = "gets"
    WITHDRAWN = "withdrawn"
    OTHER_PRODUCT = "other_product"
    OTHER_EDITION = "other_edition"
    WAITS = "waits"  # nobody confirmed the registration yet (K1)
    UPGRADE = "upgrade"
    LAPSED = "lapsed"
    NEVER = "never"  # no maintenance so far


@dataclass(frozen=True)
class Has:
    """What a licence has. `bought_at`: what was published before it belongs to the purchase.
    Days are those of `timezone`.

    `maintenance` are the terms in which its support gives maintenance, joined, oldest first;
    `upgrades` the releases that were bought as upgrades.
    """

    product: str
    edition: str
    counts: bool
    bought_at: datetime
    maintenance: Sequence[Term]
    upgrades: frozenset[int] = frozenset()
    timezone: str = "UTC"


@dataclass(frozen=True)
class Offered:
    """A published release, as far as the rule looks at it."""

    id: int
    product: str
    edition: str
    place: Place
    kind: str
    published_at: datetime
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Verdict:
    """`until_on` is the last day of the maintenance that ended before the release came, `from_on`
    the first day of one that is bought and has not begun, `upgrade` the release to be bought.
    """

    why: Why
    until_on: date | None = None
    from_on: date | None = None
    upgrade: int | None = None

    @property
    def gets(self) -> bool:
        return self.why is Why.GETS


def verdicts(has: Has, releases: Iterable[Offered], at: datetime) -> dict[int, Verdict]:
    """By release, what the licence gets at `at`.

    What had been published by the day of registration was bought with the licence. Later patches
    and maintenance come with maintenance: all while it runs, and those that were published while
    it ran for good. An upgrade, and what builds on it, is for whoever bought the upgrade.
    """
    offered = list(releases)
    upgrades = sorted(
        (one for one in offered if one.kind == UPGRADE and _is_its_own(has, one)),
        key=lambda one: one.place,
    )
    return {one.id: _verdict(has, one, upgrades, at) for one in offered}


def _verdict(has: Has, one: Offered, upgrades: Sequence[Offered], at: datetime) -> Verdict:
    if has.product.casefold() != one.product.casefold():
        return Verdict(Why.OTHER_PRODUCT)
    if has.edition != one.edition:
        return Verdict(Why.OTHER_EDITION)
    if not has.counts:
        return Verdict(Why.WAITS)
    found = _of_its_own(has, one, upgrades, at)
    # Who would not get it anyway reads why; who would, reads that it is withdrawn.
    return Verdict(Why.WITHDRAWN) if found.gets and one.is_withdrawn else found


def _of_its_own(has: Has, one: Offered, upgrades: Sequence[Offered], at: datetime) -> Verdict:
    if one.published_at < has.bought_at:
        return Verdict(Why.GETS)
    below = [other for other in upgrades if other.place <= one.place]
    base = below[-1] if below else None
    if base is not None and base.published_at >= has.bought_at and base.id not in has.upgrades:
        return Verdict(Why.UPGRADE, upgrade=base.id)
    if one.kind == UPGRADE:
        return Verdict(Why.GETS)
    terms = has.maintenance
    if any(term.contains(at) or term.contains(one.published_at) for term in terms):
        return Verdict(Why.GETS)
    ended = [term.last_on for term in terms if term.ends_at <= at]
    coming = [term.starts_on for term in terms if term.starts_at > at]
    return Verdict(
        Why.LAPSED if ended else Why.NEVER,
        until_on=max(ended, default=None),
        from_on=min(coming, default=None),
    )


def _is_its_own(has: Has, one: Offered) -> bool:
    return has.edition == one.edition and has.product.casefold() == one.product.casefold()
