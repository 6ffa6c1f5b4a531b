"""What the desk owes whoever asks: their language, their time zone, and their safety."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from accounts.models import Person
from accounts.tenancy import SIGN_IN
from core.languages import ENGLISH, of_browser, offered, spoken


class PersonMiddleware:
    """Moments are shown in the person's zone, the portal in their language.

    Staff read English, and set up a second factor before they work. The API speaks English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in settings.PATHS_WITHOUT_DATABASE:
            return self.get_response(request)
        person = request.user
        if not isinstance(person, Person):
            return self._to_a_stranger(request)
        if _owes_second_factor(request, person):
            messages.warning(request, "Set up a second factor first: staff need one.")
            return redirect("mfa_index")
        language = ENGLISH if person.is_staff or _is_api(request) else person.language
        with timezone.override(zoneinfo.ZoneInfo(person.timezone)), spoken(language):
            return self.get_response(request)

    def _to_a_stranger(self, request: HttpRequest) -> HttpResponse:
        """In the language that the browser asks for."""
        if _is_api(request) or len(offered()) == 1:
            return self.get_response(request)
        with spoken(of_browser(request.headers.get("Accept-Language", ""))):
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        return response


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _owes_second_factor(request: HttpRequest, person: Person) -> bool:
    if not (settings.STAFF_NEED_SECOND_FACTOR and person.is_staff):
        return False
    if request.path.startswith((SIGN_IN, settings.STATIC_URL)):
        return False
    return not is_mfa_enabled(person)
