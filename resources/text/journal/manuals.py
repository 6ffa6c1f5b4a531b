"""Entries about documentation."""

from __future__ import annotations

from core.kinds import Kind, LookUp


class Made(Kind, key="manual.kept", icon="pencil", text="Manual kept"):
    title: str


class VersionAdded(Kind, key="manual.version_added", icon="upload"):
    version: str
    pages: int
    sha256: str

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} added, {self.pages} pages"


class VersionRemoved(Kind, key="manual.version_removed", icon="x"):
    version: str

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} removed"


class Published(Kind, key="manual.published", icon="circle-check", tone="green"):
    version: str

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} published"


class Retired(Kind, key="manual.retired", icon="x", tone="warm"):
    version: str

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} retired"
