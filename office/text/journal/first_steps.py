"""The first steps of an empty desk."""

from __future__ import annotations

from core.kinds import Kind, LookUp


class FirstStepLookedAt(Kind, key="first_step.looked_at", icon="circle-check", tone="green"):
    """A human looked at what only a human can judge."""

    step: str

    def said(self, name: LookUp) -> str:
        return f"First steps: {self.step} looked at"


class MailTested(Kind, key="first_step.mail_tested", text="A mail was sent as a test", icon="mail"):
    """To whoever asked for it."""
