"""The support levels, each with all that the code knows of it.

What a level promises is data: `entitlements/catalogue.toml`. Here is what it is. A new level that
is subscribed is a row here and one there (`manage.py catalogue load`);
`tests/entitlements/test_levels.py` walks every one. Pure.

Of each other source there is one level, since its rows do not name theirs. A second that comes in
packs needs a column `level` of `models.Pack`, and whoever asks for `Level.GOLD` to ask for the
pack's (prices, candidates, history, what a reporter may choose: `git grep -n "Level.GOLD"`); a
second for projects the same of `models.GoLiveProject` (`git grep -n "Level.GOLIVE"`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.choices import Choice


class Source(StrEnum):
    """How a level is had."""

    REGISTRATION = "registration"  # comes with each licence
    SUBSCRIPTION = "subscription"  # is sold for a licence, from a day to a day
    PACK = "pack"  # a unit of a pack is spent on a report, where the reporter chooses so
    PROJECT = "project"  # serves the reports of one project


@dataclass(frozen=True)
class LevelFacts:
    """`tone` is the badge's class and `icon` its icon, `fill` the class of its bars in drawings.

    `note` stands below the name in the programme. A level that `carries_packs` is one under which
    packs are sold and live (L6).
    """

    label: str
    source: Source
    tone: str
    fill: str
    icon: str = ""
    note: str = ""
    carries_packs: bool = False


class Level(Choice):
    """Best first: the order in which levels serve, are shown and are stacked (R2)."""

    facts: LevelFacts

    GOLIVE = (
        "golive",
        LevelFacts(
            label="GoLive",
            source=Source.PROJECT,
            tone="badge-violet",
            fill="life-violet",
            icon="layers",
            note="For a project",
        ),
    )
    GOLD = (
        "gold",
        LevelFacts(
            label="Gold",
            source=Source.PACK,
            tone="badge-gold",
            fill="life-warm",
            icon="star",
            note="Add-on, while Premium is active",
        ),
    )
    PREMIUM = (
        "premium",
        LevelFacts(
            label="Premium",
            source=Source.SUBSCRIPTION,
            tone="badge-strong",
            fill="life-deep",
            carries_packs=True,
        ),
    )
    FIRST = (
        "first",
        LevelFacts(label="FIRsT", source=Source.SUBSCRIPTION, tone="badge-blue", fill="life-light"),
    )
    BASIC = (
        "basic",
        LevelFacts(
            label="Basic",
            source=Source.REGISTRATION,
            tone="badge-line",
            fill="life-grey",
            note="With every registration",
        ),
    )


def _had_by(*sources: Source) -> tuple[Level, ...]:
    return tuple(one for one in Level if one.facts.source in sources)


# Best first is 0.
RANK: dict[str, int] = {level.value: place for place, level in enumerate(Level)}

SUBSCRIBED_LEVELS = _had_by(Source.SUBSCRIPTION)
PACK_LEVELS = _had_by(Source.PACK)
PROJECT_LEVELS = _had_by(Source.PROJECT)
REGISTERED_LEVELS = _had_by(Source.REGISTRATION)
# Those that run by themselves while their days last: nobody chooses or names anything.
STANDING_LEVELS = _had_by(Source.SUBSCRIPTION, Source.REGISTRATION)
# Those under which packs are sold and live (L6).
CARRYING_LEVELS = tuple(one for one in Level if one.facts.carries_packs)
# What a licence may have, as it is shown: what carries packs, the packs, the rest.
LICENCE_LEVELS = (
    *CARRYING_LEVELS,
    *PACK_LEVELS,
    *(one for one in STANDING_LEVELS if one not in CARRYING_LEVELS),
)


def at_least(level: str) -> tuple[Level, ...]:
    """Those that are as good as `level` or better."""
    return tuple(one for one in Level if RANK[one] <= RANK[level])


def subscribed_next_to(level: str, *, better: bool) -> Level | None:
    """The subscribed level one step better or worse than `level`; None at the end of the ladder."""
    place = SUBSCRIBED_LEVELS.index(Level(level)) + (-1 if better else 1)
    return SUBSCRIBED_LEVELS[place] if 0 <= place < len(SUBSCRIBED_LEVELS) else None


def carrying_words() -> str:
    """ "Premium", or "Platinum or Premium"."""
    return " or ".join(one.label for one in CARRYING_LEVELS)


def level_choices() -> list[tuple[str, str]]:
    return Level.choices


def subscribed_choices() -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in SUBSCRIBED_LEVELS]
