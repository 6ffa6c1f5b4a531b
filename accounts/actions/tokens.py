"""API tokens: made once, shown once, kept as their digest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.actions.telling import notify_of_change
from accounts.enums import TokenScope
from accounts.errors import TokenTooLong, TooManyTokens
from accounts.models import ApiToken, Person
from core.journal import record
from core.text import clean

MOST = 20  # tokens of one person that work at the same time
LONGEST = 366  # days that one made on a page lasts at most


def digest(token: str) -> str:
    """SHA-256 in hex. Tokens are random and long, so a slow hash would protect nothing more."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_api_token(
    person: Person,
    *,
    at: datetime,
    name: str = "command line",
    scope: str = TokenScope.WRITE,
    days: int | None = None,
) -> str:
    """A new token of `person`, in clear: the only moment at which it can be read.

    It ends after `days`; None, which only the operator's command gives, is no end. The person is
    mailed. Errors: `TooManyTokens`, `TokenTooLong`.
    """
    if days is not None and not 1 <= days <= LONGEST:
        raise TokenTooLong(days=LONGEST)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)  # one token at a time
    count = person.api_tokens.valid(at).count()
    if count >= MOST:
        raise TooManyTokens(count=count)
    token = f"axs_{secrets.token_urlsafe(32)}"
    ends = None if days is None else at + timedelta(days=days)
    name = clean(name)[:80] or "unnamed"
    made = ApiToken.objects.create(
        person=person,
        name=name,
        scope=TokenScope(scope),
        digest=digest(token),
        created_at=at,
        expires_at=ends,
    )
    record("api_token.made", person, at=at, by=person, name=name, scope=made.scope, expires_at=ends)
    words = f"An API token was made: “{name}”, {made.get_scope_display().lower()}"
    notify_of_change(person, words, key=f"token:{made.pk}:made", at=at)
    return token


@transaction.atomic
def revoke(token: ApiToken, *, by: Person | None, at: datetime) -> bool:
    """The token opens nothing from the next request on; True if this call ended it.

    The caller has checked that it is `by`'s own, or that `by` manages its person; None is the
    operator's command. Safe to repeat and to run while the token is used: a request that is being
    answered ends, the next is refused.
    """
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        return False
    record("api_token.revoked", token.person, at=at, by=by, name=token.name)
    words = f"The API token “{token.name}” was revoked"
    notify_of_change(token.person, words, key=f"token:{token.pk}:revoked", at=at)
    return True


@transaction.atomic
def revoke_all(person: Person, *, by: Person | None, at: datetime) -> int:
    """All tokens of the person that are not revoked yet; how many. Safe to repeat."""
    tokens = list(person.api_tokens.filter(revoked_at=None).select_related("person"))
    return sum(revoke(token, by=by, at=at) for token in tokens)
