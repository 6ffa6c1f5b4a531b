"""The kinds of journal entries about calls and call-backs (`core.kinds`)."""

from __future__ import annotations

from core.kinds import EntryWords, Kind, LookUp, Moment, PersonId
from core.words import counted
from telephone.enums import CallOutcome


class Called(Kind, key="incident.called", icon="phone", tone="blue"):
    call: int
    contact: PersonId
    direction: str
    outcome: str
    minutes: int | None
    answered: bool

    def said(self, name: LookUp) -> EntryWords:
        who = "The customer called" if self.direction == "in" else "We called the customer"
        if (self.outcome or "talked") != "talked":
            return EntryWords(who, CallOutcome(self.outcome).label, "phone")
        detail = counted(self.minutes, "minute") if self.minutes else ""
        return EntryWords(who, detail, "phone", "blue")


class CallBackAskedOnIncident(
    Kind,
    key="incident.call_back_asked",
    text="A call-back was asked for",
    icon="phone-call",
    tone="blue",
):
    call_back: int
    due_at: Moment


class CallBackAsked(Kind, key="call_back.asked", text="Call-back asked for", icon="phone-call"):
    through: str
    due_at: Moment


class CallBackClaimed(Kind, key="call_back.claimed", text="Somebody calls back"):
    pass


class CallBackReleased(Kind, key="call_back.released", text="Call-back left to others"):
    pass


class CallBackAttempted(Kind, key="call_back.attempted", text="Tried to call", icon="phone"):
    call: int
    outcome: str
    attempt: int


class CallBackLate(Kind, key="call_back.late", text="Call-back is late", tone="red"):
    noted_at: Moment


class CallBackDone(Kind, key="call_back.done", text="Called back", tone="green"):
    pass


class CallBackFailed(Kind, key="call_back.failed", text="Could not be reached", tone="warm"):
    pass


class CallBackWithdrawn(Kind, key="call_back.withdrawn", text="Call-back withdrawn"):
    pass


class NumberAdded(Kind, key="phone_number.added", text="Telephone number remembered"):
    number: str


class NumberForgotten(Kind, key="phone_number.forgotten", text="Telephone number forgotten"):
    number: str
