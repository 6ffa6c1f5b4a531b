"""Kinds of journal entries: TS1 > TS2 > TS3 (X1)."""

from __future__ import annotations

from core.kinds import EntryWords, Kind, LookUp, Moment, PersonId
from tickets.enums import Tier


class Escalated(Kind, key="incident.escalated", icon="arrow-up", tone="warm"):
    before: int
    after: int
    worker: PersonId | None

    def said(self, name: LookUp) -> str:
        return f"Escalated to {Tier(self.after).label}"


class GivenBack(Kind, key="incident.given_back", icon="arrow-down"):
    before: int
    after: int
    worker: PersonId | None

    def said(self, name: LookUp) -> str:
        return f"Given back to {Tier(self.after).label}"


class EscalationAsked(
    Kind,
    key="incident.escalation_asked",
    text="The customer asks for the next level",
    icon="arrow-up",
):
    reason: str


class EscalationDeclined(
    Kind, key="incident.escalation_declined", text="It stays at its level", icon="ban"
):
    reason: str


class TierWarned(Kind, key="internal_target.warned", icon="bell", tone="warm"):
    tier: int
    noted_at: Moment | None = None

    def said(self, name: LookUp) -> str:
        return f"{Tier(self.tier).label}'s own target nears its end"


class TierBreached(Kind, key="internal_target.breached", icon="circle-alert", tone="warm"):
    tier: int
    noted_at: Moment | None = None

    def said(self, name: LookUp) -> EntryWords:
        detail = "Only we set ourselves this. The level and the leads were notified"
        said = f"{Tier(self.tier).label}'s own target is over"
        return EntryWords(said, detail, "circle-alert", "warm")


class TierTargetChanged(Kind, key="tier_target.changed", text="A level's own target changed"):
    hours: float
    calendar: str


class ChecklistChanged(Kind, key="checklist.changed", text="Checklist of a hand-over changed"):
    items: list[str]
