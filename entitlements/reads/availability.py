"""How an organisation can reach the vendor: telephone, call-back, on-site (L7, rule 10).

Computed from the contracts at each request, never stored. The `..._of` functions read nothing;
`ways_of` and `ways_for` read what they need, whose organisation the caller has checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from core.words import day_in_words, listed
from entitlements.enums import SUBSCRIBED_LEVELS, Channel, Edition, Level
from entitlements.levels import CARRYING_LEVELS, PACK_LEVELS, STANDING_LEVELS
from entitlements.models import (
    GoLiveProject,
    IncidentPack,
    LevelVersion,
    Licence,
    Subscription,
    TechnicalContract,
)
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import Holding, holdings_of, local_day
from entitlements.rules.terms import Term

Levels = Mapping[str, LevelVersion]


@dataclass(frozen=True)
class Way:
    """One way to reach the vendor. `reason` is a sentence: until when it is on, or why it is not.

    `until_on` is the last day, in the organisation's zone; None while it is off.
    """

    key: str
    label: str
    is_on: bool
    reason: str
    until_on: date | None = None


@dataclass(frozen=True)
class Ways:
    telephone: Way
    callback: Way
    onsite: Way

    def __iter__(self) -> Iterator[Way]:
        return iter((self.telephone, self.callback, self.onsite))


def ways_of(organisation: Organisation, *, at: datetime) -> Ways:
    """What is on for any licence or project of `organisation` at `at`, in seven queries.

    Reads the holdings of the few licences that can make a difference, however many there are.
    """
    levels = current_levels()
    licences = _telling(organisation, local_day(at, organisation.timezone))
    holdings = holdings_of(licences, levels, organisation.timezone)
    projects = list(GoLiveProject.objects.filter(organisation=organisation))
    return _ways(organisation, holdings, projects, levels, at)


def ways_for(licence: Licence, project: GoLiveProject | None, *, at: datetime) -> Ways:
    """What is on for one licence, and for the project that is named, in five queries."""
    organisation, levels = licence.organisation, current_levels()
    holdings = holdings_of([licence], levels, organisation.timezone)
    return _ways(organisation, holdings, [project] if project else [], levels, at)


def callback_of(
    holdings: Sequence[Holding],
    projects: Iterable[GoLiveProject],
    levels: Levels,
    *,
    timezone: str,
    at: datetime,
) -> Way:
    """The call-back hotline: Premium active and Gold incidents left, or a GoLive window (L7)."""
    return _by_channel(Channel.CALLBACK, holdings, projects, levels, timezone, at)


def telephone_of(
    holdings: Sequence[Holding],
    projects: Iterable[GoLiveProject],
    levels: Levels,
    *,
    timezone: str,
    at: datetime,
) -> Way:
    """Telephone: on while a level that includes it runs."""
    return _by_channel(Channel.PHONE, holdings, projects, levels, timezone, at)


def onsite_of(contracts: Iterable[TechnicalContract], *, timezone: str, at: datetime) -> Way:
    """On-site: at every level, on request, while a special technical contract runs (rule 10)."""
    terms = [(Term(one.starts_on, one.ends_on, timezone), one) for one in contracts]
    running = [(term, one) for term, one in terms if term.contains(at)]
    if running:
        term, one = max(running, key=lambda pair: pair[0].ends_on)
        reason = f"On request, under contract {one.reference}, until {day_in_words(term.last_on)}."
        return Way("onsite", "On-site", True, reason, term.last_on)
    coming = [(term, one) for term, one in terms if at < term.starts_at]
    ended = [(term, one) for term, one in terms if term.ends_at <= at]
    if coming:
        term, one = min(coming, key=lambda pair: pair[0].starts_on)
        reason = f"Contract {one.reference} begins on {day_in_words(term.starts_on)}."
    elif ended:
        term, one = max(ended, key=lambda pair: pair[0].ends_on)
        reason = (
            f"Contract {one.reference} ended on {day_in_words(term.last_on)}: ask us to renew it."
        )
    else:
        reason = "It needs a special technical contract: ask us for one."
    return Way("onsite", "On-site", False, reason)


def _ways(
    organisation: Organisation,
    holdings: Sequence[Holding],
    projects: Sequence[GoLiveProject],
    levels: Levels,
    at: datetime,
) -> Ways:
    zone = organisation.timezone
    contracts = TechnicalContract.objects.filter(organisation=organisation)
    return Ways(
        telephone_of(holdings, projects, levels, timezone=zone, at=at),
        callback_of(holdings, projects, levels, timezone=zone, at=at),
        onsite_of(contracts, timezone=zone, at=at),
    )


def _telling(organisation: Organisation, today: date) -> QuerySet[Licence]:
    """The licences that decide what is on, and the ones that tell best why something is not.

    Whatever has packs, for Gold; of each subscribed level the subscription that lasts longest, so
    that one which runs is found; and the newest registrations, for Basic, and of those that wait.
    """
    theirs = Licence.objects.held().filter(organisation=organisation)
    newest = theirs.counting().order_by("-registered_on", "-pk").values("pk")
    waiting = theirs.waiting().order_by("-pk").values("pk")
    trial = Q(edition=Edition.EVALUATION)
    telling = Q(pk__in=newest.exclude(trial)[:1]) | Q(pk__in=newest.filter(trial)[:1])
    telling |= Q(pk__in=waiting[:1])
    telling |= Q(
        pk__in=IncidentPack.objects.filter(organisation=organisation).order_by().values("licence")
    )
    sold = Subscription.objects.standing().filter(organisation=organisation)
    for level in SUBSCRIBED_LEVELS:
        begun = sold.filter(level=level, starts_on__lte=today, licence__transferred_at=None)
        coming = sold.filter(level=level, starts_on__gt=today, licence__transferred_at=None)
        telling |= Q(pk__in=begun.order_by("-ends_on", "-pk").values("licence")[:1])
        telling |= Q(pk__in=coming.order_by("starts_on", "pk").values("licence")[:1])
    return theirs.filter(telling).order_by("pk")


def _by_channel(
    channel: Channel,
    holdings: Sequence[Holding],
    projects: Iterable[GoLiveProject],
    levels: Levels,
    timezone: str,
    at: datetime,
) -> Way:
    including = [one for one in Level if one in levels and channel in levels[one].channels]
    windows = [Term(one.starts_on, one.ends_on, timezone) for one in projects]
    running = [(last_on, level) for level, last_on in _running(holdings, windows, at)]
    serving = [(last_on, level) for last_on, level in running if level in including]
    if serving:
        last_on, level = max(serving, key=lambda one: one[0])
        reason = f"Included in {level.label}, until {day_in_words(last_on)}."
        return Way(channel.value, _title(channel), True, reason, last_on)
    held = sorted({level for _, level in running}, key=list(Level).index)
    reason = _why_not(channel, holdings, including, held, at)
    return Way(channel.value, _title(channel), False, reason)


def _running(
    holdings: Iterable[Holding], windows: Iterable[Term], at: datetime
) -> Iterable[tuple[Level, date]]:
    """Each level that runs at `at`, with its last day; Gold while an incident of it is left."""
    for window in windows:
        if window.contains(at):
            yield Level.GOLIVE, window.last_on
    for holding in holdings:
        for level in STANDING_LEVELS:
            term = holding.term_at(level, at)
            if term is not None and term.contains(at):
                yield level, term.last_on
        for pack in holding.packs:
            if pack.usable_at(at) and pack.term is not None:
                yield Level.GOLD, pack.term.last_on


def _why_not(
    channel: Channel,
    holdings: Sequence[Holding],
    including: Sequence[Level],
    held: Sequence[Level],
    at: datetime,
) -> str:
    """The nearest reason: what is missing least comes first."""
    if not including:
        return f"No support level includes {channel.facts.name} now."
    if not held and not any(one.licence.counts for one in holdings):
        waits = "The registered licence is not confirmed yet."
        return waits if holdings else "No licence is registered yet."
    wants_gold = any(one in including for one in PACK_LEVELS)
    if wants_gold and any(one in held for one in CARRYING_LEVELS):
        if any(one.packs for one in holdings if one.carries_packs_at(at)):
            return "No Gold incidents are left: order a pack."
        return "It comes with Gold incidents, and none were bought: order a pack."
    if wants_gold or any(one in including for one in CARRYING_LEVELS):
        about_carrying = _about_carrying(holdings, at)
        if about_carrying:
            return about_carrying
    names = listed([one.label for one in reversed(including)], "or")
    if not held:
        return f"No support runs now: {names} would include it."
    return f"{held[0].label} does not include it: {names} would."


def _about_carrying(holdings: Iterable[Holding], at: datetime) -> str:
    """When Premium, or what is like it, begins, or when it ended; "" for who never had it."""
    terms = [
        (term, level.label)
        for one in holdings
        for level in CARRYING_LEVELS
        for term in one.terms.get(level, ())
    ]
    coming = [(term.starts_on, label) for term, label in terms if at < term.starts_at]
    if coming:
        day, label = min(coming)
        return f"{label} begins on {day_in_words(day)}."
    ended = [(term.last_on, label) for term, label in terms if term.ends_at <= at]
    if not ended:
        return ""
    day, label = max(ended)
    return f"{label} ended on {day_in_words(day)}: renew it."


def _title(channel: Channel) -> str:
    """ "Telephone", "Call-back hotline": what is on or off."""
    name = channel.facts.name.removeprefix("the ")
    return name[0].upper() + name[1:]
