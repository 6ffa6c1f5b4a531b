"""Mails that open nothing (M2): what answers us automatically, and what reports a mail of ours.

They stand in a list with their reason, and on their incident as a small line.
"""

from __future__ import annotations

from core.journal import entries_of, record
from mailroom.actions.bounces import note_bounce, note_notice_bounce
from mailroom.actions.ending import Ending
from mailroom.actions.matching import hinted_incident, hints_of, ours
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from mailroom.text.bounces import BounceKind
from mailroom.text.reading import ReadMail
from notices.models import Notice
from notices.sending.rendering import message_id_of
from tickets.models import Incident


def suppressed(
    mail: InboundMail, read: ReadMail, why: str, incident: Incident | None, *, kind: str = ""
) -> Ending:
    """It opens nothing; the incident that it answers gets a line, once a mail."""
    if incident is not None:
        mail.organisation_id = incident.organisation_id
        kind = kind or "incident.mail_suppressed"
        if not entries_of(incident).filter(kind=kind, facts__mail=mail.pk).exists():
            reason = f"{read.from_address or 'Nobody'}: {why}"
            record(kind, incident, at=mail.received_at, by=None, mail=mail.pk, reason=reason)
    return Ending(MailOutcome.AUTOMATIC, why, incident)


def of_a_bounce(mail: InboundMail, read: ReadMail) -> Ending:
    """A bounce counts only with the proof that the mail was ours and went to that address.

    The proof is its envelope recipient: the envelope sender that we gave to this one mail to this
    one recipient (VERP), with our signature. Who has seen another's copy of an answer knows its
    Message-ID, not this.
    """
    notice = _proven(read)
    if notice is None:
        about = hinted_incident(hints_of(read), None, trusted_only=True)
        why = "A delivery report without proof that a mail of ours came back: nobody is silenced."
        return suppressed(mail, read, why, about, kind="incident.bounce_unproven")
    codes = dict(zip(read.bounced, read.bounce_codes, strict=True))
    code = codes.get(notice.recipient.lower(), next(iter(read.bounce_codes), ""))
    if read.bounce is None:
        return Ending(MailOutcome.AUTOMATIC, f"A mail to {notice.recipient} arrived.")
    return _noted(mail, notice, code, is_permanent=read.bounce == BounceKind.PERMANENT)


def _noted(mail: InboundMail, notice: Notice, code: str, *, is_permanent: bool) -> Ending:
    ids, codes, at = [message_id_of(notice)], {notice.recipient: code}, mail.received_at
    came_back = note_bounce(ids, codes, is_permanent=is_permanent, mail=mail.message_id, at=at)
    if came_back is None:
        fresh = note_notice_bounce([notice.pk], codes, at=at) if is_permanent else []
        names = ", ".join(one.recipient for one in fresh)
        about = f"A notice to {names} came back." if names else "A bounce opens nothing."
        return Ending(MailOutcome.AUTOMATIC, about)
    incident = came_back.message.incident
    mail.organisation_id = incident.organisation_id
    names = ", ".join(came_back.addresses) or "somebody"
    fate = "It came back, and is taken back." if came_back.taken_back else "It is a bounce."
    return Ending(MailOutcome.AUTOMATIC, f"About an answer to {names}. {fate}", incident)


def _proven(read: ReadMail) -> Notice | None:
    """The notice whose envelope sender the bounce came to, signed for its recipient."""
    signed = ours()
    for address in (*read.delivered_to, *read.to, *read.cc):
        pk = signed.notice(address)
        if pk is None:
            continue
        notice = Notice.objects.select_related("to").filter(pk=pk, sent_at__isnull=False).first()
        if notice is not None and signed.is_bounce_of(address, pk, notice.recipient):
            return notice
    return None
