"""What a mail provider reports of a notice: delivered, delayed, or come back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from mailroom.actions.bounces import note_bounce, note_notice_bounce
from notices.bounces.codes import code_in
from notices.models import Notice
from notices.sending.delivery import bare_id, mark_delivered
from notices.sending.rendering import message_id_of

DELIVERED, DELAYED = "delivered", "deferred"
RETURNED = ("bounced", "rejected", "failed")


@transaction.atomic
def note_report(
    kind: str, *, provider_id: str, recipient: str, said: str, event: str, at: datetime
) -> bool:
    """Note one report; True where it is about a notice of ours and says anything new to us.

    `kind` is django-anymail's word for it; opened and clicked are not kept, since nobody agreed to
    be watched. `said` is what the mail server answered, `event` the report's own id. A return does
    what a bounce by mail does (C8). Safe to repeat, in any order.
    """
    provider_id = bare_id(provider_id)
    if not provider_id or kind not in (DELIVERED, DELAYED, *RETURNED):
        return False
    theirs = Q(to__email__iexact=recipient) | Q(address__iexact=recipient)
    sent = Notice.objects.filter(theirs, provider_id=provider_id, sent_at__isnull=False)
    notice = sent.select_related("to", "organisation").first()
    if notice is None:
        return False
    if kind == DELIVERED:
        mark_delivered(notice, at=at)
        return True
    named, codes = [message_id_of(notice)], {recipient: code_in(said)}
    is_final = kind in RETURNED
    noted = note_bounce(named, codes, is_permanent=is_final, mail=event, at=at)
    if noted is None and is_final:
        note_notice_bounce([notice.pk], codes, at=at)
    return True
