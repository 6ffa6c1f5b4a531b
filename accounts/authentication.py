"""Who asks the API: the person of the token in `Authorization: Token ...`."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actions.tokens import digest
from accounts.enums import TokenScope
from accounts.errors import ReadOnlyToken
from accounts.models import ApiToken, Person
from core import rls

WRONG = "This token is not valid. Make one in your profile, under API tokens."
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NOTED = "was_noted"


class TokenAuthentication(BaseAuthentication):
    """The token's person, whom `accounts.tenancy` has found already to open the transaction."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        """Errors: `AuthenticationFailed` says why a token opens nothing; `ReadOnlyToken`."""
        if _token(request) is None:
            return None
        found: ApiToken | None = getattr(request._request, "api_token", None)
        if found is None:
            raise AuthenticationFailed(refusal_of(request._request))
        check_scope(found, request.method)
        return found.person, found

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def person_of_request(request: HttpRequest) -> Person | None:
    """Whoever asks: the signed-in person, or for the API the person of a valid token.

    That one is found once a request, by `accounts.tenancy`, which sees everybody at that moment.
    """
    if isinstance(request.user, Person):
        return request.user
    token = _token(request)
    if token is None or hasattr(request, "token_refused"):
        return None
    before: ApiToken | None = getattr(request, "api_token", None)
    if before is not None:
        return before.person
    at = timezone.now()
    found = token_of(token)
    refused = why_not(found, at=at)
    if found is None or refused:
        request.token_refused = refused  # type: ignore[attr-defined]
        return None
    _note_use(request, found, at=at)
    request.api_token = found  # type: ignore[attr-defined]
    return found.person


def refusal_of(request: HttpRequest) -> str:
    """Why the token of this request opens nothing, in one sentence."""
    return getattr(request, "token_refused", "") or WRONG


def check_scope(token: ApiToken, method: str | None) -> None:
    """A token that may only read asks only what changes nothing. Error: `ReadOnlyToken`."""
    if token.scope == TokenScope.READ and method not in SAFE:
        raise ReadOnlyToken(name=token.name)


def _token(request: HttpRequest | Request) -> str | None:
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "token" else None


def token_of(token: str) -> ApiToken | None:
    """The token as it was made, with its person, whether it still opens anything or not.

    The caller sees everybody.
    """
    known = ApiToken.objects.select_related("person__organisation")
    found: ApiToken | None = known.filter(digest=digest(token)).first()
    return found


def why_not(token: ApiToken | None, *, at: datetime) -> str:
    """Why it opens nothing at `at`; "" when it does. Only who holds the token learns the reason."""
    if token is None:
        return WRONG
    if token.revoked_at is not None:
        said = f"was revoked on {token.revoked_at:%-d %B %Y}"
    elif token.expires_at is not None and token.expires_at <= at:
        said = f"ended on {token.expires_at:%-d %B %Y}"
    elif not token.person.is_active:
        return "The account of this token is closed."
    else:
        return ""
    return f"This token {said}. Make a new one in your profile, under API tokens."


def noted(request: HttpRequest) -> None:
    """Something was written about whoever asks, which stays whatever the answer is."""
    setattr(request, _NOTED, True)


def was_noted(request: HttpRequest) -> bool:
    return getattr(request, _NOTED, False)


def _note_use(request: HttpRequest, token: ApiToken, *, at: datetime) -> None:
    """The day of the last use, written once a day and never on one that was revoked meanwhile."""
    if token.last_used_on != at.date():
        noted(request)
        with rls.everything():
            still = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
            still.update(last_used_on=at.date())


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization"}
