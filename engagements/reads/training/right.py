"""Whether an organisation may send people to a training now (rule 13), from its contracts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounts.models import Organisation
from engagements.rules.training_right import Claim, Right, training_right
from entitlements.levels import STANDING_LEVELS, Level
from entitlements.models import GoLiveProject, LevelVersion
from entitlements.reads.coverage_summary import licences_of
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import holdings_of
from entitlements.rules.terms import Term

SERVICE = "technical_training"


def right_of(organisation: Organisation, *, at: datetime) -> Right:
    """The caller may see `organisation`. Asks for licences only where a level of theirs counts."""
    levels = current_levels()
    including = [Level(one) for one in levels if SERVICE in levels[one].services]
    claims = [*_projects(organisation, including), *_licences(organisation, levels, including)]
    labels = [
        f"a {one.label} project" if one == Level.GOLIVE else str(one.label) for one in including
    ]
    return training_right(claims, labels, at=at)


def _projects(organisation: Organisation, including: list[Level]) -> Iterator[Claim]:
    for one in GoLiveProject.objects.filter(organisation=organisation):
        term = Term(one.starts_on, one.ends_on, organisation.timezone)
        yield Claim(f"GoLive project “{one.name}”"[:180], term, Level.GOLIVE in including)


def _licences(
    organisation: Organisation, levels: dict[str, LevelVersion], including: list[Level]
) -> Iterator[Claim]:
    counted = [one for one in including if one in STANDING_LEVELS]
    if not counted:
        return
    for holding in holdings_of(licences_of(organisation), levels, organisation.timezone):
        for level in counted:
            for term in holding.terms.get(level, ()):
                yield Claim(f"{level.label} of {holding.licence.key}", term, True)
