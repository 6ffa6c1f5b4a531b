"""The kinds of journal entries that all engagements share (`core.kinds`)."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.kinds import Day, EntryWords, Kind, LookUp, Moment, PersonId, utc
from core.words import day_in_words
from engagements.enums import Light, Owed


def _day(given: Day | None) -> str:
    if given is None:
        return ""
    try:
        return day_in_words(date.fromisoformat(str(given)))
    except ValueError:
        return str(given)


def _owed(what: str) -> str:
    return Owed(what).label if what in Owed.values else "What is owed"


class Requested(Kind, key="engagement.requested", text="Requested", icon="flag", tone="blue"):
    kind_of: str
    channel: str
    basis: dict[str, Any]


class Allowed(Kind, key="engagement.goodwill", text="Taken up without a contract", icon="star"):
    reason: str


class TakenUp(Kind, key="engagement.taken_up", icon="check", tone="green"):
    owner: PersonId
    starts_on: Day
    golive_on: Day | None
    template: int

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Taken up by {name(self.owner)}, begins on {_day(self.starts_on)}"


class Declined(Kind, key="engagement.declined", text="Declined", icon="x", tone="red"):
    reason: str


class Cancelled(Kind, key="engagement.cancelled", text="Cancelled", icon="x"):
    reason: str


class Done(Kind, key="engagement.done", text="Completed", icon="circle-check", tone="green"):
    reason: str


class OwnerChanged(Kind, key="engagement.owner", icon="user"):
    before: PersonId | None
    after: PersonId

    def said(self, name: LookUp) -> EntryWords | str:
        return f"{name(self.after)} answers for it now"


class MemberJoined(Kind, key="engagement.member_joined", icon="user-plus"):
    person: PersonId
    part: str

    def said(self, name: LookUp) -> EntryWords | str:
        return EntryWords(f"{name(self.person)} takes part", self.part, "user-plus")


class MemberLeft(Kind, key="engagement.member_left", icon="user"):
    person: PersonId

    def said(self, name: LookUp) -> EntryWords | str:
        return f"{name(self.person)} does not take part any more"


class Decided(Kind, key="engagement.decided", icon="scroll-text", tone="blue"):
    decision: str

    def said(self, name: LookUp) -> EntryWords | str:
        return EntryWords("Decided", self.decision, "scroll-text", "blue")


class LightSet(Kind, key="engagement.light_set", icon="flag", tone="warm"):
    light: str
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        light = Light(self.light).label.lower() if self.light in Light.values else "by hand"
        return f"Light set by hand: {light}"


class LightFreed(
    Kind, key="engagement.light_freed", text="Light follows the plan again", icon="flag"
):
    pass


class PhaseMoved(Kind, key="engagement.phase_moved", icon="calendar"):
    phase: str
    before: list[str]
    starts_on: Day
    ends_on: Day
    followers: int
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        first, last = _day(self.starts_on), _day(self.ends_on)
        others = f", and {self.followers} after it" if self.followers else ""
        return f"“{self.phase}” is planned from {first} to {last}{others}"


class PhaseBegun(Kind, key="engagement.phase_begun", icon="circle-dot", tone="blue"):
    phase: str
    on: Day

    def said(self, name: LookUp) -> EntryWords | str:
        return f"“{self.phase}” began on {_day(self.on)}"


class PhaseFinished(Kind, key="engagement.phase_finished", icon="check", tone="green"):
    phase: str
    on: Day
    moved: int

    def said(self, name: LookUp) -> EntryWords | str:
        return f"“{self.phase}” was finished on {_day(self.on)}"


class TaskAdded(Kind, key="engagement.task_added", icon="plus"):
    task: int
    title: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"New task: {self.title}"


class TaskDone(Kind, key="engagement.task_done", icon="check", tone="green"):
    task: int
    title: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Done: {self.title}"


class RiskNoted(Kind, key="engagement.risk_noted", icon="triangle-alert", tone="warm"):
    risk: int
    what: str
    score: int

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Risk ({self.score} of 25): {self.what}"


class RiskClosed(Kind, key="engagement.risk_closed", icon="check"):
    risk: int
    what: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Risk closed: {self.what}"


class Said(Kind, key="engagement.said", icon="message-square"):
    message: int
    voice: str

    def said(self, name: LookUp) -> EntryWords | str:
        return {"note": "Internal note", "team": "The team wrote"}.get(
            self.voice, "The customer wrote"
        )


class HandedOver(Kind, key="engagement.handed_over", icon="file-text", tone="blue"):
    document: int
    version: int
    title: str
    sha256: str
    note: str

    def said(self, name: LookUp) -> EntryWords | str:
        words = f"Handed over: {self.title}, version {self.version}"
        return EntryWords(words, self.note, "file-text", "blue")


class Accepted(Kind, key="engagement.accepted", icon="check", tone="green"):
    document: int
    version: int
    title: str
    sha256: str
    signed_name: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"{self.signed_name} accepted “{self.title}”, version {self.version}"


class SentBack(Kind, key="engagement.sent_back", icon="rotate-ccw", tone="warm"):
    document: int
    version: int
    title: str
    sha256: str
    signed_name: str
    remarks: str

    def said(self, name: LookUp) -> EntryWords | str:
        words = f"{self.signed_name} sent back “{self.title}”, version {self.version}"
        return EntryWords(words, self.remarks, "rotate-ccw", "warm")


class Promised(Kind, key="engagement.promised", icon="timer", tone="blue"):
    what: str
    due_at: Moment

    def said(self, name: LookUp) -> EntryWords | str:
        return f"{_owed(self.what)}: promised by {utc(self.due_at)}"


class PromiseMoved(Kind, key="engagement.promise_moved", icon="timer", tone="warm"):
    what: str
    before: Moment
    due_at: Moment
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"{_owed(self.what)}: now by {utc(self.due_at)}"


class PromiseLate(Kind, key="engagement.late", icon="circle-alert", tone="red"):
    what: str
    name: str
    due_at: Moment
    noted_at: Moment

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Late: {self.name}"


class PlanSaved(Kind, key="plan.saved", text="Plan of a kind of engagement saved", icon="layers"):
    kind_of: str
    version: int


class GoliveMoved(Kind, key="engagement.golive_moved", icon="calendar", tone="warm"):
    before: Day | None
    golive_on: Day
    moved: int
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"The day of the go-live or visit is {_day(self.golive_on)} now"
