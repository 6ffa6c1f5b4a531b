"""Kinds of journal entries: who gets an incident by itself, and what that goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kinds import EntryWords, Kind, LookUp, Moment, PersonId


class Dispatched(Kind, key="incident.dispatched", icon="user"):
    to: PersonId
    reason: str
    dispatch: int

    def said(self, name: LookUp) -> EntryWords:
        detail = self.reason or "On duty, serves the organisation, has room"
        return EntryWords(f"Dispatched to {name(self.to)}", detail, "user")


class DispatchRulesChanged(Kind, key="dispatch_rules.changed", text="Rules of dispatch changed"):
    reason: str
    starts_at: Moment
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class EngineerProfileChanged(
    Kind, key="engineer.profile", text="What an engineer can be given changed"
):
    capacity: int | None
    is_level_2: bool
    languages: list[str]
    services: list[str]
