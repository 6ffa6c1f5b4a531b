"""What support an organisation has, for pages and mails: no decision about a report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from accounts.models import Organisation
from core.words import day_in_words
from entitlements.enums import Channel, Level
from entitlements.levels import (
    LICENCE_LEVELS,
    PACK_LEVELS,
    STANDING_LEVELS,
    SUBSCRIBED_LEVELS,
)
from entitlements.models import GoLiveProject, LevelVersion, Licence, Service
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import Holding, counts_round_the_clock, holdings_of, local_day
from entitlements.rules.terms import Term
from entitlements.rules.words import promise_in_words

SOON = timedelta(days=30)
_SOLD = " or ".join(one.label for one in reversed(SUBSCRIBED_LEVELS))
_SUBSCRIBE = f"Subscribe to {_SOLD} to be answered in time."


@dataclass(frozen=True)
class HeldLevel:
    """A level that a licence has now, its channels and services in words.

    `until_on` is the last day, in the organisation's zone.
    """

    level: str
    label: str
    promise: str
    channels: list[str]
    services: list[str]
    until_on: date


@dataclass(frozen=True)
class Offer:
    """A level that would cover more, and what it costs."""

    level: str
    label: str
    promise: str
    price_text: str


@dataclass(frozen=True)
class LicenceCoverage:
    """One licence's support at one moment, as `templates/components/coverage_card.html` shows it.

    `level` is the best one without Gold; "" when the licence never had any. `status` is "active",
    "soon" (it ends within 30 days), "ended", or "waiting": nobody confirmed the registration yet,
    and nothing is promised (K1). `channels` are words. `packs_left` is None for a
    licence that never had a pack. `callback` is the free call-back hotline (L7).
    """

    licence: Licence
    level: str
    level_label: str
    promise: str
    until_on: date | None
    status: str
    note: str
    channels: list[str]
    packs_left: int | None
    callback: bool
    levels: list[HeldLevel]
    offers: list[Offer]

    @property
    def answers_calls(self) -> bool:
        """Whether its support includes the telephone now."""
        return str(Channel.PHONE.label) in (name for one in self.levels for name in one.channels)


@dataclass(frozen=True)
class ProjectCoverage:
    """A GoLive project's window; `until_on` is its last day."""

    project: GoLiveProject
    promise: str
    until_on: date
    status: str


def licences_of(organisation: Organisation) -> QuerySet[Licence]:
    """The licences that `organisation` holds, by key."""
    return Licence.objects.held().filter(organisation=organisation).order_by("key")


def summary_of(
    organisation: Organisation, *, at: datetime, licences: Iterable[Licence] | None = None
) -> list[LicenceCoverage]:
    """The support at `at` of all the licences or, of a page, of some; six queries in any case.

    A millisecond for six licences or so: pages that may have thousands give a slice. The caller
    may see `organisation`: it came out of `visible_to`.
    """
    levels = current_levels()
    asked = licences_of(organisation) if licences is None else licences
    holdings = holdings_of(asked, levels, organisation.timezone)
    names = dict(Service.objects.values_list("key", "name"))
    return [_coverage(one, levels, names, at) for one in holdings]


def projects_of(organisation: Organisation, *, at: datetime) -> list[ProjectCoverage]:
    """The GoLive projects of `organisation`, the latest first, in two queries."""
    golive = current_levels().get(Level.GOLIVE)
    promise = promise_of(golive) if golive else ""
    found = []
    for project in GoLiveProject.objects.filter(organisation=organisation).order_by("-starts_on"):
        term = Term(project.starts_on, project.ends_on, organisation.timezone)
        status = "active" if term.contains(at) else "planned" if at < term.starts_at else "ended"
        found.append(ProjectCoverage(project, promise, term.last_on, status))
    return found


def promise_of(level: LevelVersion) -> str:
    """ "6 hours, round the clock" or "24 working hours"."""
    return promise_in_words(level.response_time, round_the_clock=counts_round_the_clock(level))


def channels_of(level: LevelVersion) -> list[str]:
    """The channels in words, in the programme's order."""
    return [str(one.label) for one in Channel if one.value in level.channels]


