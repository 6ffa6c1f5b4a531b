"""Mail that answers an engagement's becomes a message of it (M5), also of the team (M4)."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Person
from engagements.actions.talking import Words, note, say
from engagements.models import Engagement, Message
from entitlements.enums import Channel
from mailroom.actions.ending import Ending, taken_before
from mailroom.actions.matching import hints_of
from mailroom.actions.taking import marked_as_note, said_in
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from mailroom.text.reading import ReadMail
from mailroom.text.threading import ThreadHints
from notices.models import Notice
from notices.sending.rendering import notices_named


def answer_of_engagement(mail: InboundMail, read: ReadMail, sender: Person) -> Ending | None:
    """None where the mail answers no engagement that the sender sees.

    Raises IntegrityError ("mail_taken_once") when the organisation has this mail already (L3).
    """
    seen = Engagement.objects.visible_to(sender).select_related("organisation__tam", "owner")
    found = _hinted(hints_of(read), seen)
    if found is None:
        return None
    mail.organisation, mail.outcome = sender.organisation, MailOutcome.MESSAGE
    mail.save(update_fields=["organisation", "message_id", "content", "outcome"])
    said = said_in(read, is_first=False)
    words = Words(
        body=said.body,
        files=said.files,
        channel=Channel.EMAIL,
        message_id=read.message_id[:250],
        quoted=said.quoted,
        proof=mail.proof,
    )
    say(found, words, author=sender, at=mail.received_at)
    return Ending(MailOutcome.MESSAGE, f"It stands on {found.number}.")


def team_on_engagement(mail: InboundMail, read: ReadMail, sender: Person) -> Ending | None:
    """One of the team answers a notice about an engagement: to the customer, or as a note where
    the first line says so. None where the address is not theirs or of no engagement they see.

    The caller has checked that the mail is proven. Errors: those of `say`.
    """
    addressed = hints_of(read).engineer
    if addressed is None or addressed.person != sender.pk:
        return None
    seen = Engagement.objects.visible_to(sender).select_related("organisation__tam", "owner")
    found = seen.filter(number=addressed.number).first()
    if found is None:
        return None
    mail.organisation = found.organisation
    if taken_before(mail) is not None:
        return Ending(MailOutcome.DUPLICATE, "The same mail came before.")
    mail.outcome = MailOutcome.MESSAGE
    mail.save(update_fields=["organisation", "message_id", "content", "outcome"])
    said = said_in(read, is_first=False)
    is_note, body = marked_as_note(said.body)
    words = Words(
        body=body,
        files=said.files,
        channel=Channel.EMAIL,
        message_id="" if is_note else read.message_id[:250],
        quoted=said.quoted,
        proof=mail.proof,
    )
    (note if is_note else say)(found, words, author=sender, at=mail.received_at)
    return Ending(MailOutcome.MESSAGE, f"It stands on {found.number}.")


def _hinted(hints: ThreadHints, seen: QuerySet[Engagement]) -> Engagement | None:
    """By the most trusted hint: a mail of ours that it answers, the signed address, the number."""
    if hints.message_ids:
        said = Message.objects.filter(engagement__in=seen, message_id__in=hints.message_ids)
        message = said.order_by("-sent_at").first()
        if message is not None:
            return seen.filter(pk=message.engagement_id).first()
        beginning = f"{Engagement._meta.label_lower}:"
        named = Notice.objects.filter(
            pk__in=notices_named(hints.message_ids), subject__startswith=beginning
        )
        keys = [one.subject.removeprefix(beginning) for one in named.only("subject")]
        found = seen.filter(pk__in=[one for one in keys if one.isdigit()]).first()
        if found is not None:
            return found
    numbers = [one for one in (hints.verified_number, hints.subject_number) if one]
    return next((one for number in numbers if (one := seen.filter(number=number).first())), None)
