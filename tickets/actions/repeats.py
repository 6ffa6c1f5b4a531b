"""Requests that may come twice: a double click, a client that tries again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Person
from tickets.errors import KeyReused
from tickets.models import HandledRequest, Incident


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
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    with connection.cursor() as cursor:  # the second of two at once waits here for the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{person.pk}:{key}"])
    before = HandledRequest.objects.filter(person=person, key=key).first()
    if before is not None:
        if before.digest != digest:
            raise KeyReused()
        return before.incident, False
    incident = file()
    HandledRequest.objects.create(
        organisation_id=incident.organisation_id,
        person=person,
        key=key,
        digest=digest,
        incident=incident,
        at=at,
    )
    return incident, True
