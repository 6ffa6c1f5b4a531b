"""Entries about articles of the knowledge base."""

from __future__ import annotations

from core.kinds import Day, Kind, LookUp, Moment, utc


class Drafted(Kind, key="article.drafted", icon="pencil"):
    version: int
    title: str

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} drafted: {self.title}"


class DefectsNamed(Kind, key="article.defects_named", icon="wrench"):
    names: list[str]  # the numbers of the defects

    def said(self, name: LookUp) -> str:
        return f"About {', '.join(self.names)}" if self.names else "About no known defect"


class ReviewAsked(Kind, key="article.review_asked", icon="eye"):
    version: int

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} waits for review"


class SentBack(Kind, key="article.sent_back", icon="rotate-ccw", tone="warm"):
    version: int
    reason: str

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} sent back"


class Scheduled(Kind, key="article.scheduled", icon="clock"):
    version: int
    due_at: Moment

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} will be published {utc(self.due_at)}"


class Published(Kind, key="article.published", icon="circle-check", tone="green"):
    version: int
    audience: str

    def said(self, name: LookUp) -> str:
        return f"Version {self.version} published"


class Withdrawn(Kind, key="article.withdrawn", text="Withdrawn", icon="x", tone="warm"):
    reason: str


class Checked(Kind, key="article.checked", icon="list-checks"):
    until: Day

    def said(self, name: LookUp) -> str:
        return f"Vouched for until {self.until}"


class Moved(Kind, key="article.moved", icon="link"):
    before: str
    after: str

    def said(self, name: LookUp) -> str:
        return f"Moved from {self.before} to {self.after}"


class FileAdded(Kind, key="article.file_added", icon="paperclip"):
    file: str

    def said(self, name: LookUp) -> str:
        return f"File added: {self.file}"


class Used(Kind, key="article.used", icon="message-square", text="Named in an answer"):
    incident: int


class VotesSettled(Kind, key="article.votes_settled", icon="check"):
    count: int

    def said(self, name: LookUp) -> str:
        return f"What {self.count} readers missed is dealt with"


class CategoryKept(Kind, key="category.kept", text="Category kept", icon="layers"):
    name: str


class SearchSettled(Kind, key="missed_search.settled", text="Missed search settled", icon="check"):
    searched: str
