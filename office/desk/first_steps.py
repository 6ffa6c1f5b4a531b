"""The list of first steps, which leads a manager of an empty desk to the first answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from office.actions.first_steps import look_at, test_mail
from office.reads.first_steps import LOOKED_AT, first_steps

SECTION = "First steps"


@require_safe
def steps(request: SignedInRequest) -> HttpResponse:
    _check(request)
    found = first_steps()
    context = {"steps": found, "done": sum(one.is_done for one in found), "section": SECTION}
    return render(request, "staff/office/first_steps.html", context)


@require_POST
def step_done(request: SignedInRequest, name: str) -> HttpResponse:
    """Have a mail sent as a test, or say that something was looked at."""
    _check(request)
    if name == "mail":
        test_mail(by=request.user, at=timezone.now())
        messages.success(request, f"A mail to {request.user.email} is on its way.")
    elif name in LOOKED_AT:
        look_at(name, by=request.user, at=timezone.now())
    else:
        raise Http404
    return redirect("admin:first_steps")


def _check(request: SignedInRequest) -> None:
    if not request.user.is_manager:
        raise Http404  # others do not learn that there is such a page


PAGES = (
    ("first-steps/", steps, "first_steps"),
    ("first-steps/<slug:name>/", step_done, "first_step"),
)
