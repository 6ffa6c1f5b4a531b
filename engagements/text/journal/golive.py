"""The kinds of journal entries about GoLive projects (`core.kinds`)."""

from __future__ import annotations

from core.kinds import EntryWords, Kind, LookUp, Moment
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


class BookLaidOut(Kind, key="golive.book", icon="list-checks"):
    steps: int

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Run book laid out: {counted(self.steps or 0, 'step')}"


class StepAdded(Kind, key="golive.step_added", icon="plus"):
    book: str
    title: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"New step: {self.title}"


class StepChanged(Kind, key="golive.step_changed", icon="pencil"):
    book: str
    before: str
    title: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Step changed: {self.title}"


class StepRemoved(Kind, key="golive.step_removed", icon="x"):
    book: str
    title: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Step taken out: {self.title}"


class StepTicked(Kind, key="golive.step_ticked", icon="check"):
    book: str
    title: str
    result: str
    remark: str

    def said(self, name: LookUp) -> EntryWords | str:
        told = f": {self.remark}" if self.remark else ""
        return f"Step {self.result}: {self.title}{told}"


class StepReopened(Kind, key="golive.step_reopened", icon="pencil", tone="warm"):
    book: str
    title: str
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Step open again: {self.title}: {self.reason}"


class CutOverPlanned(Kind, key="cutover.planned", icon="calendar"):
    starts_at: Moment
    until: Moment

    def said(self, name: LookUp) -> EntryWords | str:
        return "Cut-over planned"


class CutOverBegun(Kind, key="cutover.begun", icon="timer", tone="blue"):
    def said(self, name: LookUp) -> EntryWords | str:
        return "The cut-over began"


class CutOverDone(Kind, key="cutover.finished", icon="circle-check", tone="green"):
    summary: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"The cut-over is done. {self.summary}".strip()


class TurnedBack(Kind, key="cutover.turned_back", icon="triangle-alert", tone="red"):
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"The cut-over was turned back: {self.reason}"


class RoundCalled(Kind, key="gonogo.called", icon="shield-check"):
    round: int

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Go / no-go {self.round} called"


class CriterionAdded(Kind, key="gonogo.criterion", icon="plus"):
    text: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"One criterion more: {self.text}"


class CriterionChecked(Kind, key="gonogo.checked", icon="check"):
    text: str
    result: str
    remark: str

    def said(self, name: LookUp) -> EntryWords | str:
        found = {"met": "met", "not_met": "not met", "waived": "waived"}
        return f"{self.text}: {found.get(self.result, self.result)}"


class Voted(Kind, key="gonogo.voted", icon="check", tone="blue"):
    role: str
    vote: str
    signed_name: str
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        told = "go" if self.vote == "go" else "no-go"
        return f"{self.role}, {self.signed_name}, votes {told}"


class Decided(Kind, key="gonogo.decided", icon="shield-check", tone="blue"):
    round: int
    decision: str
    reason: str
    starts_at: Moment

    def said(self, name: LookUp) -> EntryWords | str:
        told = "go" if self.decision == "go" else "no-go; the date is open"
        return f"Go / no-go {self.round}: {told}"
