"""The kinds of journal entries about incidents and how they are worked on (`core.kinds`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kinds import Day, EntryWords, Kind, LookUp, Moment, PersonId, utc
from entitlements.enums import Channel, Level
from tickets.enums import OUTSIDE, Priority, State, Tier

_LEVELS = dict(Level.choices)

# Who reported, who works on it


class Filed(Kind, key="incident.filed", icon="inbox", tone="blue"):
    channel: str

    def said(self, name: LookUp) -> str:
        return f"Reported {Channel(self.channel or Channel.PORTAL).facts.reported}"


class ReportedByMail(
    Kind,
    key="incident.reported_by_mail",
    text="Reported by mail as well, and decided again",
    icon="mail",
):
    message: int
    before: int
    after: int


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


class Dispatched(Kind, key="incident.dispatched", icon="user"):
    to: PersonId
    reason: str
    dispatch: int

    def said(self, name: LookUp) -> EntryWords:
        detail = self.reason or "On duty, serves the organisation, has room"
        return EntryWords(f"Dispatched to {name(self.to)}", detail, "user")


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


class Released(Kind, key="incident.released", text="Given back to the queue", icon="inbox"):
    reason: str


class OwnerLeft(Kind, key="incident.owner_left", icon="user", tone="warm"):
    before: PersonId | None
    reason: str

    def said(self, name: LookUp) -> str:
        return f"{name(self.before)} does not own it any more" if self.before else "Its owner left"


# What was said


class Answered(Kind, key="incident.answered", text="Answered", icon="message-square", tone="blue"):
    message: int


class CannedUsed(Kind, key="incident.canned_used", icon="scroll-text"):
    title: str
    canned: int

    def said(self, name: LookUp) -> str:
        return f"Answered with “{self.title}”"


class CannedKept(Kind, key="canned.kept", text="A canned answer was kept", icon="scroll-text"):
    title: str
    meant_for: str


class CannedRetired(
    Kind, key="canned.retired", text="A canned answer was taken away", icon="scroll-text"
):
    title: str


class ViewKept(Kind, key="view.kept", text="A view of the queue was kept", icon="list-checks"):
    name: str
    meant_for: str


class ViewDeleted(
    Kind, key="view.deleted", text="A view of the queue was deleted", icon="list-checks"
):
    name: str
    meant_for: str


class Noted(Kind, key="incident.noted", text="Internal note", icon="lock"):
    message: int


class CustomerWrote(
    Kind, key="incident.customer_wrote", text="The customer wrote", icon="message-square"
):
    message: int


class AnswerBounced(Kind, key="incident.answer_bounced", icon="mail-warning", tone="red"):
    message: int
    names: list[str]
    why: list[str]

    def said(self, name: LookUp) -> EntryWords:
        names = ", ".join(self.names or [])
        detail = " ".join([f"It could not be delivered to {names}.", *(self.why or [])])
        return EntryWords("An answer came back", detail, "mail-warning", "red")


class AnswerTakenBack(Kind, key="incident.answer_taken_back", icon="rotate-ccw", tone="red"):
    message: int
    due_at: Moment

    def said(self, name: LookUp) -> EntryWords:
        detail = f"Nobody got it; one is owed by {utc(self.due_at)}"
        return EntryWords("The answer counts no more", detail, "rotate-ccw", "red")


class Rated(Kind, key="incident.rated", icon="star"):
    score: int
    before: Mapping[str, Any] | None

    def said(self, name: LookUp) -> str:
        return f"The customer is satisfied {self.score} of 5"


class Solution(Kind, key="incident.solution", icon="circle-check"):
    text: str
    cause: str  # its name then; empty where none was said

    def said(self, name: LookUp) -> EntryWords:
        title = "The solution was written down"
        cause = self.cause or ""
        return EntryWords(f"{title}: {cause}" if cause else title, self.text or "", "circle-check")


class CauseKept(Kind, key="cause.kept", text="A cause of incidents was kept", icon="list-checks"):
    name: str
    is_offered: bool


class Outside(Kind, key="incident.outside", icon="ban", tone="warm"):
    """Whether it ended as outside the limits of support: "outside" or "inside" (rule 14)."""

    before: str
    after: str

    def said(self, name: LookUp) -> str:
        is_outside = self.after == OUTSIDE
        return f"{'Outside' if is_outside else 'Not outside'} the limits of support"


# Where it stands

_STATE_LOOKS = {
    State.WAITING: ("clock", "warm"),
    State.SOLVED: ("circle-check", "green"),
    State.CLOSED: ("lock", ""),
}


class StateChanged(Kind, key="incident.state"):
    before: str
    after: str

    def said(self, name: LookUp) -> EntryWords:
        after = State(self.after or State.OPEN)
        icon, tone = _STATE_LOOKS.get(after, ("circle-dot", ""))
        return EntryWords(f"Now: {after.label.lower()}", "", icon, tone)


class Reopened(Kind, key="incident.reopened", text="Opened again", icon="rotate-ccw", tone="warm"):
    before: str


class PriorityChanged(Kind, key="incident.priority", icon="flag"):
    before: int
    after: int
    reason: str = ""
    impact: int | None = None
    urgency: int | None = None

    def said(self, name: LookUp) -> str:
        if self.before is None or self.after is None:
            return "Priority changed"
        before, after = Priority(self.before).label, Priority(self.after).label
        return f"Priority {after.lower()}, was {before.lower()}"


# The ladder (X1)


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


# Known defects


class Tagged(Kind, key="incident.tagged", icon="flag"):
    tag: str

    def said(self, name: LookUp) -> str:
        return f"Tagged {self.tag}"


class Untagged(Kind, key="incident.untagged", icon="flag"):
    tag: str

    def said(self, name: LookUp) -> str:
        return f"The tag {self.tag} was taken away"


class DefectLinked(Kind, key="incident.defect_linked", icon="link"):
    defect: str

    def said(self, name: LookUp) -> str:
        return f"It comes from the defect {self.defect}"


class DefectUnlinked(Kind, key="incident.defect_unlinked", icon="link"):
    defect: str

    def said(self, name: LookUp) -> str:
        return f"It does not come from the defect {self.defect}"


class DefectOfItFixed(Kind, key="incident.defect_fixed", icon="wrench", tone="green"):
    defect: str
    build: str

    def said(self, name: LookUp) -> str:
        return f"The defect {self.defect} is fixed in {self.build}"


class DefectOfItReopened(Kind, key="incident.defect_reopened", icon="wrench", tone="warm"):
    defect: str
    build: str
    reason: str

    def said(self, name: LookUp) -> str:
        return f"The defect {self.defect} is not fixed in {self.build}"


# What covers it


# Merged, split, put right (G1 to G3)


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


class GoldGone(Kind, key="incident.gold_gone", icon="star", tone="warm"):
    before: int
    after: int
    level: str | None

    def said(self, name: LookUp) -> EntryWords:
        level = _LEVELS.get(str(self.level), "Nothing")
        detail = "Its Gold incident was given back, and spent elsewhere meanwhile"
        return EntryWords(f"{level} serves it now", detail, "star", "warm")


class Goodwill(
    Kind,
    key="incident.goodwill",
    text="Accepted out of goodwill",
    icon="thumbs-up",
    tone="green",
):
    reason: str
    level: str
    version: int
    before: int  # the decision that nothing covered it


class GoodwillDeclined(
    Kind,
    key="incident.goodwill_declined",
    text="Declined, with an answer to the customer",
    icon="ban",
):
    reason: str


class Upgraded(Kind, key="incident.upgraded", icon="arrow-up", tone="green"):
    level: str
    effective_at: Moment
    before: int
    after: int
    subscription: int | None = None

    def said(self, name: LookUp) -> EntryWords:
        level = _LEVELS.get(self.level, "A better level")
        detail = "It was bought after the report"
        return EntryWords(f"{level} counts for it now", detail, "arrow-up", "green")


class Converted(Kind, key="incident.converted", icon="check", tone="green"):
    level: str
    effective_at: Moment
    before: int
    after: int
    subscription: int | None = None
    licence: int | None = None

    def said(self, name: LookUp) -> EntryWords:
        level = _LEVELS.get(self.level, "Support")
        detail = "Nothing covered it when it was reported"
        return EntryWords(f"{level} covers it now", detail, "check", "green")


class Corrected(Kind, key="incident.corrected", icon="rotate-ccw", tone="warm"):
    level: str
    effective_at: Moment
    before: int
    after: int
    subscription: int | None = None

    def said(self, name: LookUp) -> EntryWords:
        level = _LEVELS.get(self.level, "The right level")
        detail = "The contract was a mistake, and was put right"
        said = f"{level} counts for it from the start"
        return EntryWords(said, detail, "rotate-ccw", "warm")


class GoldElected(
    Kind,
    key="incident.gold_elected",
    text="The customer chose to spend a Gold incident",
    icon="star",
):
    before: int
    after: int


# The response target


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


# How the desk is set up


class AlarmPolicyChanged(Kind, key="alarm_policy.changed", text="Alarm policy changed"):
    before: list[Any] | None
    after: list[Any]


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
