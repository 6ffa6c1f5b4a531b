"""The kinds of journal entries about what is brought in (`core.kinds`)."""

from __future__ import annotations

from core.kinds import Kind, LookUp


class ImportSent(Kind, key="import.sent", icon="inbox"):
    table: str
    name: str

    def said(self, name: LookUp) -> str:
        return f"A file of {self.table} sent in: {self.name}"


class ImportResumed(Kind, key="import.resumed", icon="inbox", security=True):
    """After an error of ours had halted it."""

    table: str
    name: str

    def said(self, name: LookUp) -> str:
        return f"{self.name} goes on: {self.table}"


class ImportBegun(Kind, key="import.begun", icon="inbox", security=True):
    table: str
    name: str
    lines: int

    def said(self, name: LookUp) -> str:
        return f"{self.lines} lines of {self.table} are brought in: {self.name}"


class ImportApplied(Kind, key="import.applied", icon="circle-check", tone="green"):
    table: str
    lines: int

    def said(self, name: LookUp) -> str:
        return f"{self.lines} lines of {self.table} brought in"


class ImportUndoBegun(Kind, key="import.undo_begun", icon="rotate-ccw", security=True):
    table: str
    name: str

    def said(self, name: LookUp) -> str:
        return f"The import of {self.table} is taken back: {self.name}"


class ImportUndone(Kind, key="import.undone", icon="rotate-ccw", tone="warm"):
    table: str
    stay: int

    def said(self, name: LookUp) -> str:
        stay = f", but for {self.stay} lines that are in use" if self.stay else ""
        return f"Import of {self.table} taken back{stay}"


class ImportDiscarded(Kind, key="import.discarded", icon="trash-2"):
    table: str
    name: str

    def said(self, name: LookUp) -> str:
        return f"A file of {self.table} was not brought in: {self.name}"
