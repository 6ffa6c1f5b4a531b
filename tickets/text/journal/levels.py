"""Kinds of journal entries: which level serves it."""

from __future__ import annotations

from core.kinds import EntryWords, Kind, LookUp, Moment
from entitlements.enums import Level

_LEVELS = dict(Level.choices)


class GoldGone(Kind, key="incident.gold_gone", icon="star", tone="warm"):
    before: int
    after: int
    level: str | None

    def said(self, name: LookUp) -> EntryWords:
        level = _LEVELS.get(str(self.level), "Nothing")
        detail = "Its Gold incident was given back, and spent elsewhere meanwhile"
        return EntryWords(f"{level} serves it now", detail, "star", "warm")


class Goodwill(
    Kind,
    key="incident.goodwill",
    text="Accepted out of goodwill",
    icon="thumbs-up",
    tone="green",
):
    reason: str
    level: str
    version: int
    before: int  # the decision that nothing covered it


class GoodwillDeclined(
    Kind,
    key="incident.goodwill_declined",
    text="Declined, with an answer to the customer",
    icon="ban",
):
    reason: str


class Upgraded(Kind, key="incident.upgraded", icon="arrow-up", tone="green"):
    level: str
    effective_at: Moment
    before: int
    after: int
    subscription: int | None = None

    def said(self, name: LookUp) -> EntryWords:
        level = _LEVELS.get(self.level, "A better level")
        detail = "It was bought after the report"
        return EntryWords(f"{level} counts for it now", detail, "arrow-up", "green")


class Converted(Kind, key="incident.converted", icon="check", tone="green"):
    level: str
    effective_at: Moment
    before: int
    after: int
    subscription: int | None = None
    licence: int | None = None

    def said(self, name: LookUp) -> EntryWords:
        level = _LEVELS.get(self.level, "Support")
        detail = "Nothing covered it when it was reported"
        return EntryWords(f"{level} covers it now", detail, "check", "green")


class Corrected(Kind, key="incident.corrected", icon="rotate-ccw", tone="warm"):
    level: str
    effective_at: Moment
    before: int
    after: int
    subscription: int | None = None

    def said(self, name: LookUp) -> EntryWords:
        level = _LEVELS.get(self.level, "The right level")
        detail = "The contract was a mistake, and was put right"
        said = f"{level} counts for it from the start"
        return EntryWords(said, detail, "rotate-ccw", "warm")


class GoldElected(
    Kind,
    key="incident.gold_elected",
    text="The customer chose to spend a Gold incident",
    icon="star",
):
    before: int
    after: int
