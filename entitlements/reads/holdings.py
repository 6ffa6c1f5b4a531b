"""What a licence holds, read from the contracts in a constant number of queries.

The bridge from rows to `rules.resolver`: terms joined where they leave no gap, packs with what is
left in them and how long they live (L4, L6). Whoever calls has read the licences through
`visible_to`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.db.models.functions import Coalesce

from entitlements.enums import Edition, EntryKind, Level
from entitlements.levels import CARRYING_LEVELS, STANDING_LEVELS
from entitlements.models import (
    GoLiveProject,
    IncidentPack,
    LedgerEntry,
    LevelVersion,
    Licence,
    Subscription,
)
from entitlements.rules.resolver import Candidate
from entitlements.rules.terms import Term, basic_term, evaluation_term

_FAR = timedelta(days=36525)


@dataclass(frozen=True)
class HeldPack:
    """`left` counts what EXPIRE only recorded, too: whether it is usable is for `term` (L4).

    `term` is None where Premium did not run when the pack was bought.
    """

    pack: IncidentPack
    left: int
    term: Term | None

    def usable_at(self, at: datetime) -> bool:
        return self.left > 0 and self.term is not None and self.term.contains(at)


@dataclass(frozen=True)
class Holding:
    """A licence with its joined terms, oldest first, by level, and its packs, oldest first.

    A claim that nobody confirmed has no `terms` (K1); `claimed` are those that it would have.
    """

    licence: Licence
    timezone: str
    terms: Mapping[str, Sequence[Term]]
    packs: Sequence[HeldPack]
    claimed: Mapping[str, Sequence[Term]]

    def term_at(self, level: str, at: datetime) -> Term | None:
        """The term of `level` that runs at `at`; else the last that ended, else the next."""
        return _nearest(self.terms.get(level, ()), at)

    def runs_at(self, level: str, at: datetime) -> bool:
        return any(term.contains(at) for term in self.terms.get(level, ()))

    def carries_packs_at(self, at: datetime) -> bool:
        """Whether a level runs under which packs are sold and live (L6)."""
        return any(self.runs_at(level, at) for level in CARRYING_LEVELS)

    def gold_left(self, at: datetime) -> int:
        return sum(one.left for one in self.packs if one.usable_at(at))


def local_day(at: datetime, timezone: str) -> date:
    """The day that it is at the aware moment `at` in the IANA zone `timezone`."""
    return at.astimezone(ZoneInfo(timezone)).date()


def holdings_of(
    licences: Iterable[Licence],
    levels: Mapping[str, LevelVersion],
    timezone: str,
    *,
    sold_by: datetime | None = None,
) -> list[Holding]:
    """The holdings of some licences of one organisation, in three queries at most.

    `sold_by` leaves out what was sold after that moment, whenever it begins.
    """
    licences = list(licences)
    paid = _paid_terms(licences, timezone, sold_by)
    packs = _packs(licences)
    found = []
    for licence in licences:
        terms = _terms(licence, paid[licence.pk], levels, timezone)
        held = [
            _held(pack, expired, paid[licence.pk], timezone) for pack, expired in packs[licence.pk]
        ]
        found.append(Holding(licence, timezone, terms if licence.counts else {}, held, terms))
    return found


def candidates_of(
    holding: Holding, levels: Mapping[str, LevelVersion], at: datetime
) -> list[Candidate]:
    """What `rules.resolver` has to weigh: one a level, and the packs that could be spent."""
    found = []
    for level in STANDING_LEVELS:
        term = _nearest(holding.claimed.get(level, ()), at)
        if term is not None and level in levels:
            found.append(
                _candidate(
                    f"{level}:{holding.licence.pk}",
                    levels[level],
                    term,
                    licence=holding.licence.pk,
                    confirmed=holding.licence.counted_at(at),
                )
            )
    if Level.GOLD in levels:
        found += [
            _pack_candidate(holding, one, place, levels[Level.GOLD], at)
            for place, one in enumerate(_packs_to_weigh(holding, at))
        ]
    return found


def project_candidate(
    project: GoLiveProject, levels: Mapping[str, LevelVersion], timezone: str
) -> list[Candidate]:
    """GoLive inside the window of `project` (R2)."""
    if Level.GOLIVE not in levels:
        return []
    term = Term(project.starts_on, project.ends_on, timezone)
    name = f"{Level.GOLIVE}:{project.pk}"
    return [_candidate(name, levels[Level.GOLIVE], term, project=project.pk)]


def registered_term(
    licence: Licence, levels: Mapping[str, LevelVersion], timezone: str
) -> Term | None:
    """Basic that comes with the registration alone; None for an evaluation without any (rule 1)."""
    if licence.edition != Edition.EVALUATION:
        return basic_term(licence.registered_on, timezone)
    if Level.BASIC in levels and levels[Level.BASIC].evaluation_days:
        days = levels[Level.BASIC].evaluation_days or 0
        return evaluation_term(licence.registered_on, days, timezone)
    return None


def joined(terms: Iterable[Term]) -> list[Term]:
    """The terms, oldest first, as one wherever no day lies between two."""
    found: list[Term] = []
    for term in sorted(terms, key=lambda one: one.starts_on):
        if found and term.starts_on <= found[-1].ends_on:
            last = found.pop()
            term = Term(last.starts_on, max(last.ends_on, term.ends_on), last.timezone)
        found.append(term)
    return found


def life_of_pack(purchased_on: date, premium: Iterable[Term]) -> Term | None:
    """From the purchase to the end of the Premium that ran then, renewals joined (L6)."""
    for term in joined(premium):
        if term.starts_on <= purchased_on < term.ends_on:
            return Term(purchased_on, term.ends_on, term.timezone)
    return None


def _paid_terms(
    licences: Sequence[Licence], timezone: str, sold_by: datetime | None
) -> dict[int, dict[str, list[Term]]]:
    found: dict[int, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    sold = Subscription.objects.standing().filter(licence__in=licences)
    if sold_by is not None:
        sold = sold.filter(bought_at__lte=sold_by)
    for one in sold.order_by("starts_on", "pk"):
        found[one.licence_id][one.level].append(Term(one.starts_on, one.ends_on, timezone))
    return found


def _packs(licences: Sequence[Licence]) -> dict[int, list[tuple[IncidentPack, int]]]:
    """By licence, each pack with the quantity that stands recorded as expired."""
    packs = list(IncidentPack.objects.filter(licence__in=licences).order_by("purchased_at", "pk"))
    expired: dict[int, int] = {}
    if packs:
        expiries = LedgerEntry.objects.filter(
            pack__licence__in=licences, kind=EntryKind.EXPIRE, reversed_by=None
        )
        expired = dict(
            expiries.order_by().values_list("pack").annotate(total=Coalesce(Sum("quantity"), 0))
        )
    found: dict[int, list[tuple[IncidentPack, int]]] = defaultdict(list)
    for pack in packs:
        found[pack.licence_id].append((pack, expired.get(pack.pk, 0)))
    return found


def _terms(
    licence: Licence,
    paid: Mapping[str, list[Term]],
    levels: Mapping[str, LevelVersion],
    timezone: str,
) -> dict[str, list[Term]]:
    """Basic comes with the registration, and with every paid level while it runs (rule 1, E1)."""
    basic = [term for terms in paid.values() for term in terms]
    registered = registered_term(licence, levels, timezone)
    if registered is not None:
        basic.append(registered)
    return {level: joined(terms) for level, terms in paid.items()} | {Level.BASIC: joined(basic)}


def _held(
    pack: IncidentPack, expired: int, paid: Mapping[str, list[Term]], timezone: str
) -> HeldPack:
    purchased_on = local_day(pack.purchased_at, timezone)
    carrying = [term for level in CARRYING_LEVELS for term in paid.get(level, [])]
    term = life_of_pack(purchased_on, carrying)
    return HeldPack(pack, pack.available + expired, term)


def _packs_to_weigh(holding: Holding, at: datetime) -> list[HeldPack]:
    """Those with something left; when there is none, the newest, so that it can be explained.

    A pack that was bought after the report was received can not serve it (R1).
    """
    bought = [one for one in holding.packs if one.pack.purchased_at <= at]
    return [one for one in bought if one.left > 0] or bought[-1:]


def _pack_candidate(
    holding: Holding, held: HeldPack, place: int, level: LevelVersion, at: datetime
) -> Candidate:
    purchased_on = local_day(held.pack.purchased_at, holding.timezone)
    term = held.term or Term(purchased_on, purchased_on + _FAR, holding.timezone)
    return _candidate(
        f"{Level.GOLD}:{place:04d}:{held.pack.pk}",  # ties go by id: the older pack first
        level,
        term,
        licence=holding.licence.pk,
        pack=held.pack.pk,
        available=held.left,
        premium=held.term is not None and holding.carries_packs_at(at),
        confirmed=holding.licence.counted_at(at),
    )


def _candidate(
    name: str,
    level: LevelVersion,
    term: Term,
    *,
    licence: int | None = None,
    project: int | None = None,
    pack: int | None = None,
    available: int | None = None,
    premium: bool = True,
    confirmed: bool = True,
) -> Candidate:
    return Candidate(
        id=name,
        level=level.level,
        label=level.get_level_display(),
        target=level.response_time,
        round_the_clock=counts_round_the_clock(level),
        term=term,
        channels=frozenset(level.channels),
        services=frozenset(level.services),
        level_version=level.pk,
        licence=licence,
        project=project,
        pack=pack,
        available=available,
        premium=premium,
        confirmed=confirmed,
    )


def counts_round_the_clock(level: LevelVersion) -> bool:
    """Whether the clock of `level` never stands still, as its calendar says."""
    hours = level.calendar.hours
    whole = [["00:00", "24:00"]]
    return (
        not level.calendar.holidays
        and len(hours) == 7
        and all(windows == whole for windows in hours.values())
    )


def _nearest(terms: Sequence[Term], at: datetime) -> Term | None:
    ended = None
    for term in terms:
        if term.contains(at):
            return term
        if at < term.starts_at:
            return ended or term
        ended = term
    return ended
