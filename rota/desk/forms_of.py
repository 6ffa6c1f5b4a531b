"""The page of one form, which every page of the rota that changes something is."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import SignedInRequest
from core.form_pages import submitted

SECTION = "Duty rota"


def handled(
    request: SignedInRequest,
    form: Form,
    do: Callable[[], str],
    title: str,
    button: str,
    lead: str = "",
    back: str = "admin:rota",
) -> HttpResponse:
    """The page of one form; a refusal shows it again as it was sent. `back` is a URL's name."""

    def act() -> HttpResponse:
        messages.success(request, do())
        return redirect(back)

    done, status = submitted(request, form, act)
    if done is not None:
        return done
    context = {
        "form": form,
        "title": title,
        "button": button,
        "lead": lead,
        "back": reverse(back),
        "section": SECTION,
    }
    return render(request, "staff/rota_form.html", context, status=status)
