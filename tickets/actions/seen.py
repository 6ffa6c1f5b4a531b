"""Who has read which incident up to where: unread marks, "new since you were here"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from tickets import policies
from tickets.models import Incident, Seen


@transaction.atomic
def mark_seen(incident: Incident, *, by: Person, upto: int, at: datetime) -> None:
    """Keep that `by` has read the incident up to the message of key `upto`.

    Past the last message it is the last. It never goes back: a page that stood open says what it
    showed, whatever was read elsewhere since. Safe to repeat, by any number at once. No entry in
    the journal: what somebody reads changes nothing of the incident. Errors: `NotAllowed`.
    """
    if not policies.may_see(by, incident):
        raise NotAllowed()
    upto = min(upto, incident.last_message_id or 0)
    if upto > 0:
        _keep([(incident, upto)], by=by, at=at)


@transaction.atomic
def mark_all_seen(incidents: Iterable[Incident], *, by: Person, at: datetime) -> int:
    """Keep that `by` has read all of these; how many they were.

    The caller chose them among those that `by` sees.
    """
    read = [(one, one.last_message_id) for one in incidents if one.last_message_id]
    _keep(read, by=by, at=at)
    return len(read)


def _keep(read: Iterable[tuple[Incident, int]], *, by: Person, at: datetime) -> None:
    rows = [
        Seen(
            organisation_id=incident.organisation_id,
            incident=incident,
            person=by,
            upto=upto,
            at=at,
        )
        for incident, upto in read
    ]
    Seen.objects.bulk_create(rows, ignore_conflicts=True)
    for one in rows:
        Seen.objects.filter(person=by, incident=one.incident, upto__lt=one.upto).update(
            upto=one.upto, at=at
        )
