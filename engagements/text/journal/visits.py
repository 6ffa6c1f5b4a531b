"""The kinds of journal entries about visits on site (`core.kinds`)."""

from __future__ import annotations

from core.kinds import EntryWords, Kind, LookUp, Moment
from core.words import counted, listed


class Proposed(Kind, key="visit.proposed", icon="calendar", tone="blue"):
    visit: int
    starts_at: Moment
    ends_at: Moment
    names: list[str]

    def said(self, name: LookUp) -> EntryWords | str:
        return EntryWords("Dates of a visit proposed", listed(self.names), "calendar", "blue")


class Agreed(Kind, key="visit.agreed", text="Visit agreed", icon="check", tone="green"):
    visit: int
    starts_at: Moment
    ends_at: Moment


class Refused(Kind, key="visit.refused", text="The dates do not suit", icon="x", tone="warm"):
    visit: int
    reason: str


class Cancelled(Kind, key="visit.cancelled", text="Visit cancelled", icon="ban", tone="red"):
    visit: int
    reason: str


class Noted(Kind, key="visit.noted", icon="pencil"):
    visit: int
    what: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Diary: {self.what}"


class Made(Kind, key="visit.made", icon="building-2", tone="green"):
    visit: int
    days: int

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Visit made: {counted(self.days or 0, 'day')} of the contract"
