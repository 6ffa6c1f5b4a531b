"""For whom does this request work? The bridge from a person to the database's wall (`core.rls`)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.authentication import person_of_request, was_noted
from accounts.enums import Role
from accounts.idle import out_if_idle
from accounts.models import Organisation, Person
from core import rls

# Sign-in has to find a person before anybody can say for whom the request works, and writes only
# the person who signs in: password, second factor, the moment of it.
SIGN_IN = "/accounts/"


_KEEPS = "keeps_what_was_written"


def keep_what_was_written(response: HttpResponse) -> HttpResponse:
    """Commit although the answer says no: the action undid itself, a draft was kept since."""
    setattr(response, _KEEPS, True)
    return response


def working_for(person: Person) -> AbstractContextManager[None]:
    """A transaction that reaches what `person` may reach, at most; open it around their request.

    TS2 and TS3 work on whatever is escalated to them, from any organisation: for them the
    second wall stands open and `visible_to` alone decides.
    """
    return rls.everything() if _unrestricted(person) else rls.only(**_wall_of(person))


def _wall_of(person: Person | None) -> dict[str, Any]:
    """What `rls.only` asks for; for nobody none, for a customer without asking `visible_to`."""
    if person is None:
        return {"organisations": ()}
    if person.is_customer and person.organisation_id is not None:
        own = (person.organisation_id,)
        return {"organisations": own, "reader": person.pk, "reads_all": person.sees_all}
    seen = Organisation.objects.visible_to(person).values_list("pk", flat=True)
    return {"organisations": list(seen)}


def _unrestricted(person: Person) -> bool:
    if person.role in (Role.MANAGER, Role.TS2, Role.TS3):
        return True
    return person.serves_everybody


class TenancyMiddleware:
    """One transaction a request, opened for the organisations of whoever asks.

    A request that is refused or fails (status 400 and above) leaves nothing behind, except what
    its view keeps on purpose (`keep_what_was_written`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in settings.PATHS_WITHOUT_DATABASE:
            return self.get_response(request)
        with rls.everything():
            if request.path.startswith(SIGN_IN):
                return self._answer(request)
            out = out_if_idle(request)
            if out is not None:
                return out
            person = person_of_request(request)
            if person and _unrestricted(person):
                return self._answer(request)
            with rls.narrowed_to(**_wall_of(person)):
                return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """Undone if it says no, without what was noted about the person before, if anything was."""
        with transaction.atomic() if was_noted(request) else nullcontext():
            response = self.get_response(request)
            if response.status_code >= 400 and not getattr(response, _KEEPS, False):
                transaction.set_rollback(True)
            return response
