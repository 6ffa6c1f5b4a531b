"""Incidents that a policy of alarms gives to another engineer (X3): owed with the alarm, done once.

The alarm only writes that it is owed, in its own transaction of a hundred; each is done in one of
its own, by the one way of re-dispatch there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tickets.actions.dispatch.dispatch_rules import rules_at
from tickets.actions.dispatch.dispatching import give_to_another
from tickets.enums import Tier
from tickets.models import OwedRedispatch, ResponseTarget


def owe_redispatches(found: Iterable[tuple[ResponseTarget, str]], *, at: datetime) -> None:
    """Owe that these incidents go to another, each with why; within the alarm's transaction.

    The targets come with their incidents; what nobody has is dispatch's. One that is owed already
    stays one.
    """
    owed = [
        OwedRedispatch(
            organisation_id=target.organisation_id,
            target=target,
            owner=owner,
            reason=f"{why}, and {owner} had not answered."[:200],
            owed_at=at,
        )
        for target, why in found
        if (owner := target.incident.owner) is not None
    ]
    OwedRedispatch.objects.bulk_create(owed, ignore_conflicts=True)


@transaction.atomic
def redispatch_owed(owed_id: int, *, at: datetime) -> bool:
    """Give the incident to another unless it was answered or changed hands; True if we did.

    When nobody else fits, or as many as the rules allow had it, the leads are told instead. Above
    TS1 the owner stays, who talks to the customer (X1). Safe to repeat and to run anywhere at once:
    the row and the incident are claimed by their locks, and never waited for.
    """
    owed = OwedRedispatch.objects.owed().filter(pk=owed_id)
    owed = owed.select_related("target__incident__decision")
    found = owed.select_for_update(of=("self", "target__incident"), skip_locked=True).first()
    if found is None:
        return False
    found.settled_at = at
    found.save(update_fields=["settled_at"])
    incident = found.target.incident
    is_answered = not ResponseTarget.objects.open().filter(pk=found.target_id).exists()
    if is_answered or incident.owner_id != found.owner_id or incident.tier != Tier.TS1:
        return False
    return give_to_another(incident, rules_at(at), at=at, reason=found.reason)
