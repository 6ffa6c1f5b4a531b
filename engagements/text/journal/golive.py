"""The kinds of journal entries about GoLive projects (`core.kinds`)."""

from __future__ import annotations

from core.kinds import EntryWords, Kind, LookUp
from core.words import counted


class RequirementsFilled(Kind, key="golive.requirements", icon="list-checks", tone="blue"):
    filled: int

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Requirements filled in: {counted(self.filled or 0, 'answer')}"


class SettingSet(Kind, key="golive.set", icon="settings"):
    host: str
    module: str
    setting: str
    value: str
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"{self.host}: {self.module}, {self.setting} is “{self.value}” now"


class Planned(Kind, key="golive.planned", icon="layers"):
    version: int
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"System planning computed, version {self.version}: {self.reason}"


class ListKept(Kind, key="catalogue.saved", icon="list-checks"):
    list: str
    version: int

    def said(self, name: LookUp) -> EntryWords | str:
        return f"List saved, version {self.version}"
