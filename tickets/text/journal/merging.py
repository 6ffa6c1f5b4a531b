"""Kinds of journal entries: merged, split, put right (G1 to G3)."""

from __future__ import annotations

from typing import Any

from core.kinds import EntryWords, Kind, LookUp


class Merged(Kind, key="incident.merged", icon="link", tone="warm"):
    into: str
    merge: int

    def said(self, name: LookUp) -> str:
        return f"A duplicate: merged into {self.into}"


class TookIn(Kind, key="incident.took_in", icon="link"):
    source: str
    merge: int

    def said(self, name: LookUp) -> str:
        return f"{self.source} was merged into this one"


class MergeUndone(Kind, key="incident.merge_undone", icon="rotate-ccw", tone="warm"):
    into: str
    merge: int
    without_gold: bool

    def said(self, name: LookUp) -> EntryWords:
        gone = "Its Gold incident was spent elsewhere" if self.without_gold else ""
        return EntryWords(f"No duplicate of {self.into} any more", gone, "rotate-ccw", "warm")


class LetOut(Kind, key="incident.let_out", icon="rotate-ccw"):
    source: str
    merge: int

    def said(self, name: LookUp) -> str:
        return f"{self.source} goes on by itself again"


class Split(Kind, key="incident.split", icon="link"):
    into: str
    messages: list[int]

    def said(self, name: LookUp) -> str:
        count = len(self.messages or ())
        words = "1 message was" if count == 1 else f"{count} messages were"
        return f"{words} taken out into {self.into}"


class SplitOff(Kind, key="incident.split_off", icon="link", tone="blue"):
    source: str
    messages: list[int]

    def said(self, name: LookUp) -> str:
        return f"Made of what was written on {self.source}"


class PutRight(Kind, key="incident.put_right", icon="rotate-ccw", tone="warm"):
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str

    def said(self, name: LookUp) -> EntryWords:
        changed = [
            f"{field} {self._one(self.after, field, name)}, was"
            f" {self._one(self.before, field, name)}"
            for field in self.after or {}
        ]
        return EntryWords(f"Put right: {'; '.join(changed)}", self.reason, "rotate-ccw", "warm")

    @staticmethod
    def _one(facts: dict[str, Any], field: str, name: LookUp) -> str:
        value = facts.get(field)
        return (name(value) if field == "reporter" else str(value or "")) or "none"
