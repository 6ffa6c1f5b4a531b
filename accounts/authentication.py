"""Who asks the API: the person of the token in `Authorization: Token ...`."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actions.tokens import digest
from accounts.models import ApiToken, Person
from core import rls

WRONG = "This token is not valid. Make a new one with `manage.py api_token EMAIL`."


class TokenAuthentication(BaseAuthentication):
    """The token's person, whom `accounts.tenancy` has found already to open the transaction."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        token = _token(request)
        if token is None:
            return None
        found: ApiToken | None = getattr(request._request, "api_token", None)
        if found is None:
            raise AuthenticationFailed(WRONG)
        return found.person, found

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def person_of_request(request: HttpRequest) -> Person | None:
    """Whoever asks: the signed-in person, or for the API the person of a valid token."""
    if isinstance(request.user, Person):
        return request.user
    token = _token(request)
    if token is None:
        return None
    found = request.api_token = person_of_token(token)  # type: ignore[attr-defined]
    return found.person if found else None


def _token(request: HttpRequest | Request) -> str | None:
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "token" else None


def person_of_token(token: str) -> ApiToken | None:
    """The valid token with its person, or None. Marks the day of its last use."""
    with rls.everything():
        found = (
            ApiToken.objects.select_related("person__organisation")
            .filter(digest=digest(token), revoked_at=None, person__is_active=True)
            .first()
        )
        today = timezone.now().date()
        if found and found.last_used_on != today:
            ApiToken.objects.filter(pk=found.pk).update(last_used_on=today)
        return found


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization"}
