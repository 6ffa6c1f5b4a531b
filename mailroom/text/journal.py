"""The kinds of journal entries about mail that came in (`core.kinds`)."""

from __future__ import annotations

from core.kinds import Kind, Moment


class MailSuppressed(
    Kind, key="incident.mail_suppressed", text="A mail came that opened nothing", icon="mail"
):
    mail: int
    reason: str


class BounceUnproven(
    Kind,
    key="incident.bounce_unproven",
    text="A delivery report came without proof",
    icon="mail-warning",
):
    mail: int
    reason: str


class AnswerDelayed(
    Kind,
    key="incident.answer_delayed",
    text="An answer is delayed on its way",
    icon="mail-warning",
):
    message: int
    mail: str


class MailHandled(Kind, key="mail.handled", text="Mail handled", icon="mail"):
    outcome: str
    reason: str
    proof: str


class MailDecided(Kind, key="mail.decided", text="Decided what becomes of a mail", icon="mail"):
    outcome: str
    reason: str
    incident: str | None


class MailAgain(Kind, key="mail.again", text="Mail is read again", icon="rotate-ccw"):
    before: str


class MailRefreshed(Kind, key="mail.refreshed", text="Mail was read again", icon="rotate-ccw"):
    before: str
    files: int


class MailReadRaw(
    Kind, key="mail.read_raw", text="Original of a mail read", icon="mail", security=True
):
    sender: str


class MailboxFails(Kind, key="mailbox.fails", text="A mailbox can not be read", tone="red"):
    error: str


class MailboxWorks(Kind, key="mailbox.works", text="A mailbox can be read again", tone="green"):
    failing_since: Moment


class MailboxRenumbered(
    Kind, key="mailbox.renumbered", text="The server numbered a mailbox anew", tone="warm"
):
    before: int


class MailUnfetched(Kind, key="mailbox.unfetched", text="A mail could not be fetched", tone="red"):
    uid: int
    error: str
