"""The mail that became a message: as it was sent, in a frame that nothing can leave, and raw."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest, person_required
from core.framing import as_download, framed
from mailroom.actions.originals import take_original
from mailroom.models import InboundMail
from mailroom.text.original import page_of
from mailroom.text.reading import read_mail
from tickets.models import Message


@require_safe
@person_required
def original(request: SignedInRequest, pk: int) -> HttpResponse:
    """The HTML of the mail that became the message, of whoever may see the message; else 404."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    mail = InboundMail.objects.filter(became=message).order_by("pk").first()
    read = read_mail(bytes(mail.raw), own_addresses=settings.SUPPORT_ADDRESSES) if mail else None
    if read is None or not read.body_html:
        raise Http404("It was not sent as a mail with a layout.")
    return framed(page_of(read.body_html, read.attachments, title=read.subject))


@require_safe
@person_required
def raw(request: SignedInRequest, pk: int) -> HttpResponse:
    """The mail of a message byte for byte, for the staff who may see the message; else 404."""
    messages = Message.objects.visible_to(request.user)
    message = get_object_or_404(messages if request.user.is_staff else messages.none(), pk=pk)
    mail = InboundMail.objects.filter(became=message).order_by("pk").first()
    if mail is None:
        raise Http404("It did not come as a mail.")
    taken = take_original(mail, by=request.user, at=timezone.now())
    return as_download(taken, f"mail-{mail.pk}.eml")
