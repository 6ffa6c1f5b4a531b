"""Kinds of journal entries: that it was filed, and where it stands."""

from __future__ import annotations

from core.kinds import EntryWords, Kind, LookUp
from entitlements.enums import Channel
from tickets.enums import OUTSIDE, Priority, State


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


class Solution(Kind, key="incident.solution", icon="circle-check"):
    text: str
    cause: str  # its name then; empty where none was said

    def said(self, name: LookUp) -> EntryWords:
        title = "The solution was written down"
        cause = self.cause or ""
        return EntryWords(f"{title}: {cause}" if cause else title, self.text or "", "circle-check")


class Outside(Kind, key="incident.outside", icon="ban", tone="warm"):
    """Whether it ended as outside the limits of support: "outside" or "inside" (rule 14)."""

    before: str
    after: str

    def said(self, name: LookUp) -> str:
        is_outside = self.after == OUTSIDE
        return f"{'Outside' if is_outside else 'Not outside'} the limits of support"
