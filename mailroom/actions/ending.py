"""What becomes of a mail, and whether the same one came before."""

from __future__ import annotations

from dataclasses import dataclass

from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from tickets.models import Incident, Message


@dataclass(frozen=True)
class Ending:
    """What becomes of a mail, and why, in words for the engineer who looks at it."""

    outcome: MailOutcome
    reason: str = ""
    incident: Incident | None = None
    message: Message | None = None


def held(mail: InboundMail, why: str) -> Ending:
    """For a human, who gets a mail that is delivered again only once."""
    same = InboundMail.objects.kept_for_a_human().filter(
        organisation=None, sender=mail.sender, message_id=mail.message_id, content=mail.content
    )
    if same.exclude(pk=mail.pk).exists():
        return Ending(MailOutcome.DUPLICATE, "The same mail came before, and is kept for a human.")
    return Ending(MailOutcome.HELD, why)


def taken_before(mail: InboundMail) -> InboundMail | None:
    """The same mail (M3) that became something of its organisation's."""
    same = InboundMail.objects.filter(
        organisation=mail.organisation, message_id=mail.message_id, content=mail.content
    )
    taken = (MailOutcome.INCIDENT, MailOutcome.MESSAGE)
    return same.filter(outcome__in=taken).exclude(pk=mail.pk).defer("raw").first()
