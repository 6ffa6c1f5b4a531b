"""Answers that can still be taken back: the line that says so, "Undo" and "Send now"."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.reading import one_or_404
from tickets.actions.sending import send_now, take_back
from tickets.models import Draft, Incident


class HeldWords(SafeString):
    """Said of an answer that can be taken back."""


@require_http_methods(["GET", "HEAD", "POST"])
def incident_sending(request: SignedInRequest, number: str) -> HttpResponse:
    """Their own answer that is being sent: `do` is undo or now. The page itself shows it."""
    incident = one_or_404(Incident.objects.visible_to(request.user), number=number)
    page = reverse("admin:incident", args=[incident.number])
    if request.method != "POST":
        return redirect(f"{page}#sending")
    asked, at = request.POST.get("do"), timezone.now()
    if asked == "undo":
        take_back(incident, by=request.user, at=at)
        messages.success(request, "It was not sent. Here it is again, with its files.")
        return redirect(f"{page}#answer")
    if asked == "now":
        send_now(incident, by=request.user, at=at)
        messages.success(request, "Your answer is on its way.")
        return redirect(f"{page}#messages")
    raise Http404


def held_in_words(held: Draft) -> HeldWords:
    """The line for the page that one is led to, which undoes by a link without JavaScript, too."""
    assert held.incident is not None, "constraints say so"
    words = format_html(
        'Your answer to {} goes out in <span data-sending="{}">{} s</span>. '
        '<a class="btn btn-sm btn-outline-secondary" data-undo data-key="z" href="{}">'
        'Undo <kbd aria-hidden="true">z</kbd></a>',
        held.incident.reporter,
        *(seconds_left(held, held.saved_at),) * 2,
        reverse("admin:incident_sending", args=[held.incident.number]),
    )
    return HeldWords(words)


def seconds_left(held: Draft, at: datetime) -> int:
    assert held.send_at is not None, "constraints say so"
    return max(0, round((held.send_at - at).total_seconds()))
