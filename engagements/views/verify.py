"""The public page on which anybody verifies a certificate by its number, without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.authentication import person_of_request
from accounts.http import layout_of
from core import rls
from core.asking import address_of
from core.throttle import within
from engagements.errors import TooManyVerifications
from engagements.models import Certificate
from engagements.reads.training.certificates import shown
from engagements.rules.certificates import typed_number

AN_HOUR = 60  # numbers that one network address may ask


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The form; `?number=` leads to the page of that number, whether there is one or not."""
    typed = request.GET.get("number", "").replace("\0", "")[:60].strip()
    if not typed:
        return render(request, "engagements/verify.html", _frame(request))
    number = typed_number(typed)
    if number is None:
        return _answer(request, None)
    return redirect("engagements:training_certificate_of", number)


@require_safe
def certificate_of(request: HttpRequest, number: str) -> HttpResponse:
    """Name, course, day and whether it counts; nothing else (TR4).

    What does not exist and what can be no number is answered alike, with 404.
    """
    return _answer(request, typed_number(number))


def _answer(request: HttpRequest, number: str | None) -> HttpResponse:
    if not within(AN_HOUR, f"verify:{address_of(request)}", seconds=3600):
        raise TooManyVerifications()
    found = None
    if number is not None:
        with rls.everything():  # whoever holds the number may see as much as it says
            found = Certificate.objects.filter(number=number).first()
    context = _frame(request) | {"asked": True}
    if found is None:
        return render(request, "engagements/verify.html", context, status=404)
    context["certificate"] = shown(found, at=timezone.now())
    return render(request, "engagements/verify.html", context)


def _frame(request: HttpRequest) -> dict[str, object]:
    person = person_of_request(request)
    return {"layout": layout_of(person) if person is not None else "portal_base.html"}
