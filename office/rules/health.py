"""The health of a customer (O1): a few measures, each on a scale from 0 to 100, weighed. Pure.

What is measured is known here; the scales and weights are data that managers edit. A measure that
has nothing to say (nobody rated, no Gold pack) is left out, and weighs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DAYS = 90  # that the measures look back
OLD = 14  # days after which an open incident is an old one


@dataclass(frozen=True)
class Measure:
    """One part. `unit` ends a number; `explained` says what is measured, for managers."""

    key: str
    name: str
    unit: str
    explained: str


MEASURES = (
    Measure(
        "promises",
        "Answers in time",
        "%",
        f"Share of the answers owed in the last {DAYS} days that came in time.",
    ),
    Measure(
        "satisfaction",
        "Satisfaction",
        "of 5",
        f"Mean of the ratings that they gave in the last {DAYS} days.",
    ),
    Measure("old", "Old incidents", "open", f"Incidents that are open for more than {OLD} days."),
    Measure("contact", "Last contact", "days ago", "Days since our last answer, call or note."),
    Measure(
        "renewal",
        "Renewal",
        "days left",
        "Days until the first subscription ends that nothing follows.",
    ),
    Measure("gold", "Gold incidents", "days left", "Days for which they last at the present rate."),
)
BY_KEY = {one.key: one for one in MEASURES}


@dataclass(frozen=True)
class Scale:
    """`worst` counts 0, `best` 100, straight in between; `weight` 0 leaves the measure out."""

    weight: int
    worst: float
    best: float

    def points(self, value: float) -> int:
        share = (value - self.worst) / (self.best - self.worst)
        return round(100 * min(max(share, 0.0), 1.0))


@dataclass(frozen=True)
class Rules:
    """What a score is made with. From `good_from` on it is well, below `watch_from` in danger."""

    scales: Mapping[str, Scale]
    good_from: int
    watch_from: int


DEFAULT = Rules(
    {
        "promises": Scale(30, 80, 100),
        "satisfaction": Scale(25, 2.5, 4.8),
        "old": Scale(15, 5, 0),
        "contact": Scale(10, 60, 14),
        "renewal": Scale(15, 7, 90),
        "gold": Scale(5, 7, 60),
    },
    good_from=75,
    watch_from=50,
)


@dataclass(frozen=True)
class Part:
    """One measure of one customer. `points` of 100; `weight` is its share of the score, in %."""

    key: str
    value: float
    points: int
    weight: int

    @property
    def name(self) -> str:
        return BY_KEY[self.key].name if self.key in BY_KEY else self.key

    @property
    def words(self) -> str:
        """ "97 %", "4.3 of 5", "none open"."""
        unit = BY_KEY[self.key].unit if self.key in BY_KEY else ""
        if self.key == "old":
            return f"{self.value:.0f} open" if self.value else "none open"
        if self.key == "contact" and self.value < 1:
            return "today"
        shown = f"{self.value:.1f}" if self.key == "satisfaction" else f"{self.value:.0f}"
        return f"{shown} {unit}".replace("1 days", "1 day") if shown == "1" else f"{shown} {unit}"


@dataclass(frozen=True)
class Health:
    """`score` of 100; None where nothing could be measured."""

    score: int | None
    parts: Sequence[Part]


def health_of(values: Mapping[str, float | None], rules: Rules) -> Health:
    """The weighed mean of what can be measured, rounded half to even, with its parts."""
    known = [
        (key, value, scale)
        for key, scale in rules.scales.items()
        if scale.weight and (value := values.get(key)) is not None
    ]
    total = sum(scale.weight for _, _, scale in known)
    if not total:
        return Health(None, ())
    scored = [(key, value, scale.points(value), scale.weight) for key, value, scale in known]
    score = round(sum(points * weight for _, _, points, weight in scored) / total)
    parts = [
        Part(key, value, points, round(100 * weight / total))
        for key, value, points, weight in scored
    ]
    return Health(score, tuple(parts))


def mood_of(score: int | None, rules: Rules) -> str:
    """ "well", "watch", "ill"; "" where nothing was measured (`enums.Mood`)."""
    if score is None:
        return ""
    if score >= rules.good_from:
        return "well"
    return "watch" if score >= rules.watch_from else "ill"


def in_words(health: Health) -> str:
    """What pulls the score down most, and what holds it, in one sentence."""
    if health.score is None:
        return "Nothing could be measured yet."
    lost = sorted(health.parts, key=lambda one: (one.points - 100) * one.weight)
    low = [one for one in lost if one.points < 100][:2]
    if not low:
        return "Everything that is measured is at its best."
    named = " and ".join(f"{one.name.lower()} ({one.words})" for one in low)
    return f"Pulled down most by {named}."
