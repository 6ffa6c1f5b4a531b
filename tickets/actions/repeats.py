"""Requests that may come twice: a double click, a client that tries again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from accounts.models import Person
from core.journal import label
from tickets.errors import KeyReused
from tickets.models import HandledRequest, Incident

M = TypeVar("M", bound=Model)


def made_once(
    model: type[M],
    person: Person,
    *,
    key: str,
    asked: Mapping[str, object],
    at: datetime,
    make: Callable[[], M],
) -> tuple[M, bool]:
    """What this person's `key` made, and whether it is new; rows of `model` have an organisation.

    The first request with a key makes it; the same one again, even at the same moment, gets the
    same row. Another request under a used key is refused (`KeyReused`). Call it in a transaction,
    as each request is one; whoever catches what `make` raises has nothing written under the key.
    """
    before = _handled(person, key, asked)
    if before is not None:
        return _made_before(model, before), False
    made = make()
    _remember(person, key, asked, made=made, at=at)
    return made, True


def filed_once(
    person: Person,
    *,
    key: str,
    asked: Mapping[str, object],
    at: datetime,
    file: Callable[[], Incident],
) -> tuple[Incident, bool]:
    """`made_once` for an incident."""
    return made_once(Incident, person, key=key, asked=asked, at=at, make=file)


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
    form is refused (`KeyReused`), as in `made_once`.
    """
    if _handled(person, key, asked) is not None:
        return False
    do()
    _remember(person, key, asked, made=incident, at=at)
    return True


def _made_before(model: type[M], made: str) -> M:
    kind, _, pk = made.partition(":")
    if kind != label(model()).partition(":")[0]:
        raise KeyReused()
    return model._default_manager.get(pk=pk)


def _handled(person: Person, key: str, asked: Mapping[str, object]) -> str | None:
    """What was made under the key before. Each report asks it, so in few words."""
    with connection.cursor() as cursor:  # the second of two at once waits here for the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{person.pk}:{key}"])
        cursor.execute(
            "SELECT made, digest FROM tickets_handledrequest WHERE person_id = %s AND key = %s",
            [person.pk, key],
        )
        before = cursor.fetchone()
    if before is not None and before[1] != _digest(asked):
        raise KeyReused()
    return None if before is None else str(before[0])


def _remember(
    person: Person, key: str, asked: Mapping[str, object], *, made: Any, at: datetime
) -> None:
    HandledRequest.objects.create(
        organisation_id=made.organisation_id,
        person=person,
        key=key,
        digest=_digest(asked),
        made=label(made),
        at=at,
    )


def _digest(asked: Mapping[str, object]) -> str:
    plain = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()
