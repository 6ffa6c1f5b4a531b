"""One's own bell: what the desk told on its pages, newest first, and reading it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.paging import slice_of
from notices.bell.ringing import read
from notices.models import Notification

if TYPE_CHECKING:
    from accounts.http import SignedInRequest

LONGEST = 100  # characters of what is named as read


@require_safe
def notifications(request: SignedInRequest) -> HttpResponse:
    """What concerns the person, in one query; `?unread=1` narrows it to what is not read yet."""
    found = Notification.objects.visible_to(request.user)
    only_unread = "unread" in request.GET
    if only_unread:
        found = found.unread()
    page = slice_of(found.order_by("-made_at", "-pk"), request.GET.get("page"))
    context = {"page": page, "only_unread": only_unread, "section": "Notifications"}
    return render(request, "staff/notifications.html", context)


@require_POST
def notifications_read(request: SignedInRequest) -> HttpResponse:
    """Read all; or what is about one thing (`subject`), for a page that shows it."""
    subject = request.POST.get("subject", "").replace("\0", "")[:LONGEST]
    read(request.user, at=timezone.now(), subjects=[subject] if subject else None)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("admin:notifications")
