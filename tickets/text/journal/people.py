"""Kinds of journal entries: who reported, who takes part, who has it."""

from __future__ import annotations

from typing import Any

from core.kinds import EntryWords, Kind, LookUp, PersonId
from tickets.enums import Tier


class Joined(Kind, key="incident.joined", icon="users"):
    person: PersonId

    def said(self, name: LookUp) -> str:
        return f"{name(self.person)} is notified of the answers, too"


class Left(Kind, key="incident.left", icon="user"):
    person: PersonId

    def said(self, name: LookUp) -> str:
        return f"{name(self.person)} is notified no more"


class Private(Kind, key="incident.private", icon="lock"):
    private: bool

    def said(self, name: LookUp) -> str:
        if self.private:
            return "Private now: only its reporter and who takes part see it there"
        return "Private no more: its organisation decides who sees it"


class Assigned(Kind, key="incident.assigned", icon="user"):
    before: PersonId | None
    after: PersonId
    reason: str

    def said(self, name: LookUp) -> EntryWords:
        to = name(self.after)
        if self.reason == "taken":
            return EntryWords(f"{to} took it", icon="user")
        before = f" from {name(self.before)}" if self.before else ""
        return EntryWords(f"Given to {to}{before}", self.reason or "", "user")


class Worker(Kind, key="incident.worker", icon="user"):
    """Who works on it at TS2 or TS3, while its owner talks to the customer (X1)."""

    before: PersonId | None
    after: PersonId | None
    tier: int
    reason: str
    considered: list[Any]

    def said(self, name: LookUp) -> EntryWords:
        tier = Tier(self.tier).label
        if not self.after:
            return EntryWords(f"Nobody works on it at {tier} any more", self.reason, "user")
        detail = "" if self.reason == "taken" else self.reason
        return EntryWords(f"{name(self.after)} works on it at {tier}", detail, "user")


class Accepted(Kind, key="incident.accepted", text="Its owner is on it", icon="user-round-check"):
    pass


class Released(Kind, key="incident.released", text="Given back to the queue", icon="inbox"):
    reason: str


class OwnerLeft(Kind, key="incident.owner_left", icon="user", tone="warm"):
    before: PersonId | None
    reason: str

    def said(self, name: LookUp) -> str:
        return f"{name(self.before)} does not own it any more" if self.before else "Its owner left"
