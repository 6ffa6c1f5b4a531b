"""Call-backs as pages show them: the row, how it stands, and where the number is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.countries import clock_there
from telephone.enums import CallBackState
from telephone.models import CallBack
from telephone.rules.phone import Fault, callable_number, region_of, shown

# How a state looks: the badge's class.
_TONES = {
    CallBackState.ASKED: "badge-blue",
    CallBackState.DUE: "badge-warm",
    CallBackState.CALLED: "badge-warm",
    CallBackState.DONE: "badge-green",
    CallBackState.FAILED: "badge-red",
    CallBackState.WITHDRAWN: "",
}


@dataclass(frozen=True)
class Row:
    """One call-back at a moment. `there` is "Romania, where it is 14:05"."""

    call_back: CallBack
    state: CallBackState
    there: str
    is_late: bool
    is_overdue: bool  # the next attempt is

    @property
    def is_due(self) -> bool:
        return self.state in (CallBackState.DUE, CallBackState.CALLED)

    @property
    def tone(self) -> str:
        return _TONES[self.state]

    @property
    def is_open(self) -> bool:
        return self.call_back.ended_at is None


def row_of(call_back: CallBack, at: datetime) -> Row:
    first = call_back.called_at or call_back.ended_at or at
    return Row(
        call_back,
        call_back.state(at),
        clock_there(call_back.region, at),
        is_late=first > call_back.due_at,
        is_overdue=at > call_back.next_at,
    )


def rows_of(call_backs: Iterable[CallBack], at: datetime) -> list[Row]:
    return [row_of(one, at) for one in call_backs]


@dataclass(frozen=True)
class Checked:
    """A number as it is typed, with its country's clock; or why it is not called."""

    shown: str = ""
    there: str = ""
    fault: str = ""


def checked(typed: str, country: str, at: datetime) -> Checked | None:
    """What a page says beside the field; None while there is nothing to say."""
    if not typed.strip():
        return None
    found = callable_number(typed, country)
    if isinstance(found, Fault):
        return Checked(fault=str(found))
    return Checked(shown(found.e164), clock_there(region_of(found.e164), at))
