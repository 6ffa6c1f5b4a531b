"""What goes out by itself."""

from __future__ import annotations

from core.kinds import EntryWords, Kind, LookUp, Moment, PersonId


class ScheduleSet(Kind, key="schedule.set", icon="calendar-clock"):
    """`before` is empty when it is new."""

    what: str
    before: dict[str, object]
    after: dict[str, object]

    def said(self, name: LookUp) -> EntryWords:
        text = f"{self.what} by mail: {'changed' if self.before else 'set up'}"
        return EntryWords(text, str(self.after.get("when", "")), "calendar-clock")


class ScheduleSent(Kind, key="schedule.sent", icon="mail"):
    what: str
    due: Moment
    readers: int
    missing: int = 0

    def said(self, name: LookUp) -> str:
        return f"{self.what} went out to {self.readers}"


class ScheduleWaits(Kind, key="schedule.waits", icon="clock", tone="warm"):
    what: str
    month: str

    def said(self, name: LookUp) -> str:
        return f"{self.what} of {self.month} waits for a human to issue it"


class ScheduleReaderLeft(Kind, key="schedule.reader_left", icon="circle-x", tone="warm"):
    what: str
    who: PersonId
    reason: str

    def said(self, name: LookUp) -> EntryWords:
        text = f"{name(self.who)} gets {self.what} no more"
        return EntryWords(text, self.reason, "circle-x", "warm")


class ScheduleStopped(Kind, key="schedule.stopped", icon="circle-x", tone="warm"):
    what: str
    reason: str = ""

    def said(self, name: LookUp) -> EntryWords:
        return EntryWords(f"{self.what} goes out no more", self.reason, "circle-x", "warm")


class ScheduleResumed(Kind, key="schedule.resumed", icon="circle-check", tone="green"):
    what: str

    def said(self, name: LookUp) -> str:
        return f"{self.what} goes out again"
