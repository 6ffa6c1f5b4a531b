"""The kinds of journal entries about feature requests and the roadmap (`core.kinds`)."""

from __future__ import annotations

from core.kinds import EntryWords, Kind, LookUp


class Likened(Kind, key="feature.likened", icon="link"):
    item: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Like the roadmap's “{self.item}”" if self.item else "Like nothing on the roadmap"


class Judged(Kind, key="feature.judged", icon="scroll-text", tone="blue"):
    is_yes: bool
    release: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Yes, expected in {self.release}" if self.is_yes else "No, with explanations"


class RoadmapSaved(Kind, key="roadmap.saved", icon="star"):
    title: str
    state: str
    release: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Roadmap: {self.title} ({self.state})"
