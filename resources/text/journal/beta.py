"""Entries about beta programmes, who takes part, and what they said."""

from __future__ import annotations

from core.kinds import Kind, LookUp


class Planned(Kind, key="beta.planned", icon="plus"):
    name: str

    def said(self, name: LookUp) -> str:
        return f"Beta programme planned: {self.name}"


class BetaDescribed(Kind, key="beta.described", icon="pencil"):
    names: list[str]  # of the fields that were changed

    def said(self, name: LookUp) -> str:
        return f"Beta programme: {', '.join(self.names or ())} changed"


class TermsWritten(Kind, key="beta.terms", icon="scroll-text"):
    version: int

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} of its terms"


class Opened(Kind, key="beta.opened", text="Opened to members", icon="circle-check", tone="green"):
    pass


class Ended(Kind, key="beta.ended", text="The beta has ended", icon="x", tone="warm"):
    reason: str


class BetaJoined(Kind, key="beta.joined", icon="user-plus", tone="green"):
    """Of the licence for which somebody takes part; also each later acceptance."""

    beta: str
    version: int
    signed_name: str

    def said(self, name: LookUp) -> str:
        return f"{self.beta}: terms, version {self.version}, accepted as “{self.signed_name}”"


class BetaLeft(Kind, key="beta.left", icon="log-out"):
    beta: str

    def said(self, name: LookUp) -> str:
        return f"{self.beta}: left"


class FeedbackGiven(Kind, key="beta.feedback", text="Said something of a beta", icon="mail"):
    what: str  # a `resources.enums.FeedbackKind`


class FeedbackDecided(Kind, key="beta.feedback_decided", icon="circle-check"):
    fate: str  # a `resources.enums.FeedbackFate`

    def said(self, name: LookUp) -> str:
        return f"Feedback decided: {self.fate}"
