"""The kinds of journal entries about known defects (`core.kinds`)."""

from __future__ import annotations

from core.kinds import Kind


class DefectRecorded(Kind, key="defect.recorded", text="Known defect recorded", icon="wrench"):
    title: str


class DefectFixed(Kind, key="defect.fixed", text="Known defect fixed", icon="wrench", tone="green"):
    build: str


class DefectReopened(
    Kind, key="defect.reopened", text="The fix does not hold", icon="wrench", tone="warm"
):
    build: str
    reason: str
