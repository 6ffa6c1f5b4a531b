"""Choosing Gold by the link in our acknowledgement. No sign-in: the signature is the key."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import rls
from core.errors import Refusal
from tickets.actions import gold_links
from tickets.actions.electing import due_if_elected, elect_gold


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """One question about one incident, and nothing else of it than number and subject.

    A GET only asks: a mail scanner that follows links must not spend anything.
    """
    at = timezone.now()
    with rls.everything():  # the token says which incident; nobody is signed in to say it
        incident = gold_links.incident_of(token, at=at)
        page: dict[str, Any] = {"incident": incident, "due_at": due_if_elected(incident, at=at)}
        status = 200
        if request.method == "POST":
            try:
                elect_gold(incident, by=incident.reporter, at=at)
                page |= {"chosen": True, "due_at": incident.targets.open().get().due_at}
            except Refusal as refusal:
                page["refused"], status = str(refusal), refusal.status
        return render(request, "tickets/gold_link.html", page, status=status)
