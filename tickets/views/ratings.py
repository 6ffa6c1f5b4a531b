"""The satisfaction question behind the link in our mail. No sign-in: the signature is the key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import rls
from core.errors import Refusal
from tickets.actions import ratings
from tickets.forms.portal import RatingForm


@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """One question about one incident, and nothing else of it than number and subject.

    `?score=4` only fills the form: a mail scanner that follows links must not answer.
    """
    with rls.everything():  # the token says which incident; nobody is signed in to say it
        incident = ratings.incident_of(token)
        given = getattr(incident, "rating", None)
        form = RatingForm(
            initial={
                "score": request.GET.get("score") or (given.score if given else None),
                "comment": given.comment if given else "",
            }
        )
        status, thanks = 200, False
        if request.method == "POST":
            form = RatingForm(request.POST)
            status = 400
            if form.is_valid():
                try:
                    ratings.rate(incident, at=timezone.now(), **form.cleaned_data)
                    status, thanks = 200, True
                except Refusal as refusal:
                    form.add_error(None, str(refusal))
                    status = refusal.status
        page = {"incident": incident, "form": form, "thanks": thanks}
        return render(request, "tickets/rate.html", page, status=status)
