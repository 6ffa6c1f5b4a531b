"""Mail as it came in, and the mailboxes that it is fetched from."""

from mailroom.models.mail import InboundMail
from mailroom.models.mailboxes import Mailbox, UnfetchedMail

__all__ = ["InboundMail", "Mailbox", "UnfetchedMail"]
