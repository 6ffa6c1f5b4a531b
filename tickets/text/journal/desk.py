"""Kinds of journal entries: what the desk keeps for its work: canned answers, views, causes."""

from __future__ import annotations

from core.kinds import Kind, LookUp


class WorkedOn(Kind, key="incident.worked", icon="clock"):
    minutes: int

    def said(self, name: LookUp) -> str:
        if self.minutes < 0:
            return f"Took back {-self.minutes} minutes worked"
        return f"Noted {self.minutes} minutes worked"


class CannedKept(Kind, key="canned.kept", text="A canned answer was kept", icon="scroll-text"):
    title: str
    meant_for: str
    before: str | None  # its text, but of one's own alone
    after: str | None


class CannedRetired(
    Kind, key="canned.retired", text="A canned answer was taken away", icon="scroll-text"
):
    title: str


class ViewKept(Kind, key="view.kept", text="A view of the queue was kept", icon="list-checks"):
    name: str
    meant_for: str


class ViewDeleted(
    Kind, key="view.deleted", text="A view of the queue was deleted", icon="list-checks"
):
    name: str
    meant_for: str


class CauseKept(Kind, key="cause.kept", text="A cause of incidents was kept", icon="list-checks"):
    name: str
    is_offered: bool
