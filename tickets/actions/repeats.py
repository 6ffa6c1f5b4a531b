"""Requests that may come twice: a double click, a client that tries again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Person
from tickets.errors import KeyReused
from tickets.models import CallBack, HandledRequest, Incident


@transaction.atomic
def filed_once(
    person: Person,
    *,
    key: str,
    asked: Mapping[str, object],
    at: datetime,
    file: Callable[[], Incident],
) -> tuple[Incident, bool]:
    """The incident of this person's `key`, and whether it is new.

    The first request with a key files; the same one again, even at the same moment, gets the
    same incident. Another request under a used key is refused (`KeyReused`).
    """
    before = _handled(person, key, asked)
    if before is not None:
        if before.incident is None:
            raise KeyReused()
        return before.incident, False
    incident = file()
    _remember(person, key, asked, incident=incident, at=at)
    return incident, True


@transaction.atomic
def asked_once(
    person: Person,
    *,
    key: str,
    asked: Mapping[str, object],
    at: datetime,
    ask: Callable[[], CallBack],
) -> tuple[CallBack, bool]:
    """`filed_once` for a call-back."""
    before = _handled(person, key, asked)
    if before is not None:
        if before.call_back is None:
            raise KeyReused()
        return before.call_back, False
    call_back = ask()
    _remember(person, key, asked, call_back=call_back, at=at)
    return call_back, True


@transaction.atomic
def done_once(
    person: Person,
    *,
    key: str,
    asked: Mapping[str, object],
    at: datetime,
    incident: Incident,
    do: Callable[[], object],
) -> bool:
    """Do something to an incident under this person's `key`; False when it was done already.

    For forms, whose `key` is made when they are shown. The same key with something else in the
    form is refused (`KeyReused`), as in `filed_once`.
    """
    if _handled(person, key, asked) is not None:
        return False
    do()
    _remember(person, key, asked, incident=incident, at=at)
    return True


def _handled(person: Person, key: str, asked: Mapping[str, object]) -> HandledRequest | None:
    with connection.cursor() as cursor:  # the second of two at once waits here for the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{person.pk}:{key}"])
    before = HandledRequest.objects.filter(person=person, key=key).first()
    if before is not None and before.digest != _digest(asked):
        raise KeyReused()
    return before


def _remember(
    person: Person,
    key: str,
    asked: Mapping[str, object],
    *,
    at: datetime,
    incident: Incident | None = None,
    call_back: CallBack | None = None,
) -> None:
    made = incident or call_back
    assert made is not None, "a request makes something"
    HandledRequest.objects.create(
        organisation_id=made.organisation_id,
        person=person,
        key=key,
        digest=_digest(asked),
        incident=incident,
        call_back=call_back,
        at=at,
    )


def _digest(asked: Mapping[str, object]) -> str:
    plain = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()
