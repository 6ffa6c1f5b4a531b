"""An incident's state in the words of the customer who reads it."""

from __future__ import annotations

from tickets.enums import FINISHED, OUTSIDE, OUTSIDE_WORDS, State

NOT_COVERED = "not_covered"
WAITS_FOR_YOU = "Waits for you"
STATES = {
    State.NEW.value: "New",
    State.OPEN.value: "Being worked on",
    State.WAITING.value: WAITS_FOR_YOU,
    State.SOLVED.value: "Solved",
    State.CLOSED.value: "Closed",
    OUTSIDE: OUTSIDE_WORDS,
    NOT_COVERED: "Not covered",
}


def said(state: str, level: str | None) -> str:
    """What stands for the state: one that nothing covers is that, until it is finished."""
    return STATES[key_of(state, level)]


def key_of(state: str, level: str | None) -> str:
    return state if level or state in (*FINISHED, OUTSIDE) else NOT_COVERED
