"""What TS2 wants to find before it takes an incident, by service: a manager's versions (X1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from tickets import policies
from tickets.errors import ChecklistTooLong, HandoverIncomplete
from tickets.models import Handover, HandoverChecklist

MOST = 20  # items: more would be ticked unread
LONGEST = 200  # characters of one
_LOCK = "tickets.checklists"


def current_checklist(service: int) -> HandoverChecklist | None:
    """The newest of the service with this id; None without one, or when it has no items."""
    newest = HandoverChecklist.objects.filter(service=service).order_by("-version").first()
    return newest if newest and newest.items else None


@transaction.atomic
def set_checklists(
    wanted: Mapping[int, Collection[str]], *, by: Person, at: datetime
) -> list[HandoverChecklist]:
    """New versions for the services (ids) whose items differ; those that were made.

    Hand-overs keep the version that they were ticked by. Errors: `NotAllowed`, `ChecklistTooLong`.
    """
    if not policies.may_set_alarms(by):
        raise NotAllowed()
    with connection.cursor() as cursor:  # two managers at once: the second one's come after
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    newest = HandoverChecklist.objects.order_by("service_id", "-version").distinct("service_id")
    now = {one.service_id: one for one in newest}
    made = []
    for service, given in wanted.items():
        items = list(dict.fromkeys(filter(None, (clean(one) for one in given))))
        if len(items) > MOST or any(len(one) > LONGEST for one in items):
            raise ChecklistTooLong(most=MOST, longest=LONGEST)
        before = now.get(service)
        if items == (before.items if before else []):
            continue
        version = HandoverChecklist.objects.create(
            service_id=service,
            version=before.version + 1 if before else 1,
            items=items,
            made_by=by,
            made_at=at,
        )
        record("checklist.changed", version, at=at, by=by, rule="X1", items=items)
        made.append(version)
    return made


def tick(handover: Handover, service: int, ticked: Collection[str], because: str) -> None:
    """Put the list with what was ticked on a hand-over to TS2 that is not saved yet.

    Errors: `HandoverIncomplete` when something is not ticked and nobody says why.
    """
    checklist = current_checklist(service)
    if checklist is None:
        return
    handover.checklist = checklist
    handover.ticked = [one for one in checklist.items if one in ticked]
    open_items = [one for one in checklist.items if one not in ticked]
    handover.unticked_because = clean(because) if open_items else ""
    if open_items and not handover.unticked_because:
        wanted = "; ".join(open_items)
        raise HandoverIncomplete(missing=f"{wanted} (tick it, or say why it was left out)")
