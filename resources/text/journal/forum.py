"""Entries about the forum. They belong to no organisation: customers never read them."""

from __future__ import annotations

from core.kinds import Kind, LookUp


class BoardKept(Kind, key="forum.board_kept", text="Board kept", icon="layers"):
    name: str
    audience: str


class Asked(Kind, key="forum.asked", text="Topic begun", icon="message-square"):
    post: int
    state: str


class Answered(Kind, key="forum.answered", text="Answered", icon="message-square"):
    post: int
    state: str


class Edited(Kind, key="forum.edited", icon="pencil"):
    post: int

    def said(self, name: LookUp) -> str:
        return f"Post {self.post} edited"


class Accepted(Kind, key="forum.accepted", icon="circle-check", tone="green"):
    post: int

    def said(self, name: LookUp) -> str:
        return f"Post {self.post} accepted as the answer"


class AcceptedNoMore(
    Kind, key="forum.unaccepted", text="No accepted answer any more", icon="rotate-ccw"
):
    post: int


class Shown(Kind, key="forum.shown", icon="eye"):
    post: int
    before: str

    def said(self, name: LookUp) -> str:
        return f"Post {self.post} shown"


class Hidden(Kind, key="forum.hidden", icon="x", tone="warm"):
    post: int
    reason: str

    def said(self, name: LookUp) -> str:
        return f"Post {self.post} hidden"


class Refused(Kind, key="forum.refused", icon="x", tone="warm"):
    post: int
    reason: str

    def said(self, name: LookUp) -> str:
        return f"Post {self.post} not taken"


class Locked(Kind, key="forum.locked", text="Locked", icon="lock"):
    pass


class Unlocked(Kind, key="forum.unlocked", text="Open again", icon="rotate-ccw"):
    pass


class Moved(Kind, key="forum.moved", icon="arrow-right"):
    before: str
    after: str

    def said(self, name: LookUp) -> str:
        return f"Moved from {self.before} to {self.after}"


class Merged(Kind, key="forum.merged", icon="link"):
    into: int

    def said(self, name: LookUp) -> str:
        return f"Merged into topic {self.into}"


class Reported(Kind, key="forum.reported", icon="flag", tone="warm"):
    post: int

    def said(self, name: LookUp) -> str:
        return f"Post {self.post} reported"


class ReportsSettled(Kind, key="forum.reports_settled", icon="check"):
    post: int

    def said(self, name: LookUp) -> str:
        return f"Post {self.post} may stay"


class ArticleMade(Kind, key="forum.article_made", text="An article was made", icon="book-open"):
    article: int


class IncidentMade(Kind, key="forum.incident_made", icon="life-buoy"):
    number: str

    def said(self, name: LookUp) -> str:
        return f"Became {self.number}"


class NamesChosen(Kind, key="forum.names_chosen", icon="user"):
    """Of an organisation."""

    full_name: bool
    with_company: bool

    def said(self, name: LookUp) -> str:
        names = "full names" if self.full_name else "first names"
        company = "with" if self.with_company else "without"
        return f"In the forum: {names}, {company} the organisation"