def _coverage(
    holding: Holding, levels: Mapping[str, LevelVersion], names: Mapping[str, str], at: datetime
) -> LicenceCoverage:
    if not holding.licence.counts:
        return _waiting(holding)
    held = _held(holding, levels, names, at)
    gold_left = holding.gold_left(at)
    packs_left = gold_left if holding.packs else None
    callback = bool(gold_left and Channel.CALLBACK in levels[Level.GOLD].channels)
    today = local_day(at, holding.timezone)
    if not held:
        return _ended(holding, levels, at, packs_left)
    best = held[0]
    soon = best.until_on - today < SOON
    return LicenceCoverage(
        licence=holding.licence,
        level=best.level,
        level_label=best.label,
        promise=f"An answer within {best.promise}",
        until_on=best.until_on,
        status="soon" if soon else "active",
        note=_what_follows(holding, held, at) if soon else "",
        channels=best.channels,
        packs_left=packs_left,
        callback=callback,
        levels=held,
        offers=_offers({one.level for one in held}, levels),
    )


def _waiting(holding: Holding) -> LicenceCoverage:
    """A claim that nobody confirmed yet: what happens now, and what comes of reports."""
    return LicenceCoverage(
        licence=holding.licence,
        level="",
        level_label="Waits for confirmation",
        promise="Nothing is promised yet",
        until_on=None,
        status="waiting",
        note=(
            "We check the registration, and tell you. What you report meanwhile is kept, and taken"
            " up once the licence is confirmed; support counts from the registration's day then."
        ),
        channels=[],
        packs_left=None,
        callback=False,
        levels=[],
        offers=[],
    )


def _ended(
    holding: Holding, levels: Mapping[str, LevelVersion], at: datetime, packs_left: int | None
) -> LicenceCoverage:
    """Nothing runs: what ran last, and what is bought but has not begun."""
    terms = [
        (term, level)
        for level in STANDING_LEVELS
        for term in holding.terms.get(level, ())
        if term.ends_at <= at
    ]
    last, level = max(terms, key=lambda one: one[0].ends_on, default=(None, ""))
    label = str(Level(level).label) if level else ""
    return LicenceCoverage(
        licence=holding.licence,
        level=level,
        level_label=label,
        promise="No support now",
        until_on=last.last_on if last else None,
        status="ended",
        note=_what_begins(holding, at) or _SUBSCRIBE,
        channels=[],
        packs_left=packs_left,
        callback=False,
        levels=[],
        offers=_offers(set(), levels),
    )


def _held(
    holding: Holding, levels: Mapping[str, LevelVersion], names: Mapping[str, str], at: datetime
) -> list[HeldLevel]:
    """The levels that run at `at`, best first; Gold while a pack of it can be spent."""
    found = []
    for level in LICENCE_LEVELS:
        version, term = levels.get(level), _running(holding, level, at)
        if version is None or term is None:
            continue
        found.append(
            HeldLevel(
                level=level,
                label=str(level.label),
                promise=promise_of(version),
                channels=channels_of(version),
                services=[name for key, name in names.items() if key in version.services],
                until_on=term.last_on,
            )
        )
    return found


def _running(holding: Holding, level: Level, at: datetime) -> Term | None:
    if level in PACK_LEVELS:
        usable = [one.term for one in holding.packs if one.usable_at(at)]
        return usable[0] if usable else None
    term = holding.term_at(level, at)
    return term if term is not None and term.contains(at) else None


def _what_follows(holding: Holding, held: list[HeldLevel], at: datetime) -> str:
    """What comes after a level that ends soon."""
    coming = _what_begins(holding, at)
    if coming:
        return coming
    rest = [one for one in held if one.until_on > held[0].until_on]
    if rest:
        return f"{rest[0].label} goes on until {day_in_words(rest[0].until_on)}."
    return "Renew it before it ends."


def _what_begins(holding: Holding, at: datetime) -> str:
    for level in STANDING_LEVELS:
        for term in holding.terms.get(level, ()):
            if term.starts_at > at:
                return f"{level.label} begins on {day_in_words(term.starts_on)}."
    return ""


def _offers(held: Collection[str], levels: Mapping[str, LevelVersion]) -> list[Offer]:
    """The paid levels that would add something: better than what is held, or Gold."""
    ladder = [*reversed(SUBSCRIBED_LEVELS), *PACK_LEVELS]
    best = max((place for place, one in enumerate(ladder) if one in held), default=-1)
    return [
        Offer(one, str(one.label), promise_of(levels[one]), levels[one].price_text)
        for one in ladder[best + 1 :]
        if one in levels
    ]
