"""What somebody leaves behind whose account is closed, or who works for others now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Person
from core import rls
from core.closing import Consequences
from core.journal import record
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience
from tickets.actions.dispatch.dispatching import dispatch
from tickets.actions.dispatch.workers import find_worker, set_worker
from tickets.actions.locking import locked
from tickets.actions.private import share_private
from tickets.enums import UNFINISHED
from tickets.models import Incident, Participant

NAMED = 5  # numbers that a sentence names


def foresee(person: Person, at: datetime) -> list[str]:
    """What closing the account would do to incidents, in sentences."""
    if person.is_customer:
        return _foresee_customer(person)
    numbers = _numbers(_owned(person) | _worked_on(person))
    if not numbers:
        return []
    several = len(numbers) > 1
    return [
        f"{_count(numbers)} of theirs {'go' if several else 'goes'} back to dispatch, which gives"
        f" {'them' if several else 'it'} to colleagues at once: {_names(numbers)}."
    ]


def give_back_all(person: Person, by: Person | None, at: datetime) -> None:
    """Whoever is gone keeps no incident: others get them, or the leads are notified."""
    if person.is_customer:
        share_private(person, by, at)
        return
    with rls.everything():  # an engineer's work lies with many organisations
        reason = f"The account of {person} was closed."
        _give_on(_owned(person), reason, by, at)
        _give_work_on(_worked_on(person), reason, by, at)


def give_back_unseen(person: Person, by: Person | None, at: datetime) -> None:
    """Whoever works for others now keeps what they would still be given; of a customer, nothing.

    A customer's person who moved follows nothing of where they were, and is answered nothing of it.
    """
    with rls.everything():
        if person.is_customer:
            former = Participant.objects.filter(person=person, left_at=None)
            former = former.exclude(organisation=person.organisation_id)
            for one in former:
                one.left_at = max(at, one.joined_at)
                one.save(update_fields=["left_at"])
            return
        owned = list(_owned(person).select_related("organisation"))
        gone = [one for one in owned if not policies.may_be_given(person, one)]
        _give_on(gone, f"{person} does not work for this organisation any more.", by, at)
        worked = list(_worked_on(person).select_related("organisation"))
        left = [one for one in worked if not policies.may_be_given(person, one)]
        _give_work_on(left, f"{person} does not work at this level any more.", by, at)


def _give_on(incidents: Iterable[Incident], reason: str, by: Person | None, at: datetime) -> None:
    """Dispatch finds another for each; where nobody fits the leads are notified."""
    for one in list(incidents):
        incident = locked(one)
        former = incident.owner
        Incident.objects.filter(pk=incident.pk).update(owner=None, dispatch_tried_at=None)
        incident.owner = None
        facts = {"before": former.pk if former else None, "reason": reason}
        record("incident.owner_left", incident, at=at, by=by, rule="rule 6", **facts)
        if dispatch(incident, at=at, reason=reason) is not None:
            continue
        target = incident.targets.open().first()
        notify(
            Person.objects.leads(),
            "incident_unassigned",
            key=f"left:{incident.pk}:{at:%Y%m%d%H%M%S}",
            at=at,
            about=incident,
            reasons=[reason],
            due_at=target.due_at.isoformat() if target else None,
            **audience.facts(incident),
        )


def _give_work_on(
    incidents: Iterable[Incident], reason: str, by: Person | None, at: datetime
) -> None:
    """Somebody else of the level gets each, or it waits for one; its owner stays (X1)."""
    for one in list(incidents):
        incident = locked(one)
        former = incident.worker
        set_worker(incident, None, by=by, at=at, reason=reason)
        find_worker(incident, at=at, reason=reason, but=former)


def _worked_on(person: Person) -> QuerySet[Incident]:
    return Incident.objects.filter(worker=person, state__in=UNFINISHED)


def _owned(person: Person) -> QuerySet[Incident]:
    return Incident.objects.filter(owner=person, state__in=UNFINISHED)


def _foresee_customer(person: Person) -> list[str]:
    """Answers go to whoever else follows each incident; where nobody does, to nobody."""
    reported = Incident.objects.filter(reporter=person, state__in=UNFINISHED)
    numbers = _numbers(reported)
    if not numbers:
        return []
    told = Participant.objects.told().filter(person__is_active=True).exclude(person=person)
    alone = _numbers(reported.exclude(pk__in=told.values("incident")))
    said = [f"{_count(numbers)} that they reported go on: {_names(numbers)}."]
    if alone:
        said.append(
            f"Nobody else is mailed the answers to {_names(alone)}: they would reach nobody, and"
            " would not be counted. Add a colleague on the page of the incident first."
        )
    return said


def _numbers(found: QuerySet[Incident]) -> list[str]:
    return list(found.order_by("received_at", "pk").values_list("number", flat=True))


def _count(numbers: list[str]) -> str:
    return f"{len(numbers)} open incident{'s' if len(numbers) > 1 else ''}"


def _names(numbers: list[str]) -> str:
    more = len(numbers) - NAMED
    return ", ".join(numbers[:NAMED]) + (f" and {more} more" if more > 0 else "")


CONSEQUENCES = Consequences("incidents", foresee, give_back_all, left=give_back_unseen)
