"""The kinds of journal entries about known defects (`core.kinds`)."""

from __future__ import annotations

from core.kinds import Kind, LookUp


class DefectRecorded(Kind, key="defect.recorded", text="Known defect recorded", icon="wrench"):
    title: str


class DefectFixed(Kind, key="defect.fixed", text="Known defect fixed", icon="wrench", tone="green"):
    build: str


class DefectReopened(
    Kind, key="defect.reopened", text="The fix does not hold", icon="wrench", tone="warm"
):
    build: str
    reason: str


class DefectTold(Kind, key="defect.told", icon="mail", tone="green"):
    """All whose incidents come from it were told what a release does for it."""

    version: str
    people: int
    news: str  # a `resources.enums.NewsOfFix`

    def said(self, name: LookUp) -> str:
        what = "fixes it" if self.news == "fixed" else "does not fix it"
        return f"{self.people} people told that {self.version} {what}"


class DefectDescribed(Kind, key="defect.described", icon="wrench"):
    names: list[str]  # of the fields that were changed

    def said(self, name: LookUp) -> str:
        return f"Known defect: {', '.join(self.names or ())} changed"


class DefectAnswered(Kind, key="defect.answered", icon="message-square", tone="blue"):
    """All who wait for it were answered, each by a mail of their own."""

    answered: int
    refused: int

    def said(self, name: LookUp) -> str:
        return f"One answer to {self.answered} incidents that come from it"
