"""What `doctor` found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"  # it works, and something will go wrong some day
    FAILING = "failing"


@dataclass(frozen=True)
class Finding:
    """One line: `says` what is there, `helps` what to do, "" where nothing is to be done."""

    check: str
    state: State
    says: str
    helps: str = ""

    def as_dict(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


Check = Callable[[], Iterable[Finding]]


def ok(check: str, says: str) -> Finding:
    return Finding(check, State.OK, says)


def warning(check: str, says: str, helps: str) -> Finding:
    return Finding(check, State.WARNING, says, helps)


def failing(check: str, says: str, helps: str) -> Finding:
    return Finding(check, State.FAILING, says, helps)


def worst(findings: Iterable[Finding]) -> State:
    order = list(State)
    return max((one.state for one in findings), key=order.index, default=State.OK)
