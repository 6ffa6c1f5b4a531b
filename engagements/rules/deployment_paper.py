"""What run book, cut-over plan and go / no-go sheet say on paper: plain frozen data. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class StepLine:
    section: str
    title: str
    owner: str
    expectation: str
    when: str  # planned, of a cut-over
    minutes: int | None
    is_no_return: bool
    result: str  # "" while it is open
    remark: str
    done: str  # when and by whom


@dataclass(frozen=True)
class CriterionLine:
    text: str
    result: str
    remark: str
    checked: str


@dataclass(frozen=True)
class VoteLine:
    side: str
    role: str
    name: str
    vote: str
    reason: str
    given: str


@dataclass(frozen=True, kw_only=True)
class DeploymentPaper:
    """What the three have in common, and the parts that each has."""

    number: str
    title: str
    organisation: str
    timezone: str
    as_of: datetime
    written_by: str
    state: str = ""
    window: str = ""
    turn_by: str = ""
    back_minutes: int = 0
    stop_contact: str = ""
    steps: Sequence[StepLine] = ()
    back: Sequence[StepLine] = ()
    round: int = 0
    decision: str = ""
    decided: str = ""
    reason: str = ""
    meets: str = ""
    criteria: Sequence[CriterionLine] = ()
    votes: Sequence[VoteLine] = ()

    @property
    def texts(self) -> str:
        """Everything that is shown, for the typefaces."""
        return str(asdict(self))

    @property
    def done(self) -> int:
        return sum(bool(one.result) for one in self.steps)

    def clock(self, at: datetime) -> str:
        return on_clock(at, self.timezone)


def on_clock(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b %Y, %H:%M}"
