"""Entries about releases, their files, and who fetched them."""

from __future__ import annotations

from core.kinds import Kind, LookUp, Moment, utc


class Made(Kind, key="release.made", icon="plus"):
    version: str

    def said(self, name: LookUp) -> str:
        return f"Release {self.version} drafted"


class Described(Kind, key="release.described", icon="pencil"):
    names: list[str]  # of the fields that were changed

    def said(self, name: LookUp) -> str:
        return f"Release: {', '.join(self.names or ())} changed"


class FileAdded(Kind, key="release.file_added", icon="paperclip"):
    file: str
    size: int
    sha256: str

    def said(self, name: LookUp) -> str:
        return f"File added: {self.file}, SHA-256 {self.sha256}"


class FileRemoved(Kind, key="release.file_removed", icon="x"):
    file: str

    def said(self, name: LookUp) -> str:
        return f"File removed: {self.file}"


class Scheduled(Kind, key="release.scheduled", icon="clock"):
    due_at: Moment

    def said(self, name: LookUp) -> str:
        return f"Will be published {utc(self.due_at)}"


class TakenBack(Kind, key="release.taken_back", icon="rotate-ccw", text="Will not be published"):
    pass


class Published(Kind, key="release.published", icon="circle-check", tone="green"):
    version: str
    files: int

    def said(self, name: LookUp) -> str:
        return f"{self.version} published with {self.files} file{'s' if self.files != 1 else ''}"


class Withdrawn(Kind, key="release.withdrawn", text="Withdrawn", icon="x", tone="warm"):
    reason: str


class FixesTold(Kind, key="release.fixes_told", icon="mail", tone="green"):
    """Everybody whose incidents come from what it fixes was told, or that it does so no more."""

    incidents: int
    people: int
    news: str  # a `resources.enums.NewsOfFix`

    def said(self, name: LookUp) -> str:
        what = "what it fixes" if self.news == "fixed" else "that a fix of it is gone"
        return f"{self.people} people with {self.incidents} incidents told {what}"


class Fetched(Kind, key="release.downloaded", icon="download"):
    """Of the licence for which it was fetched; of the release where our own people did."""

    file: str
    version: str
    sha256: str

    def said(self, name: LookUp) -> str:
        return f"{self.file} of {self.version} fetched"


class UpgradeGranted(Kind, key="release.upgrade_bought", icon="arrow-up", tone="green"):
    version: str

    def said(self, name: LookUp) -> str:
        return f"The upgrade {self.version} was bought"


class Running(Kind, key="licence.running", icon="layers"):
    version: str

    def said(self, name: LookUp) -> str:
        return f"Runs {self.version}"
