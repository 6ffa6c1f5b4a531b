"""What the report of an operations audit says: plain frozen data, laid out by `pdf.audit`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engagements.rules.audits import Score, Standing


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """`result` in words: "Passed", "Not run"; `runs` how often it was tried."""

    number: int
    area: str
    title: str
    severity: str
    result: str
    observed: str
    procedure: str
    expectation: str
    is_customers: bool
    runs: int
    evidence: Sequence[str]  # names of files with the beginning of their digest


@dataclass(frozen=True, kw_only=True)
class FindingLine:
    title: str
    severity: str
    case: int
    recommendation: str
    owner: str
    due_on: date
    standing: Standing
    detail: str  # until when and why it is accepted, or which incident it is


@dataclass(frozen=True, kw_only=True)
class AuditPaper:
    """Moments are aware, shown in `timezone`; dated by the last thing that it tells of."""

    number: str
    title: str
    organisation: str
    timezone: str
    as_of: datetime
    permitted_by: str
    window: str
    stop_contact: str
    rollback: str
    summary: str
    scores: Sequence[Score]
    cases: Sequence[CaseLine]
    findings: Sequence[FindingLine]

    @property
    def has_runs(self) -> bool:
        return any(one.runs for one in self.cases)

    @property
    def texts(self) -> str:
        """Everything that is shown, for the typefaces."""
        return str(asdict(self))

    def clock(self, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.timezone))
        return f"{local.day} {local:%B %Y, %H:%M}"
