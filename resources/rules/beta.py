"""Who may take part in a beta programme, and with which licence (BT1). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


class WhyNot(Enum):
    """What stands between a licence and a programme."""

    NOTHING = "nothing"
    PRODUCT = "product"
    EDITION = "edition"
    WAITS = "waits"  # nobody confirmed the registration yet (K1)
    LEVEL = "level"


@dataclass(frozen=True)
class Holds:
    """What a licence holds at the moment that is asked about."""

    product: str
    edition: str
    counts: bool
    levels: frozenset[str]


@dataclass(frozen=True)
class IsFor:
    """Whom a programme is for. `levels` are those to which the catalogue gives the programme."""

    product: str
    editions: Collection[str]
    levels: frozenset[str]


def why_not(holds: Holds, programme: IsFor) -> WhyNot:
    """The first thing that is missing; `WhyNot.NOTHING` where the licence may take part."""
    if holds.product.casefold() != programme.product.casefold():
        return WhyNot.PRODUCT
    if holds.edition not in programme.editions:
        return WhyNot.EDITION
    if not holds.counts:
        return WhyNot.WAITS
    return WhyNot.NOTHING if holds.levels & programme.levels else WhyNot.LEVEL
