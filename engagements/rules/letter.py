"""What the letter of an assessment says: plain frozen data, laid out by `pdf.letter`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Letter:
    """`votes` counts the other organisations that asked for the like, without their names."""

    number: str
    title: str
    organisation: str
    contact: str
    on: date
    signed_by: str
    role: str
    mail: str
    is_yes: bool
    goal: str
    today: str
    explanation: str
    necessity: str
    security: str
    redundancy: str
    votes: int
    roadmap: str
    release: str
    advice: str

    @property
    def verdict(self) -> str:
        if self.is_yes:
            return f"Yes. We expect it in {self.release}."
        return "No. We do not plan it."

    @property
    def texts(self) -> str:
        parts = (self.title, self.organisation, self.contact, self.signed_by, self.goal)
        found = (self.explanation, self.necessity, self.security, self.redundancy, self.advice)
        return "".join((*parts, *found, self.today, self.roadmap, self.release, self.number))
