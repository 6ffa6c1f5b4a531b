"""What the desk owes a signed-in person on every page: their time zone, and their safety."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import Person
from accounts.tenancy import SIGN_IN


class PersonMiddleware:
    """Moments are shown in the person's zone; staff set up a second factor before they work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in settings.PATHS_WITHOUT_DATABASE:
            return self.get_response(request)
        person = request.user
        if not isinstance(person, Person):
            return self.get_response(request)
        if _owes_second_factor(request, person):
            messages.warning(request, "Set up a second factor first: staff need one.")
            return redirect("mfa_index")
        with timezone.override(zoneinfo.ZoneInfo(person.timezone)):
            return self.get_response(request)


def _owes_second_factor(request: HttpRequest, person: Person) -> bool:
    if not (settings.STAFF_NEED_SECOND_FACTOR and person.is_staff):
        return False
    if request.path.startswith((SIGN_IN, settings.STATIC_URL)):
        return False
    return not is_mfa_enabled(person)
