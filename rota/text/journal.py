"""The kinds of journal entries about duty (`core.kinds`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kinds import Day, Kind, Moment, PersonId


class PatternSet(Kind, key="rota.pattern_set", text="Duty pattern set", icon="calendar-clock"):
    person: PersonId
    timezone: str
    weekly: Mapping[str, Any]
    starts_on: Day
    ends_on: Day | None


class PatternRemoved(Kind, key="rota.pattern_removed", text="Duty pattern taken back"):
    person: PersonId
    weekly: Mapping[str, Any]
    starts_on: Day
    ends_on: Day | None


class HandedOver(Kind, key="rota.handed_over", text="Shift given to a colleague"):
    former: PersonId
    to: PersonId


class AbsenceReported(Kind, key="rota.absence_reported", text="Absence reported"):
    person: PersonId
    starts_at: Moment
    ends_at: Moment


class AbsenceWithdrawn(Kind, key="rota.absence_withdrawn", text="Absence withdrawn"):
    person: PersonId


class SwapAsked(Kind, key="rota.swap_asked", text="Swap of a shift asked for"):
    shift: int
    of: PersonId


class SwapAgreed(Kind, key="rota.swap_agreed", text="Swap of a shift agreed"):
    shift: int


class SwapDeclined(Kind, key="rota.swap_declined", text="Swap of a shift declined"):
    shift: int


class SwapWithdrawn(Kind, key="rota.swap_withdrawn", text="Swap of a shift withdrawn"):
    shift: int
