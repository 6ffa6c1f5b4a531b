"""Mails kept aside for a human: of strangers, and those that nobody could read."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from tickets import policies
from tickets.admin.paging import slice_of
from tickets.errors import NotAllowed
from tickets.models import InboundMail
from tickets.querysets import InboundMailQuerySet
from tickets.rules.mail.reading import read_mail


@require_safe
def mails(request: SignedInRequest) -> HttpResponse:
    """Newest first, without the raw mails themselves."""
    page = slice_of(_kept(request).order_by("-received_at", "-pk"), request.GET.get("page"))
    context = {"page": page, "section": "Mail kept aside"}
    return render(request, "staff/mails.html", context)


@require_safe
def mail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What can be read of it, as text; nothing of it is rendered."""
    found = get_object_or_404(_kept(request), pk=pk)
    read = read_mail(bytes(found.raw), own_addresses=settings.SUPPORT_ADDRESSES)
    context = {"mail": found, "read": read, "section": "Mail kept aside"}
    return render(request, "staff/mail.html", context)


@require_safe
def raw(request: SignedInRequest, pk: int) -> HttpResponse:
    """The mail byte for byte, as a download that no browser opens by itself."""
    found = get_object_or_404(_kept(request), pk=pk)
    response = HttpResponse(bytes(found.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="mail-{found.pk}.eml"'
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _kept(request: SignedInRequest) -> InboundMailQuerySet:
    if not policies.may_see_mail(request.user):
        raise NotAllowed()
    return InboundMail.objects.visible_to(request.user).kept_for_a_human()
