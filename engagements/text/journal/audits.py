"""The kinds of journal entries about operations audits (`core.kinds`)."""

from __future__ import annotations

from core.kinds import Day, EntryWords, Kind, LookUp, Moment
from core.words import counted


class Agreed(Kind, key="audit.agreed", icon="shield-check"):
    permitted_by: str
    window_from: Moment
    window_until: Moment

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Audit permitted by {self.permitted_by}"


class CasesChosen(Kind, key="audit.cases_chosen", icon="list-checks"):
    count: int

    def said(self, name: LookUp) -> EntryWords | str:
        return f"{counted(self.count or 0, 'case')} chosen from the library"


class CaseAdded(Kind, key="audit.case_added", icon="plus"):
    title: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Case made for the customer: {self.title}"


class Run(Kind, key="audit.run", icon="check"):
    case: int
    result: str
    run_at: Moment | None

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Case {self.case} run: {self.result}"


class Finding(Kind, key="audit.finding", icon="triangle-alert", tone="warm"):
    title: str
    due_on: Day

    def said(self, name: LookUp) -> EntryWords | str:
        return EntryWords(f"Finding: {self.title}", f"by {self.due_on}", "triangle-alert", "warm")


class RiskAccepted(Kind, key="audit.risk_accepted", icon="shield-alert"):
    finding: int
    title: str
    until: Day
    signed_name: str
    reason: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Risk accepted by {self.signed_name} until {self.until}: {self.title}"


class Reported(Kind, key="audit.reported", icon="inbox"):
    title: str
    number: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Finding is incident {self.number}: {self.title}"


class LibraryKept(Kind, key="audit.library_kept", icon="pencil"):
    title: str

    def said(self, name: LookUp) -> EntryWords | str:
        return f"Case of the library kept: {self.title}"
