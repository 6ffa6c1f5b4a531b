"""Kinds of journal entries: what an incident is about: tags, known defects."""

from __future__ import annotations

from core.kinds import Kind, LookUp


class Tagged(Kind, key="incident.tagged", icon="flag"):
    tag: str

    def said(self, name: LookUp) -> str:
        return f"Tagged {self.tag}"


class Untagged(Kind, key="incident.untagged", icon="flag"):
    tag: str

    def said(self, name: LookUp) -> str:
        return f"The tag {self.tag} was taken away"


class DefectLinked(Kind, key="incident.defect_linked", icon="link"):
    defect: str

    def said(self, name: LookUp) -> str:
        return f"It comes from the defect {self.defect}"


class DefectUnlinked(Kind, key="incident.defect_unlinked", icon="link"):
    defect: str

    def said(self, name: LookUp) -> str:
        return f"It does not come from the defect {self.defect}"


class DefectOfItFixed(Kind, key="incident.defect_fixed", icon="wrench", tone="green"):
    defect: str
    build: str

    def said(self, name: LookUp) -> str:
        return f"The defect {self.defect} is fixed in {self.build}"


class FixReleased(Kind, key="incident.fix_released", icon="circle-check", tone="green"):
    """`people` of the customer were told so by mail."""

    defect: str
    version: str
    people: int

    def said(self, name: LookUp) -> str:
        return f"{self.version} is published and fixes {self.defect}; {_told(self.people)}"


class FixInBeta(Kind, key="incident.fix_in_beta", icon="flag", tone="blue"):
    defect: str
    version: str
    people: int

    def said(self, name: LookUp) -> str:
        return f"The beta build {self.version} has a fix of {self.defect}; {_told(self.people)}"


class FixWithdrawn(Kind, key="incident.fix_withdrawn", icon="wrench", tone="warm"):
    defect: str
    version: str
    people: int

    def said(self, name: LookUp) -> str:
        return f"{self.version} does not bring the fix of {self.defect}; {_told(self.people)}"


def _told(people: int) -> str:
    return f"told to {people} of the customer" if people else "there was nobody to tell"


class DefectOfItReopened(Kind, key="incident.defect_reopened", icon="wrench", tone="warm"):
    defect: str
    build: str
    reason: str

    def said(self, name: LookUp) -> str:
        return f"The defect {self.defect} is not fixed in {self.build}"
