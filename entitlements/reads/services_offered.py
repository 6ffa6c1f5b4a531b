"""Which services a form offers first: those that the support really includes (rule 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from entitlements.enums import Level
from entitlements.levels import SUBSCRIBED_LEVELS
from entitlements.models import Service
from entitlements.reads.coverage_summary import LicenceCoverage
from entitlements.reads.current import current_levels


class Offered(NamedTuple):
    """Service keys with their names; of `others` the name says what it takes."""

    included: Sequence[tuple[str, str]]
    others: Sequence[tuple[str, str]]


def offered(
    services: Iterable[Service], coverage: Iterable[LicenceCoverage], *, has_project: bool
) -> Offered:
    """`coverage` are the organisation's licences as they stand now; one statement."""
    levels = current_levels()
    held = {name for one in coverage for level in one.levels for name in level.services}
    golive = levels.get(Level.GOLIVE)
    project = set(golive.services) if has_project and golive else set()
    included, others = [], []
    for one in services:
        if one.name in held or one.key in project:
            included.append((one.key, one.name))
            continue
        sold = reversed(SUBSCRIBED_LEVELS)  # the least that includes it
        least = next((lv for lv in sold if lv in levels and one.key in levels[lv].services), None)
        takes = least.label if least else f"a {Level.GOLIVE.label} project"
        others.append((one.key, f"{one.name} (takes {takes})"))
    return Offered(included, others)
