"""Mail that answers the forum's becomes an answer there (FO5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import Refusal
from mailroom.actions.ending import Ending, taken_before
from mailroom.actions.matching import hints_of
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from mailroom.text.reading import ReadMail
from notices.outbox import notify
from resources.actions.forum.posting import answer
from resources.enums import PostState
from resources.models import Topic
from resources.reads.forum.cards import card_of
from resources.reads.readers import reader_of
from tickets.enums import Proof

NOT_THERE = "The topic is not there any more, or not for you."


def answer_of_forum(mail: InboundMail, read: ReadMail, sender: Person) -> Ending | None:
    """None where the mail came to no address of the forum that was signed for its sender.

    What can not be taken is told to them. Of the mail nothing but what was written now is shown:
    neither what it quotes, nor its signature, which names person and organisation. Raises
    IntegrityError ("mail_taken_once") when the organisation has this mail already (L3).
    """
    addressed = hints_of(read).forum
    if addressed is None or addressed.person != sender.pk:
        return None
    mail.organisation = sender.organisation
    if taken_before(mail) is not None:
        return Ending(MailOutcome.DUPLICATE, "The same mail came before.")
    mail.outcome = MailOutcome.MESSAGE
    mail.save(update_fields=["organisation", "message_id", "content", "outcome"])
    at = mail.received_at
    topic = _topic(addressed.topic, sender, at)
    try:
        if topic is None:
            return _told(mail, sender, NOT_THERE, at)
        with transaction.atomic():
            post = answer(
                topic,
                body=written_in(read),
                by=sender,
                at=at,
                by_mail=True,
                hold=mail.proof != Proof.PROVEN,
            )
    except Refusal as refusal:
        return _told(mail, sender, str(refusal), at)
    waits = " It waits for a moderator." if post.state == PostState.HELD else ""
    return Ending(MailOutcome.MESSAGE, f"It stands in the forum, on topic {post.topic_id}.{waits}")


def written_in(read: ReadMail) -> str:
    """What the sender wrote, without the signature below it."""
    text = "" if read.encrypted else read.reply_text.strip()
    signature = read.signature.strip()
    if signature and text.endswith(signature):
        text = text[: -len(signature)].rstrip()
    return text.removesuffix("\n--").removesuffix("\n-- ").rstrip()


def _topic(pk: int, sender: Person, at: datetime) -> Topic | None:
    """The topic, or the one into which it was merged, where the sender may read it."""
    seen = Topic.objects.visible_to(reader_of(sender, at), card_of(sender)).select_related("board")
    return seen.filter(pk=pk).first() or seen.filter(merged__pk=pk).first()


def _told(mail: InboundMail, sender: Person, why: str, at: datetime) -> Ending:
    notify(
        [sender],
        "forum_not_taken",
        key=f"forum_not_taken:{mail.pk}",
        at=at,
        about=sender,
        subject=mail.subject,
        reason=why,
    )
    return Ending(MailOutcome.MESSAGE, f"Not taken into the forum, as its sender was told: {why}")
