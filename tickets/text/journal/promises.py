"""Kinds of journal entries: the response target, and who is told of it."""

from __future__ import annotations

from typing import Any

from core.kinds import Day, EntryWords, Kind, LookUp, Moment, PersonId, utc


class TargetOpened(Kind, key="response_target.opened", text="An answer is owed", icon="clock"):
    due_at: Moment
    counted_from: Moment | None  # of one that a merge carried, or that is owed again (G1)


class TargetMoved(Kind, key="response_target.moved", icon="clock"):
    before: Moment
    after: Moment
    level: int | None = None
    calendar: int | None = None
    reason: str = ""
    level_before: int | None = None
    calendar_before: int | None = None

    def said(self, name: LookUp) -> EntryWords:
        before, after = utc(self.before), utc(self.after)
        detail = f"was {before}, now {after}" if before and after else ""
        return EntryWords("The answer is due at another moment", detail, "clock")


class TargetMet(Kind, key="response_target.met"):
    in_time: bool = True

    def said(self, name: LookUp) -> EntryWords:
        if self.in_time is False:
            return EntryWords("Answered after the response target", "", "circle-alert", "red")
        return EntryWords("Response target met", "", "check", "green")


class TargetAbandoned(Kind, key="response_target.abandoned", text="No answer is owed any more"):
    merged_into: str
    split_into: str

    def said(self, name: LookUp) -> str:
        if elsewhere := self.merged_into or self.split_into:
            return f"Its answer is owed on {elsewhere} now"
        return self.looks.text


NOT_CALLED = PersonId(0)  # no step of the policy calls anybody


def _notified(told: list[PersonId] | None, called: PersonId | None, name: LookUp) -> str:
    """Who was notified; before there were policies, and without one, the same three always are."""
    said = "Owner, leads and account manager were notified"
    if told is not None:
        said = f"Told: {', '.join(name(one) for one in told) or 'nobody'}"
    if called == NOT_CALLED:
        return said
    if called is None:
        return f"{said}. Nobody on duty has a number that can be called"
    return f"{said}. Called: {name(called)}"


class TargetWarned(Kind, key="response_target.warned", icon="bell", tone="warm"):
    percent: int
    policy: int | None = None
    told: list[PersonId] | None = None
    called: PersonId | None = NOT_CALLED
    passed_on_from: PersonId | None = None

    def said(self, name: LookUp) -> EntryWords:
        said = f"{self.percent} % of the response time had passed"
        return EntryWords(said, _notified(self.told, self.called, name), "bell", "warm")


class TargetBreached(Kind, key="response_target.breached", icon="circle-alert", tone="red"):
    noted_at: Moment
    policy: int | None = None
    told: list[PersonId] | None = None
    called: PersonId | None = NOT_CALLED
    passed_on_from: PersonId | None = None

    def said(self, name: LookUp) -> EntryWords:
        detail = _notified(self.told, self.called, name)
        return EntryWords("Response target breached", detail, "circle-alert", "red")


class AlarmPolicyChanged(Kind, key="alarm_policy.changed", text="Alarm policy changed"):
    before: list[Any] | None
    after: list[Any]


class AuditDifference(
    Kind, key="audit.difference", text="The audit found a difference", tone="red"
):
    day: Day
    cycle: int
    what: str
    stored: str
    proven: str

    def said(self, name: LookUp) -> EntryWords:
        detail = f"{self.what}: stored {self.stored}, proven {self.proven}"
        return EntryWords("The audit found a difference", detail, "circle-alert", "red")
