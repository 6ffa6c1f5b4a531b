"""Where a sent answer leads: to the next incident, back to the list, or nowhere else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.http import SignedInRequest
from tickets.desk.place import came_from, list_at, with_list
from tickets.models import Incident

CHOICES = {"next": "Send and next", "stay": "Send, stay", "back": "Send and back"}
COOKIE = "after_answer"  # of a browser: nobody else learns of it, and nothing is lost with it
A_YEAR = 365 * 24 * 3600


def choices(request: HttpRequest) -> list[tuple[str, str]]:
    """The three buttons, the one that was used last first: Ctrl+Enter presses it."""
    last = request.COOKIES.get(COOKIE, "")
    return sorted(CHOICES.items(), key=lambda one: last in CHOICES and one[0] != last)


def stays(request: HttpRequest) -> bool:
    """Whether it leads back to the page of the incident itself."""
    return request.POST.get("after", "") not in ("next", "back")


def lead_on(request: SignedInRequest, incident: Incident) -> HttpResponse:
    """After an answer: as the button said; else the incident's own page."""
    asked = request.POST.get("after", "")
    given = came_from(request)
    # With a fragment of its own, else the browser keeps that of the form.
    if asked == "next":
        onward = _next_in_list(request, given) or _next_owed(request, incident)
        response = redirect(f"{onward}#messages")
    elif asked == "back":
        response = redirect(list_at(incident, given))
    else:
        page = with_list(reverse("admin:incident", args=[incident.number]), given)
        response = redirect(f"{page}#messages")
    if asked in CHOICES:
        response.set_cookie(
            COOKIE, asked, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response


def _next_in_list(request: SignedInRequest, given: str | None) -> str:
    """The one that the page named as next in its list, if it is one that they see."""
    number = request.POST.get("next", "")[:40]
    if given is None or not number or "\0" in number:
        return ""
    found = Incident.objects.visible_to(request.user).filter(number=number).exists()
    return with_list(reverse("admin:incident", args=[number]), given) if found else ""


def _next_owed(request: SignedInRequest, incident: Incident) -> str:
    """The incident on which this person owes the next answer; the queue where there is none."""
    mine = Incident.objects.visible_to(request.user).unfinished().filter(owner=request.user)
    owed = mine.filter(due_at__isnull=False).exclude(pk=incident.pk).due_first()
    number = owed.values_list("number", flat=True).first()
    return reverse("admin:incident", args=[number]) if number else reverse("admin:queue")
