"""An organisation's entitlements over the years, ready to be drawn: one lane a licence.

Reads only. Whoever calls has found the organisation and the licences through `visible_to`. Days
are those of the organisation's time zone, `ends_on` the first day that is no longer inside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import Organisation
from entitlements.enums import ClaimState, Level
from entitlements.models import GoLiveProject, Licence, Subscription, TechnicalContract
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import Holding, holdings_of, joined, local_day
from entitlements.rules.terms import Term

_ONE_DAY = timedelta(days=1)
GAP = "gap"
ON_SITE = "onsite"

_REGISTERED = {
    ClaimState.CONFIRMED: "Registered",
    ClaimState.WAITING: "Registered, not confirmed yet",
    ClaimState.DECLINED: "Registered, and declined",
}

# From top to bottom, the order in which a lane stacks what it has.
_ROWS = (*Level, GAP, ON_SITE)


@dataclass(frozen=True)
class Stretch:
    """From one day to the day before another: a term, the life of a pack, a window, a gap.

    `kind` is a level, or `GAP`, or `ON_SITE`; `note` says what the bar alone does not.
    """

    kind: str
    label: str
    starts_on: date
    ends_on: date
    note: str = ""

    @property
    def last_on(self) -> date:
        return self.ends_on - _ONE_DAY

    @property
    def fill(self) -> str:
        """The class of its bar."""
        return f"life-{self.kind}" if self.kind in (GAP, ON_SITE) else Level(self.kind).facts.fill

    def within(self, first_on: date, ends_on: date | None) -> Stretch | None:
        """What of it lies from `first_on` to the day before `ends_on`; None when nothing does."""
        starts, ends = max(self.starts_on, first_on), min(self.ends_on, ends_on or self.ends_on)
        if starts >= ends:
            return None
        return Stretch(self.kind, self.label, starts, ends, self.note)


@dataclass(frozen=True)
class Mark:
    """Something of one day: the licence was registered, came from or went to somebody else."""

    on: date
    label: str


@dataclass(frozen=True)
class Lane:
    """What belongs to one licence; without one, what the organisation has as a whole."""

    licence: Licence | None
    stretches: Sequence[Stretch]
    marks: Sequence[Mark] = ()

    @property
    def rows(self) -> list[list[Stretch]]:
        """The stretches of each kind, in the order of stacking; those that overlap lie apart."""
        found: list[list[Stretch]] = []
        for kind in _ROWS:
            of_kind: list[list[Stretch]] = []
            for one in self.stretches:
                if one.kind != kind:
                    continue
                free = (row for row in of_kind if row[-1].ends_on <= one.starts_on)
                row = next(free, None)
                if row is None:
                    row = []
                    of_kind.append(row)
                row.append(one)
            found += of_kind
        return found


def lanes_of(licences: Iterable[Licence], timezone: str, *, at: datetime) -> list[Lane]:
    """A lane for each of some licences of one organisation, in five queries however many.

    A licence that was transferred is drawn for as long as it was this organisation's.
    """
    held = holdings_of(licences, current_levels(), timezone)
    paid = _subscriptions([one.licence for one in held])
    today = local_day(at, timezone)
    return [_lane(one, paid[one.licence.pk], today) for one in held]


def common_lane(organisation: Organisation) -> Lane:
    """GoLive windows and technical contracts, which no licence owns; in two queries."""
    projects = GoLiveProject.objects.filter(organisation=organisation)
    contracts = TechnicalContract.objects.filter(organisation=organisation)
    stretches = [
        Stretch(Level.GOLIVE, "GoLive", one.starts_on, one.ends_on, one.name)
        for one in projects.order_by("starts_on", "pk")
    ]
    stretches += [
        Stretch(
            ON_SITE,
            "Technical contract",
            one.starts_on,
            one.ends_on,
            f"{one.reference}: {one.subject}",
        )
        for one in contracts.order_by("starts_on", "pk")
    ]
    return Lane(None, stretches)


def _subscriptions(licences: Sequence[Licence]) -> dict[int, list[Subscription]]:
    found: dict[int, list[Subscription]] = defaultdict(list)
    standing = Subscription.objects.standing().filter(licence__in=licences)
    for one in standing.order_by("starts_on", "pk"):
        found[one.licence_id].append(one)
    return found


def _lane(holding: Holding, paid: Sequence[Subscription], today: date) -> Lane:
    licence, zone = holding.licence, holding.timezone
    came_on = local_day(licence.made_at, zone) if licence.predecessor_id else None
    went_on = local_day(licence.transferred_at, zone) if licence.transferred_at else None
    first_on = came_on or licence.registered_on
    basic = holding.terms.get(Level.BASIC, ())
    stretches = [
        *_packs(holding),
        *(Stretch(one.level, one.get_level_display(), one.starts_on, one.ends_on) for one in paid),
        *(Stretch(Level.BASIC, "Basic", one.starts_on, one.ends_on) for one in basic),
        *_gaps(basic, first_on, went_on or today + _ONE_DAY),
    ]
    kept = [one.within(first_on, went_on) for one in stretches]
    return Lane(licence, [one for one in kept if one], _marks(licence, came_on, went_on))


def _packs(holding: Holding) -> list[Stretch]:
    return [
        Stretch(
            Level.GOLD,
            "Gold pack",
            one.term.starts_on,
            one.term.ends_on,
            f"{one.pack.quantity} incidents, {one.left} not used",
        )
        for one in holding.packs
        if one.term is not None
    ]


def _gaps(covered: Sequence[Term], first_on: date, ends_on: date) -> list[Stretch]:
    """The days on which nothing at all covered the licence; Basic runs with every paid level."""
    found, free_on = [], first_on
    for term in joined(covered):
        if free_on < min(term.starts_on, ends_on):
            found.append(Stretch(GAP, "Nothing", free_on, min(term.starts_on, ends_on)))
        free_on = max(free_on, term.ends_on)
    if free_on < ends_on:
        found.append(Stretch(GAP, "Nothing", free_on, ends_on))
    return found


def _marks(licence: Licence, came_on: date | None, went_on: date | None) -> list[Mark]:
    found = [Mark(came_on, "Came from another organisation")] if came_on else []
    if not came_on:
        found.append(Mark(licence.registered_on, _REGISTERED[licence.state]))
    if went_on:
        found.append(Mark(went_on, "Transferred to another organisation"))
    return found


@dataclass(frozen=True)
class Axis:
    """The days that a drawing spans, from its left edge to its right one."""

    first_on: date
    ends_on: date

    @classmethod
    def around(cls, lanes: Iterable[Lane], today: date) -> Axis:
        """All that the lanes show, and today, with a little room at both edges."""
        days = {today}
        for lane in lanes:
            days |= {one.starts_on for one in lane.stretches}
            days |= {one.ends_on for one in lane.stretches}
            days |= {one.on for one in lane.marks}
        room = max(timedelta(days=14), (max(days) - min(days)) / 50)
        return cls(min(days) - room, max(days) + room)

    def place(self, day: date) -> float:
        """Where the day lies, in percent of the width; outside the edges at the edge."""
        share = (day - self.first_on) / (self.ends_on - self.first_on)
        return min(max(100 * share, 0), 100)

    def ticks(self, most: int = 8) -> list[date]:
        """First days of years, or of quarters where there is room for them; `most` at most."""
        quarters = [
            date(year, month, 1)
            for year in range(self.first_on.year, self.ends_on.year + 1)
            for month in (1, 4, 7, 10)
            if self.first_on <= date(year, month, 1) < self.ends_on
        ]
        if len(quarters) <= most:
            return quarters
        years = [day for day in quarters if day.month == 1]
        return years[:: -(-len(years) // most)]
