"""Kinds of journal entries: what was said to each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kinds import EntryWords, Kind, LookUp, Moment, utc


class Answered(Kind, key="incident.answered", text="Answered", icon="message-square", tone="blue"):
    message: int


class AnswerSent(Kind, key="incident.answer_sent", icon="mail"):
    """An answer that could be taken back went out; it counts as of `pressed_at`."""

    message: int
    pressed_at: Moment

    def said(self, name: LookUp) -> str:
        return f"The answer of {utc(self.pressed_at)} went out"


class CannedUsed(Kind, key="incident.canned_used", icon="scroll-text"):
    title: str
    canned: int

    def said(self, name: LookUp) -> str:
        return f"Answered with “{self.title}”"


class Noted(Kind, key="incident.noted", text="Internal note", icon="lock"):
    message: int


class CustomerWrote(
    Kind, key="incident.customer_wrote", text="The customer wrote", icon="message-square"
):
    message: int


class AnswerBounced(Kind, key="incident.answer_bounced", icon="mail-warning", tone="red"):
    message: int
    names: list[str]
    why: list[str]

    def said(self, name: LookUp) -> EntryWords:
        names = ", ".join(self.names or [])
        detail = " ".join([f"It could not be delivered to {names}.", *(self.why or [])])
        return EntryWords("An answer came back", detail, "mail-warning", "red")


class AnswerTakenBack(Kind, key="incident.answer_taken_back", icon="rotate-ccw", tone="red"):
    message: int
    due_at: Moment

    def said(self, name: LookUp) -> EntryWords:
        detail = f"Nobody got it; one is owed by {utc(self.due_at)}"
        return EntryWords("The answer counts no more", detail, "rotate-ccw", "red")


class Rated(Kind, key="incident.rated", icon="star"):
    score: int
    before: Mapping[str, Any] | None

    def said(self, name: LookUp) -> str:
        return f"The customer is satisfied {self.score} of 5"
