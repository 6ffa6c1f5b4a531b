"""What licences get of the releases: the bridge from rows to `rules.downloads` (D1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.words import day_in_words
from entitlements.enums import Edition
from entitlements.levels import STANDING_LEVELS, SUBSCRIBED_LEVELS
from entitlements.models import LevelVersion, Licence
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import Holding, holdings_of, joined, local_day
from entitlements.rules.terms import midnight
from resources.models import Release, UpgradeBought
from resources.rules.downloads import Has, Verdict, Why, verdicts
from resources.text.downloads import why_not


@dataclass(frozen=True)
class Got:
    """A release beside a licence. `said` is why not, in words; "" for what it gets."""

    release: Release
    verdict: Verdict
    said: str

    @property
    def gets(self) -> bool:
        return self.verdict.gets

    @property
    def is_upgrade(self) -> bool:
        return self.verdict.why in (Why.UPGRADE, Why.OTHER_EDITION)


def what_licences_have(licences: Iterable[Licence], timezone: str) -> dict[int, Has]:
    """By licence, of one organisation; four statements however many there are."""
    levels = current_levels()
    holdings = holdings_of(licences, levels, timezone)
    bought: defaultdict[int, set[int]] = defaultdict(set)
    rows = UpgradeBought.objects.filter(licence__in=[one.licence for one in holdings])
    for licence, release in rows.values_list("licence", "release"):
        bought[licence].add(release)
    return {
        one.licence.pk: _has(one, levels, timezone, frozenset(bought[one.licence.pk]))
        for one in holdings
    }


def published_releases() -> list[Release]:
    """Every published one, newest version first, without its notes; one statement."""
    return list(Release.objects.published().defer("notes", "notes_html").order_by("-place", "pk"))


def got_by(licence: Licence, has: Has, releases: Sequence[Release], at: datetime) -> dict[int, Got]:
    """By release; `releases` are all that are published, since upgrades build on each other."""
    found = verdicts(has, (one.offered for one in releases), at)
    by_id = {one.pk: one for one in releases}
    return {
        one.pk: Got(one, found[one.pk], _said(licence, has, one, found[one.pk], by_id))
        for one in releases
    }


def giving_maintenance() -> str:
    """ "FIRsT or Premium": the subscribed levels that give maintenance, as the catalogue says."""
    levels = current_levels()
    giving = [one for one in reversed(SUBSCRIBED_LEVELS) if _maintains(levels, one)]
    return " or ".join(str(one.label) for one in giving) or "A paid level"


def maintained_until(has: Has, at: datetime) -> str:
    """The last day of the maintenance that runs at `at`, in words; "" where none does."""
    running = [term for term in has.maintenance if term.contains(at)]
    return day_in_words(running[-1].last_on) if running else ""


def _said(
    licence: Licence, has: Has, one: Release, verdict: Verdict, by_id: Mapping[int, Release]
) -> str:
    if verdict.gets:
        return ""
    assert one.published_at is not None
    upgrade = by_id.get(verdict.upgrade or 0)
    facts = {
        "edition": str(Edition(licence.edition).label),
        "published": day_in_words(local_day(one.published_at, has.timezone)),
        "levels": giving_maintenance(),
        "withdrawn": one.withdrawn_for,
        "upgrade": _named(one, upgrade),
        "takes": upgrade.takes if upgrade else "",
    }
    return why_not(verdict, facts)


def _named(one: Release, upgrade: Release | None) -> str:
    """How the sentence names what is to be bought: the release itself, or what it builds on."""
    if upgrade is None or upgrade.pk == one.pk:
        return "It is an upgrade"
    return f"It builds on the upgrade {upgrade.version}"


def _has(
    holding: Holding,
    levels: Mapping[str, LevelVersion],
    timezone: str,
    upgrades: frozenset[int],
) -> Has:
    """Of Basic, too, where the catalogue gives it maintenance."""
    licence = holding.licence
    terms = [
        term
        for level in STANDING_LEVELS
        if _maintains(levels, level)
        for term in holding.terms.get(level, ())
    ]
    return Has(
        product=licence.product,
        edition=licence.edition,
        counts=licence.counts,
        bought_at=midnight(licence.registered_on + timedelta(days=1), timezone),
        maintenance=joined(terms),
        upgrades=upgrades,
        timezone=timezone,
    )


def _maintains(levels: Mapping[str, LevelVersion], level: str) -> bool:
    return level in levels and levels[level].maintenance
