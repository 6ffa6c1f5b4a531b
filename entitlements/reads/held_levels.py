"""Which levels organisations have at a moment, for many of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from accounts.models import Organisation
from entitlements.enums import Channel, Level, Resource
from entitlements.models import GoLiveProject, Licence
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import holdings_of, local_day


def levels_of(
    organisations: Collection[Organisation], at: datetime
) -> Mapping[int, frozenset[str]]:
    """By organisation the levels that any licence or project of it has at `at`.

    Four queries a time zone, however many organisations: for sweeps over all of them.
    """
    found: dict[int, set[str]] = defaultdict(set)
    zones: dict[str, list[int]] = defaultdict(list)
    for one in organisations:
        zones[one.timezone].append(one.pk)
    levels = current_levels()
    for zone, keys in zones.items():
        today = local_day(at, zone)
        projects = GoLiveProject.objects.filter(
            organisation__in=keys, starts_on__lte=today, ends_on__gt=today
        )
        for owner in projects.values_list("organisation", flat=True):
            found[owner].add(Level.GOLIVE.value)
        licences = Licence.objects.held().filter(organisation__in=keys)
        for holding in holdings_of(licences, levels, zone):
            theirs = found[holding.licence.organisation_id]
            theirs.update(one for one in holding.terms if holding.runs_at(one, at))
            if holding.gold_left(at):
                theirs.add(Level.GOLD.value)
    return {pk: frozenset(one for one in held if one in levels) for pk, held in found.items()}


def levels_with_newsletter() -> frozenset[str]:
    """Those whose e-mail support has the newsletter with it, as the catalogue says today."""
    return frozenset(
        key
        for key, one in current_levels().items()
        if Resource.NEWSLETTER in one.resources and Channel.EMAIL in one.channels
    )
