"""Staff who do nothing for a while are signed out; the desk knows who did something last, and when.

Asked by `accounts.tenancy` first of all, so that whoever was signed out reaches nothing any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from accounts.actions import sessions
from accounts.authentication import noted
from accounts.models import Person, SignIn

LOGIN = "/accounts/login/"


def out_if_idle(request: HttpRequest) -> HttpResponse | None:
    """The answer to staff who did nothing for too long, who are signed out; None for the others."""
    if SESSION_KEY not in request.session or not isinstance(request.user, Person):
        return None
    at = timezone.now()
    if request.user.is_staff and _was_idle(request, at):
        return _sign_out(request)
    if not _refreshes_itself(request) and sessions.keep_up(request, at=at):
        noted(request)
    return None


def _was_idle(request: HttpRequest, at: datetime) -> bool:
    seen = request.session.get(sessions.SEEN)
    if not (settings.STAFF_IDLE_MINUTES and seen):
        return False
    limit = timedelta(minutes=settings.STAFF_IDLE_MINUTES) + sessions.EVERY
    return bool(at.timestamp() - seen > limit.total_seconds())


def _refreshes_itself(request: HttpRequest) -> bool:
    """A part of a page that looks for news by itself is no sign of a person."""
    return request.method == "GET" and "HX-Request" in request.headers


def _sign_out(request: HttpRequest) -> HttpResponse:
    SignIn.objects.filter(pk=request.session.get(sessions.HERE, 0)).delete()
    logout(request)
    if request.path.startswith("/api/"):
        return HttpResponse("You were signed out, since nothing was done for a while.", status=401)
    page = request.get_full_path() if request.method == "GET" else "/"
    if "HX-Request" in request.headers:
        shown = urlsplit(request.headers.get("HX-Current-URL", "/"))
        page = f"{shown.path}?{shown.query}" if shown.query else shown.path
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = f"{LOGIN}?{urlencode({'idle': 1, 'next': page})}"
        return answer
    return HttpResponseRedirect(f"{LOGIN}?{urlencode({'idle': 1, 'next': page})}")
