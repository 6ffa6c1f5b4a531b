"""Which licences may take part in a programme, and what stands between (BT1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.words import listed
from entitlements.enums import Edition, Level, Resource
from entitlements.models import GoLiveProject, LevelVersion, Licence
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import Holding, holdings_of, local_day
from resources.models import BetaMember, BetaProgramme
from resources.rules.beta import Holds, IsFor, WhyNot, why_not


@dataclass(frozen=True)
class Seat:
    """A licence beside a programme. `said` is what it takes, in words; "" where it may join."""

    licence: Licence
    why: WhyNot
    said: str

    @property
    def may_join(self) -> bool:
        return self.why is WhyNot.NOTHING


def levels_with_beta() -> frozenset[str]:
    """The levels to which the catalogue gives the programme today."""
    return frozenset(key for key, one in current_levels().items() if Resource.BETA in one.resources)


def seats_of(licences: Iterable[Licence], programme: BetaProgramme, at: datetime) -> list[Seat]:
    """Of licences of one organisation, those that may join first; five statements."""
    licences = list(licences)
    if not licences:
        return []
    levels = current_levels()
    giving = frozenset(key for key, one in levels.items() if Resource.BETA in one.resources)
    is_for = IsFor(programme.product, programme.editions, giving)
    projects = _levels_of_projects(licences[0], at)
    zone = licences[0].organisation.timezone
    found = [
        _seat(one, is_for, projects | _levels_of(one, at), levels)
        for one in holdings_of(licences, levels, zone)
    ]
    return sorted(found, key=lambda one: (not one.may_join, one.licence.key))


def why_no_builds(member: BetaMember, newest_terms: int, at: datetime) -> str:
    """What stands between a member and the builds now, in words; "" for nothing (BT3)."""
    programme = member.programme
    if not programme.is_running:
        return f"{programme} has ended."
    if member.left_at is not None:
        return "You left the programme."
    if member.terms.number < newest_terms:
        return f"The terms were changed: accept version {newest_terms} first."
    (seat,) = seats_of([member.licence], programme, at)
    return seat.said


def _seat(
    holding: Holding, is_for: IsFor, levels: frozenset[str], known: dict[str, LevelVersion]
) -> Seat:
    licence = holding.licence
    holds = Holds(licence.product, licence.edition, licence.counts, levels)
    why = why_not(holds, is_for)
    return Seat(licence, why, _said(why, is_for))


def _said(why: WhyNot, is_for: IsFor) -> str:
    if why is WhyNot.NOTHING:
        return ""
    if why is WhyNot.WAITS:
        return "Nobody confirmed its registration yet. We tell you when it is."
    if why is WhyNot.LEVEL:
        return f"It takes {names_of(is_for.levels)}."
    editions = listed([str(Edition(one).label) for one in is_for.editions], "or")
    return f"The programme is for {is_for.product}, {editions}."


def names_of(levels: Iterable[str]) -> str:
    """ "Premium, Gold or GoLive", in the order of the levels."""
    wanted = set(levels)
    names: Sequence[str] = [str(one.label) for one in reversed(Level) if one.value in wanted]
    return listed(names, "or") if names else "a level that has beta programmes"


def _levels_of(holding: Holding, at: datetime) -> frozenset[str]:
    found = {one for one in holding.terms if holding.runs_at(one, at)}
    if holding.gold_left(at):
        found.add(Level.GOLD.value)
    return frozenset(found)


def _levels_of_projects(licence: Licence, at: datetime) -> frozenset[str]:
    """GoLive is the organisation's, not a licence's."""
    today = local_day(at, licence.organisation.timezone)
    running = GoLiveProject.objects.filter(
        organisation=licence.organisation_id, starts_on__lte=today, ends_on__gt=today
    )
    return frozenset({Level.GOLIVE.value}) if running.exists() else frozenset()
