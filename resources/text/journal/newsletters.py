"""Entries about newsletters, their issues, and who reads them."""

from __future__ import annotations

from core.kinds import Kind, LookUp, Moment, utc


class NewsletterKept(Kind, key="newsletter.kept", text="Newsletter kept", icon="layers"):
    name: str
    comes_with_support: bool


class IssueDrafted(Kind, key="newsletter.drafted", icon="pencil"):
    title: str

    def said(self, name: LookUp) -> str:
        return f"Issue written: {self.title}"


class IssueTried(Kind, key="newsletter.tried", text="Sent to oneself, as a test", icon="mail"):
    pass


class IssueScheduled(Kind, key="newsletter.scheduled", icon="clock"):
    due_at: Moment

    def said(self, name: LookUp) -> str:
        return f"To be sent {utc(self.due_at)}"


class IssueTakenBack(
    Kind, key="newsletter.taken_back", text="Not to be sent for now", icon="rotate-ccw", tone="warm"
):
    pass


class IssueBegun(Kind, key="newsletter.begun", icon="send", tone="blue"):
    number: int

    def said(self, name: LookUp) -> str:
        return f"Sending began, as number {self.number}"


class IssueSent(Kind, key="newsletter.sent", icon="circle-check", tone="green"):
    handed_over: int

    def said(self, name: LookUp) -> str:
        return f"All of it was handed over: {self.handed_over} mails"


class Joined(Kind, key="newsletter.joined", icon="mail"):
    newsletter: str
    how: str

    def said(self, name: LookUp) -> str:
        return f"Wants to read {self.newsletter}"


class Left(Kind, key="newsletter.left", icon="mail"):
    newsletter: str
    how: str

    def said(self, name: LookUp) -> str:
        by = ", by the link of a mail" if self.how == "one_click" else ""
        return f"Reads {self.newsletter} no more{by}"


class AdvisoryRead(Kind, key="advisory.read", icon="shield-check", tone="green"):
    title: str

    def said(self, name: LookUp) -> str:
        return f"Security advisory read: {self.title}"
